import { expect, it } from 'vitest';
import { AdaptiveLimit } from './limit-logins.ts';

/** Logins that share `perSecond` of something: what `count` at once take, in milliseconds. */
function settle(limit: AdaptiveLimit, perSecond: number): number {
  let now = 0;
  let inside = 0;
  for (let round = 0; round < 3_000; round += 1) {
    inside = 0;
    while (inside < 5_000 && limit.enter()) inside += 1;
    const tookMs = (inside / perSecond) * 1_000;
    now += tookMs;
    for (let i = 0; i < inside; i += 1) limit.leave(tookMs, now);
  }
  return inside;
}

it.each([20, 100, 800])('with %i logins a second lets in about what half a second carries', (perSecond) => {
  const inside = settle(new AdaptiveLimit(500), perSecond);
  expect(inside).toBeGreaterThan(perSecond * 0.5 * 0.75);
  expect(inside).toBeLessThanOrEqual(perSecond * 0.5 * 1.1 + 1);
});

it('however slow everything is, some are let in, so that it notices when it is quick again', () => {
  const limit = new AdaptiveLimit(500);
  expect(settle(limit, 0.1)).toBeGreaterThanOrEqual(4);
  expect(settle(limit, 100)).toBeGreaterThan(35);
});

it('does not grow by quick logins that come one by one', () => {
  const limit = new AdaptiveLimit(500);
  for (let i = 0; i < 100_000; i += 1) {
    limit.enter();
    limit.leave(20, i * 20);
  }
  let inside = 0;
  while (limit.enter()) inside += 1;
  expect(inside).toBeLessThanOrEqual(33);
});
