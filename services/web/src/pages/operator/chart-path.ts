export type Value = number | null;

/** The drawing's own units; it is stretched to the room there is. */
export const chartSize = { width: 200, height: 48 };
/** Lines of 1.5 px at the edges stay inside. */
const margin = 2;

/** Above the highest there is always a bit of room, and a line of zeros lies on the ground. */
export function highestOf(series: readonly (readonly Value[])[]): number {
  return series.reduce((highest, values) => values.reduce<number>((most, value) => Math.max(most, value ?? 0), highest), 0);
}

/** A line through all that is known, broken where nothing is known or nobody looked for a while. */
export function pathOf(values: readonly Value[], times: readonly number[], highest: number, gapMs: number): string {
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const x = (at: number) => (last === first ? chartSize.width : ((at - first) / (last - first)) * chartSize.width);
  const y = (value: number) => chartSize.height - margin - (highest === 0 ? 0 : (value / highest) * (chartSize.height - 2 * margin));
  const steps: string[] = [];
  let before: number | null = null;
  values.forEach((value, index) => {
    const at = times[index] ?? 0;
    if (value !== null) steps.push(`${before === null || at - before > gapMs ? 'M' : 'L'}${round(x(at))} ${round(y(value))}`);
    before = value === null ? null : at;
  });
  return steps.join('');
}

const round = (value: number) => Math.round(value * 10) / 10;
