import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser, demoPassword } from '../testing/auth-under-test.ts';
import { rightCode } from '../testing/other-services.ts';

let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
});
afterAll(() => auth.stop());

const sealedPassword = () => auth.seal(demoPassword);

async function epochsOf(loginId: string) {
  return (await auth.database.query<{ trust: number; session: number }[]>('SELECT trust_epoch AS trust, session_epoch AS session FROM logins WHERE id = $1', [loginId]))[0];
}

/** A customer with a text message method, signed in with a code. */
async function customerWithTexts(name: string, number: string, browser = new Browser()) {
  const loginId = await auth.addCustomer(name);
  const first = await auth.signIn(name);
  const methodId = await auth.addMethod(first, 'sms', number);
  await auth.confirm(first, methodId, rightCode);
  return { loginId, methodId, ...(await signInWithCode(name, browser)) };
}

async function signInWithCode(name: string, browser = new Browser()) {
  const { answer, attemptHash } = await auth.start(name, { browser });
  if (answer.status !== 'code_required') throw new Error('no code is asked for');
  const method = answer.methods.find((candidate) => candidate.default);
  return auth.verify(attemptHash, method?.id ?? '', rightCode, browser);
}

test('turning two-factor on ends every session, the one it was done in included', async () => {
  await auth.addCustomer('turns-on');
  const sessions = [await auth.signIn('turns-on'), await auth.signIn('turns-on'), await auth.signIn('turns-on')];
  const [here = ''] = sessions;
  const methodId = await auth.addMethod(here, 'sms', '+1 (415) 555-0188');
  await expect(auth.ask('two-factor.get', { sessionHash: here })).resolves.toMatchObject({ enabled: false, methods: [{ id: methodId, confirmedAt: null, default: false }] });
  await expect(auth.confirm(here, methodId, '000000')).rejects.toMatchObject({ code: 'wrong_code' });
  await auth.confirm(here, methodId, rightCode);
  for (const sessionHash of sessions) await expect(auth.ask('session.get', { sessionHash })).rejects.toMatchObject({ code: 'not_signed_in' });
  await expect(auth.start('turns-on')).resolves.toMatchObject({ answer: { status: 'code_required', methods: [{ hint: '•••• 0188', default: true }, { kind: 'recovery_code', default: false }] } });
});

test('a login under way without a code when two-factor is turned on gets no session', async () => {
  const loginId = await auth.addCustomer('races');
  const session = await auth.signIn('races');
  const methodId = await auth.addMethod(session, 'totp', null);
  const logins = Array.from({ length: 20 }, () => auth.start('races'));
  await auth.confirm(session, methodId, rightCode);
  await Promise.allSettled(logins);
  expect(Object.keys(await auth.redis.hgetall(`sessions:{${loginId}}`))).toEqual(['epoch']);
});

test('the method of somebody else cannot be confirmed, and is not told apart from none', async () => {
  await auth.addCustomer('confirms');
  await auth.addCustomer('stranger');
  const methodId = await auth.addMethod(await auth.signIn('confirms'), 'email', 'someone@example.com');
  const stranger = await auth.signIn('stranger');
  await expect(auth.confirm(stranger, methodId, rightCode)).rejects.toMatchObject({ code: 'not_found' });
  await expect(auth.confirm(stranger, crypto.randomUUID(), rightCode)).rejects.toMatchObject({ code: 'not_found' });
});

test.each([
  ['sms', '12'],
  ['sms', '4155550123'],
  ['sms', '+1 415 555 0123 ext. 5'],
  ['sms', '+49 30 123456'],
  ['email', 'no address'],
  ['email', 'a@example.com\r\nBcc: b@example.com'],
  ['email', 'a@example.com, b@example.com'],
] as const)('%s to %j is refused', async (kind, destination) => {
  const sessionHash = await auth.signIn('member');
  await expect(auth.addMethod(sessionHash, kind, destination)).rejects.toMatchObject({ code: 'unsupported_destination' });
});

test('a method is not added with a wrong password', async () => {
  const sessionHash = await auth.signIn('member');
  await expect(auth.ask('two-factor.add-method', await auth.addMethodPayload(sessionHash, 'sms', '+14155550111', 'wrong'))).rejects.toMatchObject({ code: 'wrong_password' });
});

