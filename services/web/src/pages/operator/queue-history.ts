import type { Queue, Queues } from './operator-api.ts';

/** What the queues were like at a moment, as far as charts show it. */
export interface Sample {
  at: number;
  queues: ReadonlyMap<string, Queue>;
  inFlight: number;
}

/** Ten minutes at one reading every three seconds. */
const mostSamples = 200;

export const deadOf = (queue: string) => `${queue}.dead`;
export const isDead = (queue: string) => queue.endsWith('.dead');

export type QueueKind = 'events' | 'dead' | 'requests' | 'retries';

export function kindOf({ name, service }: Pick<Queue, 'name' | 'service'>): QueueKind {
  if (isDead(name)) return 'dead';
  if (service === null) return 'retries';
  return name.startsWith('latchkey.requests.') ? 'requests' : 'events';
}

export function addSample(samples: readonly Sample[], { queues, workers }: Queues, at: number): Sample[] {
  const sample = { at, queues: new Map(queues.map((queue) => [queue.name, queue])), inFlight: workers.reduce((sum, { inFlight }) => sum + inFlight, 0) };
  return [...samples, sample].slice(-mostSamples);
}

type Figure = 'ready' | 'unacked' | 'publishPerSecond' | 'deliverPerSecond';

/** One figure of one queue over time; null where it was not known. */
export const figureOf = (samples: readonly Sample[], queue: string, figure: Figure) =>
  samples.map(({ queues }) => queues.get(queue)?.[figure] ?? null);

/** Figures of all queues of some kinds together; null where none of them is known. */
export function sumOf(samples: readonly Sample[], kinds: readonly QueueKind[], ...figures: Figure[]): (number | null)[] {
  return samples.map(({ queues }) => {
    const known = [...queues.values()].filter((queue) => kinds.includes(kindOf(queue))).flatMap((queue) => figures.flatMap((figure) => queue[figure] ?? []));
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}
