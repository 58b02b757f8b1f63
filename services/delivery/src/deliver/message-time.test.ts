import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { expect, it } from 'vitest';
import { queuedBetween, timeOfId } from './message-time.ts';

it('an id of version 7 tells when it was made, to the millisecond', () => {
  const [before, id, after] = [Date.now(), randomUUIDv7(), Date.now()];
  expect(timeOfId(id)?.getTime()).toBeGreaterThanOrEqual(before);
  expect(timeOfId(id)?.getTime()).toBeLessThanOrEqual(after);
  // RFC 9562 A.6.
  expect(timeOfId('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')).toEqual(new Date('2022-02-22T19:22:22.000Z'));
});

it('the id of a reset’s attempt tells when its login attempt was made', () => {
  expect(timeOfId('017f22e2-79b0-8cc3-98c4-dc0c0c07398f')).toEqual(new Date('2022-02-22T19:22:22.000Z'));
});

it('other ids tell nothing: then every partition is looked into', () => {
  expect(timeOfId(randomUUID())).toBeUndefined();
  const [from, to] = queuedBetween([randomUUID()]);
  expect([from.getTime(), to.getTime() > Date.parse('9999-01-01')]).toEqual([0, true]);
});

it('of several attempts, from before the first until after the last; everything where one tells nothing', () => {
  const [first, last] = ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f', '019f22e2-79b0-7cc3-98c4-dc0c0c07398f'];
  const [from, to] = queuedBetween([last, first]);
  expect([from, to]).toEqual([queuedBetween([first])[0], queuedBetween([last])[1]]);
  expect(queuedBetween([first, randomUUID()])).toEqual(queuedBetween([randomUUID()]));
});
