import { randomUUIDv7 } from 'node:crypto';
import { slotsOf } from '@latchkey/testing';
import { expect, it } from 'vitest';
import { attemptKey, failuresKey, methodFailuresKey } from './attempt-keys.ts';
import { counterKey, textsKey } from './send-limits.ts';

const keysOfLogin = (loginId: string) => [attemptKey(loginId, randomUUIDv7()), attemptKey(loginId, randomUUIDv7()), failuresKey(loginId), methodFailuresKey(loginId)];

it('what a code is judged by lies in one slot, and that of many logins in many', () => {
  const logins = Array.from({ length: 20 }, () => randomUUIDv7());
  for (const login of logins) expect(slotsOf(keysOfLogin(login))).toHaveLength(1);
  expect(slotsOf(logins.flatMap(keysOfLogin)).length).toBeGreaterThan(15);
});

it('every limit that a send counts against lies in one slot, whatever it is of', () => {
  const counters = (['login', 'destination', 'ip', 'prefix', 'provider', 'country'] as const).map((kind) => counterKey(kind, kind === 'ip' ? '2001:db8::/48' : randomUUIDv7()));
  expect(slotsOf([...counters, textsKey('+49151')])).toHaveLength(1);
});
