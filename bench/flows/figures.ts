import type { Outcome } from './plan.ts';

/** Over the rounds: the middle one, the least and the most. */
export type Spread = { median: number; least: number; most: number };

export type Measured = { perSecond: Spread; p50: Spread; p99: Spread; ended: number; deferred: number; failures: Record<string, number> };

export function spread(values: readonly number[], digits = 1): Spread {
  const round = (value: number) => Number(value.toFixed(digits));
  return { median: round(quantile(values, 0.5)), least: round(Math.min(...values)), most: round(Math.max(...values)) };
}

/** Of rounds under the same load. */
export function measured(outcomes: readonly Outcome[]): Measured {
  const failures: Record<string, number> = {};
  for (const [message, count] of outcomes.flatMap((outcome) => Object.entries(outcome.failures))) failures[message] = (failures[message] ?? 0) + count;
  return {
    perSecond: spread(outcomes.map(perSecond)),
    p50: spread(outcomes.map(({ tookMs }) => quantile(tookMs, 0.5))),
    p99: spread(outcomes.map(({ tookMs }) => quantile(tookMs, 0.99))),
    ended: outcomes.reduce((sum, { tookMs }) => sum + tookMs.length, 0),
    deferred: outcomes.reduce((sum, { deferred }) => sum + deferred, 0),
    failures,
  };
}

export const perSecond = ({ inTime, measuredMs }: Outcome): number => (inTime * 1000) / measuredMs;

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const [low = 0, high = low] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

/** The middle of each named value. */
export function medians(rounds: readonly Record<string, number>[]): Record<string, number> {
  return Object.fromEntries(Object.keys(rounds[0] ?? {}).map((name) => [name, Number(quantile(rounds.map((round) => round[name] ?? 0), 0.5).toFixed(2))]));
}
