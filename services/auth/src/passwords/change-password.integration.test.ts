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

test.each([0, 2, 5, 10, 20, 40])('an owner that says "not me" %i ms into a thief\'s change has the last word', async (laterMs) => {
  const name = `robbed-${laterMs}`;
  const loginId = await addCustomer(auth, name);
  const sessionHash = await auth.signIn(name);
  const { tokenHash } = await noticeOf(auth, loginId, 'new_device');
  // At one of these moments the thief's session or password was judged, and nothing is stored yet.
  const theft = change(sessionHash).catch((error: { code: string }) => error.code);
  await new Promise((resolve) => setTimeout(resolve, laterMs));
  await auth.ask('notice.not-me', { tokenHash, ip: '::1' });
  expect([undefined, 'unavailable', 'not_signed_in']).toContain(await theft.then((answer) => (typeof answer === 'string' ? answer : undefined)));
  expect(await auth.database.query('SELECT new_password_required AS required FROM logins WHERE id = $1', [loginId])).toEqual([{ required: true }]);
  expect(await isSignedIn(auth, sessionHash)).toBe(false);
});

test('a session that ended after it was judged, and before its login was read, changes nothing', async () => {
  const loginId = await addCustomer(auth, 'in-between');
  const sessionHash = await auth.signIn('in-between');
  const theft = await auth.database.transaction(async (executor) => {
    // Nobody reads logins meanwhile: the change has its session judged, and waits at the next step.
    await executor.query('LOCK TABLE logins IN ACCESS EXCLUSIVE MODE');
    const answer = change(sessionHash).catch((error: { code: string }) => error.code);
    await eventually(async () => (await auth.database.query<unknown[]>(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%two_factor_methods%'`)).length > 0);
    // What "not me" does: Redis just before the commit.
    await executor.query('UPDATE logins SET session_epoch = session_epoch + 1, new_password_required = true WHERE id = $1', [loginId]);
    await auth.redis.hdel(`sessions:{${loginId}}`, sessionHash);
    return { answer };
  });
  expect(await theft.answer).toBe('not_signed_in');
  expect(await auth.database.query('SELECT new_password_required AS required FROM logins WHERE id = $1', [loginId])).toEqual([{ required: true }]);
  await expect(auth.start('in-between')).rejects.toMatchObject({ code: 'new_password_required' });
});
