export type Metrics = {
  /** Of the one series with these labels among others; undefined when there is none. */
  value(name: string, labels?: Record<string, string>): number | undefined;
  /** Over every series with these labels. */
  sum(name: string, labels?: Record<string, string>): number;
  /** Different values of a label. */
  valuesOf(name: string, label: string): string[];
  text: string;
};

/** `/metrics` of a process, read as Prometheus reads it. */
export async function readMetrics(internalUrl: string): Promise<Metrics> {
  const response = await fetch(`${internalUrl}/metrics`, { signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return parseMetrics(text);
}

export function parseMetrics(text: string): Metrics {
  const series = text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-z_:]\w*)(?:\{(.*)\})? (\S+)$/i.exec(line) ?? [];
    if (name === undefined) return [];
    return [{ name, labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, held]) => [key, held])) as Record<string, string>, value: Number(value) }];
  });
  const found = (name: string, labels: Record<string, string> = {}) =>
    series.filter((one) => one.name === name && Object.entries(labels).every(([key, held]) => one.labels[key] === held));
  return {
    value(name, labels) {
      const [only, another] = found(name, labels);
      if (another) throw new Error(`${name} has more than one series with ${JSON.stringify(labels)}`);
      return only?.value;
    },
    sum: (name, labels) => found(name, labels).reduce((total, { value }) => total + value, 0),
    valuesOf: (name, label) => [...new Set(found(name).flatMap(({ labels }) => labels[label] ?? []))].sort(),
    text,
  };
}
