import { hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { expect, test } from 'vitest';
import { hashPassword, isOutdated, Passwords } from './passwords.ts';

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

test('an imported hash is judged, whether its maker took the password as typed or composed', async () => {
  const passwords = new Passwords(settings);
  const asTyped = await bcrypt('cafe\u0301 1234', { cost: 4 });
  await expect(passwords.isRight('cafe\u0301 1234', asTyped)).resolves.toBe(true);
  await expect(passwords.isRight('cafe 1234', asTyped)).resolves.toBe(false);
  await expect(passwords.isRight('cafe\u0301 1234', await bcrypt('caf\u00e9 1234', { cost: 4 }))).resolves.toBe(true);
});

test('a stored hash that cannot be used is no fault: nothing is right', async () => {
  const passwords = new Passwords(settings);
  for (const stored of ['', 'plain text', '$2b$31$CCCCCCCCCCCCCCCCCCCCC.CEQ3zetrFQeIOAYis89iWZhUFZUFO3i']) await expect(passwords.isRight('plain text', stored)).resolves.toBe(false);
});

test('every hash but our own of today is outdated', async () => {
  expect(isOutdated(await new Passwords(settings).hash('x'))).toBe(false);
  expect(isOutdated(await bcrypt('x', { cost: 4 }))).toBe(true);
  expect(isOutdated(await argon2('x', { memoryCost: 8_192, timeCost: 2, parallelism: 1 }))).toBe(true);
  expect(isOutdated(await argon2('x', { memoryCost: 19_456, timeCost: 2, parallelism: 1, algorithm: 0 }))).toBe(true);
});
