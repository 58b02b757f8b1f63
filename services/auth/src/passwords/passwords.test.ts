import { expect, test } from 'vitest';
import { hashPassword, Passwords } from './passwords.ts';

const settings = { LATCHKEY_HASH_CONCURRENCY: 1, LATCHKEY_HASH_WAIT_MS: 60 };

test('hashes are argon2id with the documented cost', async () => {
  expect(await hashPassword('correct horse')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('a password composed otherwise on another keyboard is the same', async () => {
  const passwords = new Passwords(settings);
  const stored = await hashPassword('caf\u00e9 \u{1f510}');
  await expect(passwords.isRight('cafe\u0301 \u{1f510}', stored)).resolves.toBe(true);
  await expect(passwords.isRight('cafe \u{1f510}', stored)).resolves.toBe(false);
});

test('without a hash nothing is right', async () => {
  await expect(new Passwords(settings).isRight('', undefined)).resolves.toBe(false);
});

test('what would wait too long is refused at once, and what waits is answered', async () => {
  const passwords = new Passwords(settings);
  const stored = await hashPassword('right');
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => passwords.isRight('right', stored)));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused.length).toBeGreaterThanOrEqual(16);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 1 } });
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length).toBe(20 - refused.length);
  await expect(passwords.isRight('right', stored)).resolves.toBe(true);
});
