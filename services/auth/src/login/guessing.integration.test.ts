import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser } from '../testing/auth-under-test.ts';

let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start({ limits: 'production' });
});
afterAll(() => auth.stop());

const refusal = async (name: string, password: string, ip: string): Promise<{ code: string; details: object; ms: number }> => {
  const started = performance.now();
  const error = await auth.start(name, { password, browser: new Browser('web', ip) }).then(() => ({ code: 'none', details: {} }), (reason: { code: string; details: object }) => reason);
  return { code: error.code, details: error.details, ms: performance.now() - started };
};
const median = (numbers: number[]) => numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;

test('an unknown name gets the same answer in the same time as a wrong password', async () => {
  const known: number[] = [];
  const unknown: number[] = [];
  for (let round = 0; round < 21; round += 1) {
    const wrong = await refusal('member', 'wrong', `198.51.100.${round}`);
    const nobody = await refusal(`nobody-${round}`, 'wrong', `198.51.100.${round}`);
    expect({ code: nobody.code, details: nobody.details }).toEqual({ code: wrong.code, details: wrong.details });
    expect(wrong.code).toBe('invalid_credentials');
    known.push(wrong.ms);
    unknown.push(nobody.ms);
  }
  // Hashing is most of the time; without it an unknown name would take a fraction.
  expect(median(unknown) / median(known)).toBeGreaterThan(0.7);
  expect(median(unknown) / median(known)).toBeLessThan(1.4);
});

test('fifty wrong passwords at once are judged ten times', async () => {
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => refusal('member', 'wrong', '192.0.2.1')));
  expect(outcomes.filter(({ code }) => code === 'invalid_credentials')).toHaveLength(10);
  const limited = outcomes.filter(({ code }) => code === 'too_many_requests');
  expect(limited).toHaveLength(40);
  for (const { details } of limited) expect(details).toMatchObject({ retryAfterSeconds: expect.any(Number) });
});

test('who guesses a name does not lock its owner out elsewhere', async () => {
  await Promise.all(Array.from({ length: 12 }, () => refusal('owner', 'wrong', '192.0.2.2')));
  expect((await refusal('owner', 'correct-horse-battery-staple', '192.0.2.2')).code).toBe('too_many_requests');
  await expect(auth.start('owner', { browser: new Browser('web', '192.0.2.3') })).resolves.toMatchObject({ answer: { status: 'code_required' } });
});

test('right passwords are not counted: an office behind one address keeps logging in', async () => {
  const browser = new Browser('web', '192.0.2.4');
  for (let login = 0; login < 15; login += 1) await expect(auth.start('member', { browser })).resolves.toMatchObject({ answer: { status: 'signed_in' } });
});

test('guesses from one IPv6 subscriber count together', async () => {
  await Promise.all(Array.from({ length: 10 }, (_, host) => refusal('operator', 'wrong', `2001:db8:1:2::${host}`)));
  expect((await refusal('operator', 'wrong', '2001:db8:1:2:ffff::1')).code).toBe('too_many_requests');
  expect((await refusal('operator', 'wrong', '2001:db8:1:3::1')).code).toBe('invalid_credentials');
});