test('turning two-factor off withdraws trust, ends other sessions, and tells the other services', async () => {
  const browser = new Browser();
  const { loginId, methodId, sessionHash, session } = await customerWithTexts('turns-off', '+14155550122', browser);
  const elsewhere = await signInWithCode('turns-off');
  await auth.ask('session.trust-devices', { sessionHash, deviceIds: [session.device.id] });
  await expect(auth.ask('session.get', { sessionHash })).resolves.toMatchObject({ device: { trusted: true } });
  const before = await epochsOf(loginId);

  await expect(auth.ask('two-factor.disable', { sessionHash, sealedPassword: await auth.seal('wrong') })).rejects.toMatchObject({ code: 'wrong_password' });
  await auth.ask('two-factor.disable', { sessionHash, sealedPassword: await sealedPassword() });

  expect(await epochsOf(loginId)).toEqual({ trust: (before?.trust ?? 0) + 1, session: (before?.session ?? 0) + 1 });
  await expect(auth.ask('session.get', { sessionHash })).resolves.toMatchObject({ device: { trusted: false, trustedUntil: null } });
  await expect(auth.ask('session.get', { sessionHash: elsewhere.sessionHash })).rejects.toMatchObject({ code: 'not_signed_in' });
  await eventually(() => auth.others.facts.some(({ name, payload }) => name === 'two-factor.disabled' && (payload as { loginId: string }).loginId === loginId));
  await eventually(() => auth.others.facts.some(({ name, payload }) => name === 'two-factor.methods-removed' && (payload as { methodIds: string[] }).methodIds.includes(methodId)));
  await eventually(async () => (await auth.database.query<unknown[]>('SELECT 1 FROM outbox')).length === 0);
  await expect(auth.ask('two-factor.disable', { sessionHash, sealedPassword: await sealedPassword() })).rejects.toMatchObject({ code: 'two_factor_off' });
});

test('a new number replaces the old one only once it is confirmed', async () => {
  const { methodId, sessionHash } = await customerWithTexts('moves', '+14155550133');
  const newer = await auth.addMethod(sessionHash, 'sms', '+14155550144');
  await expect(auth.start('moves')).resolves.toMatchObject({ answer: { methods: [{ id: methodId }, { kind: 'recovery_code' }] } });
  await auth.confirm(sessionHash, newer, rightCode);
  await expect(auth.start('moves')).resolves.toMatchObject({ answer: { methods: [{ id: newer, hint: '•••• 0144', default: true }, { kind: 'recovery_code' }] } });
  await eventually(() => auth.others.facts.some(({ name, payload }) => name === 'two-factor.methods-removed' && (payload as { methodIds: string[] }).methodIds.includes(methodId)));
});

test('with several methods the default is chosen, and falls to another when it is removed; the last one turns two-factor off', async () => {
  const { methodId, sessionHash: first } = await customerWithTexts('several', '+14155550199');
  const emailId = await auth.addMethod(first, 'email', 'several@Example.COM');
  await auth.confirm(first, emailId, rightCode);
  const { sessionHash } = await signInWithCode('several');
  await auth.ask('two-factor.set-default', { sessionHash, methodId: emailId });
  await expect(auth.ask('two-factor.set-default', { sessionHash, methodId: crypto.randomUUID() })).rejects.toMatchObject({ code: 'not_found' });
  await expect(auth.ask('two-factor.get', { sessionHash })).resolves.toMatchObject({ methods: [{ id: emailId, default: true, hint: 's•••@example.com' }, { id: methodId, default: false }] });

  const underWay = await auth.start('several');
  await auth.ask('two-factor.remove-method', { sessionHash, methodId: emailId, sealedPassword: await sealedPassword() });
  await expect(auth.verify(underWay.attemptHash, emailId, rightCode)).rejects.toMatchObject({ code: 'attempt_over' });
  await expect(auth.ask('two-factor.get', { sessionHash })).resolves.toMatchObject({ enabled: true, methods: [{ id: methodId, default: true }] });
  await auth.ask('two-factor.remove-method', { sessionHash, methodId, sealedPassword: await sealedPassword() });
  await expect(auth.ask('two-factor.get', { sessionHash })).resolves.toMatchObject({ enabled: false, methods: [] });
});

test('under a policy that requires two-factor nothing but its set-up is open, and it cannot be turned off', async () => {
  const loginId = await auth.addCustomer('must');
  const providerId = crypto.randomUUID();
  await auth.database.query(`INSERT INTO providers (id, name, policy) VALUES ($1, 'Strict', 'required')`, [providerId]);
  await auth.database.query('UPDATE logins SET provider_id = $2 WHERE id = $1', [loginId, providerId]);
  const sessionHash = await auth.signIn('must');
  await expect(auth.ask('session.get', { sessionHash })).resolves.toMatchObject({ setupRequired: true });
  const closed = await Promise.allSettled([
    auth.ask('session.list', { sessionHash }),
    auth.ask('session.end-others', { sessionHash }),
    auth.ask('session.devices', { sessionHash }),
    auth.ask('session.step-up', { sessionHash, attemptId: crypto.randomUUID(), attemptHash: 'a'.repeat(43), ip: '::1', locale: 'en' }),
  ]);
  for (const answer of closed) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'two_factor_setup_required' } });

  await auth.confirm(sessionHash, await auth.addMethod(sessionHash, 'totp', null), rightCode);
  const after = await signInWithCode('must');
  expect(after.session).toMatchObject({ assurance: 'pwd+totp', setupRequired: false });
  await expect(auth.ask('two-factor.disable', { sessionHash: after.sessionHash, sealedPassword: await sealedPassword() })).rejects.toMatchObject({ code: 'required_by_provider' });
});
