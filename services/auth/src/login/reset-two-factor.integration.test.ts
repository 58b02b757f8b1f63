import { eventually } from '@latchkey/testing';
import { hashSecret, newSecret } from '@latchkey/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser, demoPassword } from '../testing/auth-under-test.ts';
import { resetCode, rightCode } from '../testing/other-services.ts';
import { addCustomer, codeRequired, customerWithTexts, isSignedIn, noticeOf, setEmail, signInWithCode } from '../testing/people.ts';

let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
});
afterAll(() => auth.stop());

const ask = (attemptHash: string) => auth.ask('login.reset-two-factor', { attemptHash, ip: '203.0.113.7' });

async function confirmPayload(attemptHash: string, code: string, browser = new Browser()) {
  return { attemptHash, sealedCode: await auth.sealCode(code), sessionHash: hashSecret(newSecret()), device: browser.device };
}

async function confirm(attemptHash: string, code: string, browser = new Browser()) {
  const payload = await confirmPayload(attemptHash, code, browser);
  return { ...(await auth.ask('login.confirm-reset', payload)), sessionHash: payload.sessionHash };
}

test('the code goes to the mailbox of the login, turns two-factor off, ends all other sessions and trust, and signs in by email', async () => {
  const trusted = new Browser();
  const { loginId, sessionHash, session } = await customerWithTexts(auth, 'lost-phone', '+14155550101', trusted);
  await auth.ask('session.trust-devices', { sessionHash, deviceIds: [session.device.id] });
  const elsewhere = await signInWithCode(auth, 'lost-phone');

  const { attemptHash } = await codeRequired(auth, 'lost-phone');
  await expect(ask(attemptHash)).resolves.toMatchObject({ sent: { state: 'queued' } });
  const issued = auth.others.issued.at(-1);
  expect(issued).toMatchObject({ purpose: 'reset_two_factor', channel: 'email', loginId, maskedDestination: 'l•••@example.com' });
  expect(await auth.sealing.open('destination', issued?.sealedDestination ?? '')).toBe('lost-phone@example.com');

  const done = await confirm(attemptHash, resetCode);
  expect(done.session).toMatchObject({ assurance: 'pwd+email', device: { trusted: false }, setupRequired: false });
  for (const ended of [sessionHash, elsewhere.sessionHash]) expect(await isSignedIn(auth, ended)).toBe(false);
  await expect(auth.ask('two-factor.get', { sessionHash: done.sessionHash })).resolves.toMatchObject({ enabled: false, methods: [], recoveryCodesLeft: 0 });
  const { devices } = await auth.ask('session.devices', { sessionHash: done.sessionHash });
  expect(devices.filter((device) => device.trusted)).toEqual([]);
  await noticeOf(auth, loginId, 'two_factor_reset', '+14155550101');
  await noticeOf(auth, loginId, 'two_factor_reset', 'lost-phone@example.com');
  await eventually(() => auth.others.facts.some(({ name, payload }) => name === 'two-factor.disabled' && (payload as { loginId: string; how: string }).how === 'reset_by_email'));
});

test('the code of a reset is no code of the login, and that one resets nothing', async () => {
  const { loginId } = await customerWithTexts(auth, 'two-codes', '+14155550102');
  const { attemptHash, methodId } = await codeRequired(auth, 'two-codes');
  // Before the reset's own code was asked for there is none that could be right.
  await expect(confirm(attemptHash, rightCode)).rejects.toMatchObject({ code: 'attempt_over' });
  await ask(attemptHash);
  await expect(confirm(attemptHash, rightCode)).rejects.toMatchObject({ code: 'wrong_code' });
  await expect(auth.verify(attemptHash, methodId, resetCode)).rejects.toMatchObject({ code: 'wrong_code' });
  const { resetAttemptId } = await auth.ask('login.watch', { attemptHash });
  await expect(auth.verify(attemptHash, resetAttemptId, resetCode)).rejects.toMatchObject({ code: 'not_found' });
  await expect(auth.verify(attemptHash, methodId, rightCode)).resolves.toMatchObject({ session: { assurance: 'pwd+sms' } });
  // The attempt is used: the other code, right as it is, does nothing any more.
  await expect(confirm(attemptHash, resetCode)).rejects.toMatchObject({ code: 'attempt_over' });
  expect(await auth.database.query('SELECT 1 FROM two_factor_methods WHERE login_id = $1', [loginId])).toHaveLength(1);
});

