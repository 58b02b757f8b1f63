import { randomUUIDv7 } from 'node:crypto';
import { hashSecret, newSecret } from '@latchkey/platform';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser } from '../testing/auth-under-test.ts';
import { addCustomer, customerWithTexts, isSignedIn, noticeOf } from '../testing/people.ts';

let laterMs = 0;
let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start({ clock: { now: () => new Date(Date.now() + laterMs) } });
});
afterAll(() => auth.stop());

const newPassword = 'quite another phrase 77';
const forgot = (loginName: string, ip = '203.0.113.7') => auth.ask('password.forgot', { loginName, ip, locale: 'en' });
const reset = async (tokenHash: string, password = newPassword) => auth.ask('password.reset', { tokenHash, sealedNewPassword: await auth.seal(password), ip: '203.0.113.7' });
const linksSent = async (loginId: string) => (await auth.others.noticesOf(loginId)).filter(({ kind }) => kind === 'forgotten_password');

/** Asks for a link and waits for the email: the `count`th one of the login. */
async function linkFor(name: string, loginId: string, count = 1) {
  await forgot(name);
  await eventually(async () => (await linksSent(loginId)).length === count, { what: `email ${count}` });
  return noticeOf(auth, loginId, 'forgotten_password');
}

test('a link comes to the own address of the login, sets a password once, ends all sessions and logs nobody in', async () => {
  const loginId = await addCustomer(auth, 'forgets');
  const session = await auth.signIn('forgets');
  const { to, link, tokenHash, told } = await linkFor('forgets', loginId);
  expect(to).toBe('forgets@example.com');
  expect(link).toMatch(/^http:\/\/localhost:8080\/new-password#[a-z]{56}$/);
  expect(Date.parse(told.until ?? '') - Date.now()).toBeGreaterThan(29 * 60_000);
  await expect(reset(tokenHash, 'password123')).rejects.toMatchObject({ code: 'invalid_request' });

  await expect(reset(tokenHash)).resolves.toEqual({});
  expect(await isSignedIn(auth, session)).toBe(false);
  await expect(reset(tokenHash, 'and yet another one')).rejects.toMatchObject({ code: 'link_over' });
  await expect(auth.start('forgets')).rejects.toMatchObject({ code: 'invalid_credentials' });
  await expect(auth.start('forgets', { password: newPassword })).resolves.toMatchObject({ answer: { status: 'signed_in' } });
  await noticeOf(auth, loginId, 'password_changed');
});

test('a newer link takes the place of the one before; an expired one works no more; made-up ones never did', async () => {
  const loginId = await addCustomer(auth, 'asks-twice');
  const first = await linkFor('asks-twice', loginId);
  const second = await linkFor('asks-twice', loginId, 2);
  await expect(reset(first.tokenHash)).rejects.toMatchObject({ code: 'link_over' });
  await expect(reset(hashSecret(newSecret()))).rejects.toMatchObject({ code: 'link_over' });
  laterMs = 30 * 60_000 + 1_000;
  try {
    await expect(reset(second.tokenHash)).rejects.toMatchObject({ code: 'link_over' });
  } finally {
    laterMs = 0;
  }
  await expect(reset(second.tokenHash)).resolves.toEqual({});
});

test('a link of another kind sets no password', async () => {
  const loginId = await addCustomer(auth, 'kinds');
  await auth.signIn('kinds');
  const { tokenHash } = await noticeOf(auth, loginId, 'new_device');
  await expect(reset(tokenHash)).rejects.toMatchObject({ code: 'link_over' });
  const forgotten = await linkFor('kinds', loginId);
  await expect(auth.ask('invitation.accept', { tokenHash: forgotten.tokenHash, sealedPassword: await auth.seal(newPassword), ip: '::1' })).rejects.toMatchObject({ code: 'link_over' });
  await expect(auth.ask('notice.not-me', { tokenHash: forgotten.tokenHash, ip: '::1' })).rejects.toMatchObject({ code: 'link_over' });
});

test('of ten uses of a link at once one sets the password', async () => {
  const loginId = await addCustomer(auth, 'ten-uses');
  const { tokenHash } = await linkFor('ten-uses', loginId);
  const passwords = Array.from({ length: 10 }, (_, index) => `phrase of use ${index}`);
  const answers = await Promise.allSettled(passwords.map((password) => reset(tokenHash, password)));
  const made = passwords.filter((_, index) => answers[index]?.status === 'fulfilled');
  expect(made).toHaveLength(1);
  await expect(auth.start('ten-uses', { password: made[0] ?? '' })).resolves.toMatchObject({ answer: { status: 'signed_in' } });
});

test('a reset does not skip two-factor, and takes the trust of every device', async () => {
  const browser = new Browser();
  const { loginId, sessionHash, session } = await customerWithTexts(auth, 'keeps-two-factor', '+14155550131', browser);
  await auth.ask('session.trust-devices', { sessionHash, deviceIds: [session.device.id] });
  const { tokenHash } = await linkFor('keeps-two-factor', loginId);
  await reset(tokenHash);
  await expect(auth.start('keeps-two-factor', { browser, password: newPassword })).resolves.toMatchObject({ answer: { status: 'code_required', methods: [{ kind: 'sms' }, { kind: 'recovery_code' }] } });
});

test('known and unknown names, and logins without a mailbox, get the same answer in the same time', async () => {
  await addCustomer(auth, 'is-known');
  const mailless = await auth.addCustomer('has-no-mailbox');
  const times: Record<string, number[]> = { 'is-known': [], 'nobody-of-that-name': [], 'has-no-mailbox': [] };
  for (let round = 0; round < 30; round += 1) {
    for (const [name, taken] of Object.entries(times)) {
      const startedAt = performance.now();
      expect(await forgot(name)).toEqual({});
      taken.push(performance.now() - startedAt);
    }
  }
  const medians = Object.values(times).map((taken) => taken.sort((one, other) => one - other)[15] ?? 0);
  expect(Math.max(...medians)).toBeLessThan(Math.min(...medians) * 1.5 + 3);
  expect(await linksSent(mailless)).toEqual([]);
});

test('the same event delivered twice mails one link', async () => {
  const loginId = await addCustomer(auth, 'twice-told');
  const sealedLoginName = await auth.sealing.seal('login-name', 'twice-told');
  const id = randomUUIDv7();
  const tell = () => auth.asking.publisher.publish('password.forgotten', { sealedLoginName, ip: '203.0.113.7', locale: 'en' }, { id });
  await tell();
  const { tokenHash } = await noticeOf(auth, loginId, 'forgotten_password');
  await tell();
  // Events of one queue are begun in order: when a later one has had its effect, that one had its.
  const later = await addCustomer(auth, 'told-later');
  await linkFor('told-later', later);
  expect(await linksSent(loginId)).toHaveLength(1);
  await expect(reset(tokenHash)).resolves.toEqual({});
});
