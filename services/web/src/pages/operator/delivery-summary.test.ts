import '../../texts/speak-english.ts';
import { expect, test } from 'vitest';
import { acceptedAfter, costByCountry, deliveredAfter, timesOf } from './delivery-summary.ts';

const queuedAt = '2026-11-24T12:00:00.000Z';
const at = (ms: number) => new Date(Date.parse(queuedAt) + ms).toISOString();

test('only what a receipt tells counts as delivered: what failed is settled too', () => {
  expect(deliveredAfter({ state: 'delivered', queuedAt, acceptedAt: at(50), settledAt: at(2_000) })).toBe(2_000);
  expect(deliveredAfter({ state: 'failed', queuedAt, acceptedAt: at(50), settledAt: at(2_000) })).toBeNull();
  expect(deliveredAfter({ state: 'accepted', queuedAt, acceptedAt: at(50), settledAt: null })).toBeNull();
  expect(acceptedAfter({ state: 'failed', queuedAt, acceptedAt: null, settledAt: at(2_000) })).toBeNull();
});

test('times are those of the messages that got so far', () => {
  expect(timesOf([100, null, 300, 200, null])).toEqual({ count: 3, median: 200, p95: 300 });
  expect(timesOf([null])).toBeNull();
});

test('costs are summed by country, the dearest first, without what has no price', () => {
  const deliveries = [
    { country: 'US', costMicros: 7_900 },
    { country: 'FR', costMicros: 50_000 },
    { country: 'US', costMicros: 7_900 },
    { country: 'DE', costMicros: null },
    { country: null, costMicros: 100 },
  ];
  expect(costByCountry(deliveries)).toEqual([{ country: 'FR', micros: 50_000 }, { country: 'US', micros: 15_800 }, { country: null, micros: 100 }]);
});