test('without the right password there is no attempt, and so no reset', async () => {
  await customerWithTexts(auth, 'no-password', '+14155550103');
  const issuedBefore = auth.others.issued.length;
  await expect(auth.start('no-password', { password: 'a wrong password' })).rejects.toMatchObject({ code: 'invalid_credentials' });
  await expect(ask(hashSecret(newSecret()))).rejects.toMatchObject({ code: 'attempt_over' });
  await expect(confirm(hashSecret(newSecret()), resetCode)).rejects.toMatchObject({ code: 'attempt_over' });
  expect(auth.others.issued).toHaveLength(issuedBefore);
});

test('who has only email, or no mailbox, is sent to the service provider, by name and number', async () => {
  const provider = { name: 'Dana Dealer', phone: '+14155550100', email: 'help@demo-security.example' };
  await addCustomer(auth, 'only-email');
  const session = await auth.signIn('only-email');
  await auth.confirm(session, await auth.addMethod(session, 'email', 'only-email@example.com'), rightCode);
  const onlyEmail = await codeRequired(auth, 'only-email');
  await expect(ask(onlyEmail.attemptHash)).rejects.toMatchObject({ code: 'ask_service_provider', details: { provider } });
  await expect(confirm(onlyEmail.attemptHash, resetCode)).rejects.toMatchObject({ code: 'ask_service_provider' });

  const { loginId } = await customerWithTexts(auth, 'no-mailbox', '+14155550104');
  await auth.database.query('UPDATE logins SET email_sealed = NULL, email_masked = NULL WHERE id = $1', [loginId]);
  const noMailbox = await codeRequired(auth, 'no-mailbox');
  await expect(ask(noMailbox.attemptHash)).rejects.toMatchObject({ code: 'ask_service_provider', details: { provider } });
});

test('a step-up resets nothing: its session can with its password', async () => {
  const { sessionHash } = await customerWithTexts(auth, 'steps-up', '+14155550105');
  const attemptHash = hashSecret(newSecret());
  await auth.ask('session.step-up', { sessionHash, attemptId: crypto.randomUUID(), attemptHash, ip: '::1', locale: 'en' });
  await expect(ask(attemptHash)).rejects.toMatchObject({ code: 'ask_service_provider' });
});

test('fifty right codes at once make one session', async () => {
  const { loginId } = await customerWithTexts(auth, 'fifty-resets', '+14155550106');
  const { attemptHash } = await codeRequired(auth, 'fifty-resets');
  await ask(attemptHash);
  const answers = await Promise.allSettled(Array.from({ length: 50 }, () => confirm(attemptHash, resetCode)));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'attempt_over' });
  expect(await auth.redis.hlen(`sessions:{${loginId}}`)).toBe(2); // the session, and the epoch
});

test('where the provider requires two-factor, set-up has to follow', async () => {
  const { loginId } = await customerWithTexts(auth, 'must-again', '+14155550107');
  const providerId = crypto.randomUUID();
  await auth.database.query(`INSERT INTO providers (id, name, policy) VALUES ($1, 'Strict', 'required')`, [providerId]);
  await auth.database.query('UPDATE logins SET provider_id = $2 WHERE id = $1', [loginId, providerId]);
  const { attemptHash } = await codeRequired(auth, 'must-again');
  await ask(attemptHash);
  const { session, sessionHash } = await confirm(attemptHash, resetCode);
  expect(session).toMatchObject({ setupRequired: true });
  await expect(auth.ask('session.list', { sessionHash })).rejects.toMatchObject({ code: 'two_factor_setup_required' });
});

test.each(['a new password', 'this was not me', 'a removed method'])('%s ends the attempt: its code turns nothing off', async (change) => {
  const name = change.replaceAll(' ', '-');
  const { loginId, sessionHash } = await customerWithTexts(auth, name, '+14155550108');
  await setEmail(auth, loginId, `${name}@example.com`);
  const other = change === 'a removed method' ? await auth.addMethod(sessionHash, 'totp', null) : '';
  const { attemptHash } = await codeRequired(auth, name);
  await ask(attemptHash);
  const sealedPassword = await auth.seal(demoPassword);
  if (change === 'a new password') await auth.ask('password.change', { sessionHash, sealedPassword, sealedNewPassword: await auth.seal('quite another phrase 77') });
  else if (change === 'this was not me') await auth.ask('notice.not-me', { tokenHash: (await noticeOf(auth, loginId, 'new_device')).tokenHash, ip: '::1' });
  else await auth.ask('two-factor.remove-method', { sessionHash, methodId: other, sealedPassword });
  await expect(confirm(attemptHash, resetCode)).rejects.toMatchObject({ code: 'attempt_over' });
  expect(await auth.database.query('SELECT 1 FROM two_factor_methods WHERE login_id = $1 AND confirmed_at IS NOT NULL', [loginId])).toHaveLength(1);
});
