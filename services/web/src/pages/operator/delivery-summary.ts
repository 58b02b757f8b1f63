import { percentile } from './figures.ts';
import type { Delivery } from './operator-api.ts';

export interface Times {
  count: number;
  median: number;
  p95: number;
}

type Timed = Pick<Delivery, 'state' | 'queuedAt' | 'acceptedAt' | 'settledAt'>;

/** From being queued until the provider took it, in milliseconds. */
export const acceptedAfter = ({ queuedAt, acceptedAt }: Timed): number | null => (acceptedAt === null ? null : Date.parse(acceptedAt) - Date.parse(queuedAt));
/** Until a receipt said that it arrived; null of those without one. */
export const deliveredAfter = ({ state, queuedAt, settledAt }: Timed): number | null => (state === 'delivered' && settledAt !== null ? Date.parse(settledAt) - Date.parse(queuedAt) : null);

/** Of those that got so far; null where none did. */
export function timesOf(values: readonly (number | null)[]): Times | null {
  const known = values.filter((value) => value !== null);
  const [median, p95] = [percentile(known, 0.5), percentile(known, 0.95)];
  return median === null || p95 === null ? null : { count: known.length, median, p95 };
}

/** Millionths by country, the dearest first; only of what has a price. */
export function costByCountry(deliveries: readonly Pick<Delivery, 'country' | 'costMicros'>[]): { country: string | null; micros: number }[] {
  const sums = new Map<string | null, number>();
  for (const { country, costMicros } of deliveries) {
    if (costMicros !== null) sums.set(country, (sums.get(country) ?? 0) + costMicros);
  }
  return [...sums].map(([country, micros]) => ({ country, micros })).sort((one, other) => other.micros - one.micros);
}
