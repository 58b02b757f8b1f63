import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser, demoPassword } from '../testing/auth-under-test.ts';
import { addCustomer, customerWithTexts, isSignedIn, noticeOf, signInWithCode } from '../testing/people.ts';

let laterMs = 0;
let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start({ clock: { now: () => new Date(Date.now() + laterMs) } });
});
afterAll(() => auth.stop());

const sayNotMe = (tokenHash: string) => auth.ask('notice.not-me', { tokenHash, ip: '198.51.100.4' });

test('"not me" ends every session and all trust, tells every address, and asks for a new password by the own mailbox', async () => {
  const browser = new Browser();
  const { loginId, sessionHash, session } = await customerWithTexts(auth, 'not-me', '+14155550141', browser);
  const elsewhere = await signInWithCode(auth, 'not-me');
  await auth.ask('session.trust-devices', { sessionHash, deviceIds: [session.device.id] });

  await sayNotMe((await noticeOf(auth, loginId, 'new_device', '+14155550141')).tokenHash);
  for (const ended of [sessionHash, elsewhere.sessionHash]) expect(await isSignedIn(auth, ended)).toBe(false);
  for (const to of ['not-me@example.com', '+14155550141']) expect((await noticeOf(auth, loginId, 'signed_out_everywhere', to)).told).not.toHaveProperty('notMeUrl');
  await eventually(() => auth.others.facts.some(({ name, payload }) => name === 'login.not-me' && (payload as { loginId: string }).loginId === loginId));

  // The trusted device with the right password gets no further than anyone.
  await expect(auth.start('not-me', { browser })).rejects.toMatchObject({ code: 'new_password_required' });
  await expect(auth.start('not-me', { browser, password: 'a wrong password' })).rejects.toMatchObject({ code: 'invalid_credentials' });
  const { tokenHash, to } = await noticeOf(auth, loginId, 'forgotten_password');
  expect(to).toBe('not-me@example.com');

  const choose = async (password: string) => auth.ask('password.reset', { tokenHash, sealedNewPassword: await auth.seal(password), ip: '::1' });
  await expect(choose(demoPassword)).rejects.toMatchObject({ code: 'invalid_request', details: { issues: [{ path: 'newPassword' }] } });
  await choose('quite another phrase 77');
  await expect(auth.start('not-me', { browser, password: 'quite another phrase 77' })).resolves.toMatchObject({ answer: { status: 'code_required' } });
});

test('the link of a notice works once, fifty at once included, and for thirty days', async () => {
  const loginId = await addCustomer(auth, 'once-only');
  await auth.signIn('once-only');
  const { tokenHash } = await noticeOf(auth, loginId, 'new_device');
  const answers = await Promise.allSettled(Array.from({ length: 50 }, () => sayNotMe(tokenHash)));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'link_over' });

  const other = await addCustomer(auth, 'reads-late');
  await auth.signIn('reads-late');
  const late = await noticeOf(auth, other, 'new_device');
  laterMs = 30 * 86_400_000 + 1_000;
  try {
    await expect(sayNotMe(late.tokenHash)).rejects.toMatchObject({ code: 'link_over' });
  } finally {
    laterMs = 0;
  }
  await expect(sayNotMe(late.tokenHash)).resolves.toEqual({});
});

test('who has no mailbox is sent to the service provider for the new password', async () => {
  const { loginId } = await customerWithTexts(auth, 'no-mailbox', '+14155550142');
  const { tokenHash } = await noticeOf(auth, loginId, 'new_device', '+14155550142');
  await auth.database.query('UPDATE logins SET email_sealed = NULL, email_masked = NULL WHERE id = $1', [loginId]);
  await sayNotMe(tokenHash);
  await expect(auth.start('no-mailbox')).rejects.toMatchObject({ code: 'ask_service_provider', details: { provider: { name: 'Dana Dealer' } } });
  await expect(auth.start('no-mailbox', { password: 'a wrong password' })).rejects.toMatchObject({ code: 'invalid_credentials' });
});

test('a login under way when its owner says "not me" gets no session', async () => {
  const loginId = await addCustomer(auth, 'races');
  await auth.signIn('races');
  const { tokenHash } = await noticeOf(auth, loginId, 'new_device');
  const logins = Array.from({ length: 20 }, () => auth.start('races'));
  await sayNotMe(tokenHash);
  await Promise.allSettled(logins);
  expect(Object.keys(await auth.redis.hgetall(`sessions:{${loginId}}`))).toEqual(['epoch']);
});
