import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest } from '../testing/auth-under-test.ts';
import { addCustomer, noticeOf } from '../testing/people.ts';

let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start({ limits: 'production' });
});
afterAll(() => auth.stop());

const forgot = (loginName: string, ip: string) => auth.ask('password.forgot', { loginName, ip, locale: 'en' });
const linksSent = async (loginId: string) => (await auth.others.noticesOf(loginId)).filter(({ kind }) => kind === 'forgotten_password').length;

test('a mailbox gets five links an hour, from wherever they are asked for, and nobody is told so', async () => {
  const loginId = await addCustomer(auth, 'flooded');
  for (let number = 1; number <= 9; number += 1) expect(await forgot(number % 2 ? 'flooded' : ' FLOODED ', `198.51.100.${number}`)).toEqual({});
  await eventually(async () => (await linksSent(loginId)) === 5);
  const later = await addCustomer(auth, 'asks-later');
  await forgot('asks-later', '198.51.100.99');
  await noticeOf(auth, later, 'forgotten_password');
  expect(await linksSent(loginId)).toBe(5);
});

test('an address asks fifty times an hour, for names known or not, and is told when to come back', async () => {
  for (let number = 0; number < 50; number += 1) await forgot(`nobody ${number}`, '192.0.2.10');
  await expect(forgot('nobody at all', '192.0.2.10')).rejects.toMatchObject({ code: 'too_many_requests', details: { retryAfterSeconds: expect.any(Number) as number } });
  await expect(forgot('flooded', '192.0.2.10')).rejects.toMatchObject({ code: 'too_many_requests' });
  await expect(forgot('nobody at all', '192.0.2.11')).resolves.toEqual({});
});

test('after "this wasn\'t me" whoever has the password can\'t fill the mailbox with it', async () => {
  const loginId = await addCustomer(auth, 'thief-retries');
  await auth.signIn('thief-retries');
  await auth.ask('notice.not-me', { tokenHash: (await noticeOf(auth, loginId, 'new_device')).tokenHash, ip: '::1' });
  for (let number = 0; number < 8; number += 1) await expect(auth.start('thief-retries')).rejects.toMatchObject({ code: 'new_password_required' });
  await eventually(async () => (await auth.database.query<unknown[]>('SELECT 1 FROM outbox')).length === 0);
  await eventually(async () => (await linksSent(loginId)) === 5);
});
