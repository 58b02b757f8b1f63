import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser, demoPassword } from '../testing/auth-under-test.ts';
import { addCustomer, codeRequired, customerWithTexts, isSignedIn, noticeOf, signInWithCode } from '../testing/people.ts';

let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
});
afterAll(() => auth.stop());

const newPassword = 'quite another phrase 77';
const change = async (sessionHash: string, { from = demoPassword, to = newPassword } = {}) =>
  auth.ask('password.change', { sessionHash, sealedPassword: await auth.seal(from), sealedNewPassword: await auth.seal(to) });

test('the new password counts at once, this session stays, the others end, and the login is told', async () => {
  const loginId = await addCustomer(auth, 'changes');
  const [here, there] = [await auth.signIn('changes'), await auth.signIn('changes')];
  await change(here);
  expect([await isSignedIn(auth, here), await isSignedIn(auth, there)]).toEqual([true, false]);
  await expect(auth.start('changes')).rejects.toMatchObject({ code: 'invalid_credentials' });
  await expect(auth.start('changes', { password: newPassword })).resolves.toMatchObject({ answer: { status: 'signed_in' } });
  expect((await noticeOf(auth, loginId, 'password_changed')).to).toBe('changes@example.com');
  await eventually(() => auth.others.facts.some(({ name, payload }) => name === 'password.changed' && (payload as { loginId: string }).loginId === loginId));
});

test('the old password has to be right, and the new one no weak one; then nothing is changed', async () => {
  await addCustomer(auth, 'weak-one');
  const sessionHash = await auth.signIn('weak-one');
  await expect(change(sessionHash, { from: 'not the password' })).rejects.toMatchObject({ code: 'wrong_password' });
  for (const weak of ['short', 'password123', 'PASSWORD123', 'weak-one', 'weak-one@example.com', 'x'.repeat(129)]) {
    await expect(change(sessionHash, { to: weak })).rejects.toMatchObject({ code: 'invalid_request', details: { issues: [{ path: 'newPassword' }] } });
  }
  await expect(auth.start('weak-one')).resolves.toMatchObject({ answer: { status: 'signed_in' } });
});

test('the device that just passed two-factor keeps its trust; every other one loses it', async () => {
  const [here, there] = [new Browser(), new Browser()];
  const { sessionHash, session } = await customerWithTexts(auth, 'keeps-trust', '+14155550121', here);
  const elsewhere = await signInWithCode(auth, 'keeps-trust', there);
  await auth.ask('session.trust-devices', { sessionHash, deviceIds: [session.device.id, elsewhere.session.device.id] });
  const before = await auth.ask('session.get', { sessionHash });
  await change(sessionHash);
  const after = await auth.ask('session.get', { sessionHash });
  expect(after.device).toMatchObject({ trusted: true, trustedUntil: before.device.trustedUntil });
  await expect(auth.start('keeps-trust', { browser: here, password: newPassword })).resolves.toMatchObject({ answer: { status: 'signed_in', session: { assurance: 'pwd+trusted_device' } } });
  await expect(auth.start('keeps-trust', { browser: there, password: newPassword })).resolves.toMatchObject({ answer: { status: 'code_required' } });
});

test('a session that came in by its trusted device does not carry the trust on', async () => {
  const browser = new Browser();
  const { sessionHash, session } = await customerWithTexts(auth, 'no-carry', '+14155550122', browser);
  await auth.ask('session.trust-devices', { sessionHash, deviceIds: [session.device.id] });
  const byTrust = await auth.start('no-carry', { browser });
  expect(byTrust.answer).toMatchObject({ status: 'signed_in', session: { assurance: 'pwd+trusted_device' } });
  await change(byTrust.sessionHash);
  await expect(auth.ask('session.get', { sessionHash: byTrust.sessionHash })).resolves.toMatchObject({ device: { trusted: false, trustedUntil: null } });
  await expect(auth.start('no-carry', { browser, password: newPassword })).resolves.toMatchObject({ answer: { status: 'code_required' } });
});

test('logins under way with the old password get no session', async () => {
  const loginId = await addCustomer(auth, 'under-way');
  const sessionHash = await auth.signIn('under-way');
  const logins = Array.from({ length: 20 }, () => auth.start('under-way'));
  await change(sessionHash);
  const answers = await Promise.allSettled(logins);
  // What came before the change was ended by it, what came after was refused.
  for (const answer of answers) if (answer.status === 'fulfilled') expect(await isSignedIn(auth, answer.value.sessionHash)).toBe(false);
  expect(Object.keys(await auth.redis.hgetall(`sessions:{${loginId}}`)).sort()).toEqual(['epoch', sessionHash].sort());

  const { sessionHash: second } = await customerWithTexts(auth, 'under-way-too', '+14155550123');
  const { attemptHash, methodId } = await codeRequired(auth, 'under-way-too');
  await change(second);
  await expect(auth.verify(attemptHash, methodId, '428913')).rejects.toMatchObject({ code: 'attempt_over' });
});

test('of many changes at once one is made, and its password is the one that counts', async () => {
  await addCustomer(auth, 'many-changes');
  const sessionHash = await auth.signIn('many-changes');
  const passwords = Array.from({ length: 5 }, (_, index) => `new phrase number ${index}`);
  const answers = await Promise.allSettled(passwords.map((to) => change(sessionHash, { to })));
  const made = passwords.filter((_, index) => answers[index]?.status === 'fulfilled');
  expect(made).toHaveLength(1);
  await expect(auth.start('many-changes', { password: made[0] ?? '' })).resolves.toMatchObject({ answer: { status: 'signed_in' } });
});

test('an owner that says "not me" in the middle of a thief\'s change has the last word', async () => {
  const loginId = await addCustomer(auth, 'robbed');
  const { sessionHash } = await auth.start('robbed');
  const { tokenHash } = await noticeOf(auth, loginId, 'new_device');
  // The thief's change has read the login and waits for its row; the owner's word is stored meanwhile.
  const [, theft] = await Promise.allSettled([auth.ask('notice.not-me', { tokenHash, ip: '::1' }), change(sessionHash)]);
  const [row] = await auth.database.query<{ required: boolean }[]>('SELECT new_password_required AS required FROM logins WHERE id = $1', [loginId]);
  expect(row?.required).toBe(true);
  expect(await isSignedIn(auth, sessionHash)).toBe(false);
  if (theft.status === 'rejected') expect(['unavailable', 'not_signed_in', 'wrong_password']).toContain((theft.reason as { code: string }).code);
});
