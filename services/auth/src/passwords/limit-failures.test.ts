import { slotsOf } from '@latchkey/testing';
import { expect, test } from 'vitest';
import { failureKeysOf } from './limit-failures.ts';

test.each(['203.0.113.7', '2001:db8:1::7', '::ffff:203.0.113.7'])('failures from %s are counted in one slot, by name and over all names', (ip) => {
  expect(slotsOf(failureKeysOf('owner', ip))).toHaveLength(1);
  expect(slotsOf([...failureKeysOf('owner', ip), ...failureKeysOf('{somebody}', ip)])).toHaveLength(1);
});

test('other networks lie in other slots', () => {
  const slots = slotsOf(Array.from({ length: 20 }, (_, network) => failureKeysOf('owner', `203.0.${network}.7`)).flat());
  expect(slots).toHaveLength(20);
});
