import { Refusal } from '@latchkey/contracts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser } from '../testing/auth-under-test.ts';
import { rightCode } from '../testing/other-services.ts';

let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
});
afterAll(() => auth.stop());
afterEach(() => {
  auth.others.refuseToIssue = undefined;
});

async function codeRequired(loginName: string, browser = new Browser()) {
  const { answer, ...rest } = await auth.start(loginName, { browser });
  if (answer.status !== 'code_required') throw new Error('no code is asked for');
  return { answer, methodId: answer.methods[0]?.id ?? '', ...rest };
}

test('a password alone signs in where two-factor is off, and the session says so', async () => {
  const { answer, sessionHash } = await auth.start('member');
  expect(answer).toMatchObject({ status: 'signed_in', session: { assurance: 'pwd', login: { loginName: 'member', role: 'customer' }, setupRequired: false } });
  await expect(auth.ask('session.get', { sessionHash })).resolves.toMatchObject({ assurance: 'pwd' });
});

test('login names are the same in any case and compatibility form', async () => {
  await expect(auth.start('ＭＥＭＢＥＲ')).resolves.toMatchObject({ answer: { status: 'signed_in' } });
});

test('with two-factor on a code is sent, and the right one signs in', async () => {
  const browser = new Browser();
  const { answer, attemptHash, sessionHash, methodId } = await codeRequired('owner', browser);
  expect(answer).toMatchObject({ methods: [{ kind: 'sms', hint: '•••• 0123', default: true }], sent: { methodId, state: 'queued' } });
  await expect(auth.ask('session.get', { sessionHash })).rejects.toMatchObject({ code: 'not_signed_in' });
  await expect(auth.verify(attemptHash, methodId, '000000', browser)).rejects.toMatchObject({ code: 'wrong_code', details: { attemptsLeft: 4 } });
  const signedIn = await auth.verify(attemptHash, methodId, rightCode, browser);
  expect(signedIn).toMatchObject({ session: { assurance: 'pwd+sms', device: { trusted: false } }, askToTrust: true });
  await expect(auth.verify(attemptHash, methodId, rightCode, browser)).rejects.toMatchObject({ code: 'attempt_over' });
});

test('fifty right codes at once make exactly one session', async () => {
  const { attemptHash, methodId } = await codeRequired('owner');
  const before = await auth.redis.keys('session:*');
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => auth.verify(attemptHash, methodId, rightCode)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'attempt_over' });
  expect(await auth.redis.keys('session:*')).toHaveLength(before.length + 1);
});

test('an app is trusted by the login that passed two-factor, and needs no code the next time', async () => {
  const app = new Browser('app');
  const { attemptHash, methodId } = await codeRequired('owner', app);
  await expect(auth.verify(attemptHash, methodId, rightCode, app)).resolves.toMatchObject({ askToTrust: false, session: { device: { trusted: true } } });
  await expect(auth.start('owner', { browser: app })).resolves.toMatchObject({ answer: { status: 'signed_in', session: { assurance: 'pwd+trusted_device' } } });
});

test('an app that a login trusts is trusted in its earlier sessions too, and what other devices are stays', async () => {
  const signIn = async (browser: Browser) => {
    const { attemptHash, methodId } = await codeRequired('owner', browser);
    return auth.verify(attemptHash, methodId, rightCode, browser);
  };
  const [app, web, untrusted] = [new Browser('app'), new Browser(), new Browser()];
  const [earlier, trusted, other] = [await signIn(app), await signIn(web), await signIn(untrusted)];
  const { sessionHash, session: { device } } = earlier;
  await auth.ask('session.trust-devices', { sessionHash, deviceIds: [trusted.session.device.id] });
  await auth.ask('session.forget-devices', { sessionHash, deviceIds: [device.id] });
  const shown = async () => Promise.all([earlier, trusted, other].map(async (one) => (await auth.ask('session.get', { sessionHash: one.sessionHash })).device.trusted));
  expect(await shown()).toEqual([false, true, false]);
  const again = await signIn(app);
  expect(again.session.device).toMatchObject({ id: device.id, trusted: true });
  expect(await shown()).toEqual([true, true, false]);
  await expect(auth.ask('session.get', { sessionHash })).resolves.toMatchObject({ device: again.session.device });
});

test('a login begun in a browser is not trusted by calling itself an app when it enters the code', async () => {
  const { attemptHash, methodId } = await codeRequired('owner', new Browser('web'));
  await expect(auth.verify(attemptHash, methodId, rightCode, new Browser('app'))).resolves.toMatchObject({ askToTrust: true, session: { device: { trusted: false } } });
});

test('staff with two-factor are asked for a code at every login, and offered no trust that would be worth nothing', async () => {
  const session = await auth.signIn('dealer');
  await auth.confirm(session, await auth.addMethod(session, 'sms', '+14155550177'), rightCode);
  const app = new Browser('app');
  const { attemptHash, methodId } = await codeRequired('dealer', app);
  const signedIn = await auth.verify(attemptHash, methodId, rightCode, app);
  expect(signedIn).toMatchObject({ askToTrust: false, session: { device: { trusted: false } } });
  await expect(auth.ask('session.trust-devices', { sessionHash: signedIn.sessionHash, deviceIds: [signedIn.session.device.id] })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(auth.start('dealer', { browser: app })).resolves.toMatchObject({ answer: { status: 'code_required' } });
});

test('a code is sent again, and only the attempt may watch', async () => {
  const { attemptHash, methodId } = await codeRequired('owner');
  await expect(auth.ask('login.send-code', { attemptHash, methodId, ip: '203.0.113.7' })).resolves.toMatchObject({ sent: { methodId } });
  const watched = await auth.ask('login.watch', { attemptHash });
  expect(watched.queued.map((queued) => queued.methodId)).toEqual([methodId, methodId]);
  const [first, second] = auth.others.issued.slice(-2);
  expect(second).toMatchObject({ attemptId: first?.attemptId, purpose: 'login', branding: { name: 'Demo Security', host: 'localhost' } });
  expect(watched.attemptId).toBe(first?.attemptId);
  await expect(auth.ask('login.watch', { attemptHash: 'x'.repeat(43) })).rejects.toMatchObject({ code: 'attempt_over' });
  await expect(auth.ask('login.send-code', { attemptHash, methodId: crypto.randomUUID(), ip: '::1' })).rejects.toMatchObject({ code: 'not_found' });
});

test('where sending is limited, another method can still be chosen', async () => {
  const loginId = await auth.addCustomer('two-methods');
  let session = await auth.signIn('two-methods');
  await auth.confirm(session, await auth.addMethod(session, 'sms', '+14155550155'), rightCode);
  const only = await auth.start('two-methods');
  expect(only.answer.status).toBe('code_required');
  auth.others.refuseToIssue = new Refusal('too_many_requests', { retryAfterSeconds: 30 });
  await expect(auth.start('two-methods')).rejects.toMatchObject({ code: 'too_many_requests', details: { retryAfterSeconds: 30 } });

  auth.others.refuseToIssue = undefined;
  const { attemptHash, methodId } = await codeRequired('two-methods');
  ({ sessionHash: session } = await auth.verify(attemptHash, methodId, rightCode));
  await auth.confirm(session, await auth.addMethod(session, 'totp', null), rightCode);
  auth.others.refuseToIssue = new Refusal('too_many_requests', { retryAfterSeconds: 30 });
  const { answer } = await codeRequired('two-methods');
  expect(answer).toMatchObject({ sent: null, methods: [{ kind: 'sms' }, { kind: 'totp' }, { kind: 'recovery_code' }] });
  expect(await auth.database.query('SELECT count(*)::int AS n FROM two_factor_methods WHERE login_id = $1', [loginId])).toEqual([{ n: 2 }]);
});

test('what lies in Redis while a code is awaited holds no secret in the clear', async () => {
  const { attemptHash } = await codeRequired('owner');
  const stored = await auth.redis.get(`attempt:${attemptHash}`);
  expect(stored).toContain('•••• 0123');
  expect(stored).not.toMatch(/4155550123|argon2|correct-horse/);
});

test('a code right in an attempt from before a change of two-factor makes no session', async () => {
  const loginId = await auth.addCustomer('changed-meanwhile');
  const session = await auth.signIn('changed-meanwhile');
  await auth.confirm(session, await auth.addMethod(session, 'sms', '+14155550166'), rightCode);
  const begun = await codeRequired('changed-meanwhile');
  const other = await codeRequired('changed-meanwhile');
  const { sessionHash } = await auth.verify(other.attemptHash, other.methodId, rightCode);
  await auth.ask('two-factor.disable', { sessionHash, sealedPassword: await auth.seal('correct-horse-battery-staple') });
  await expect(auth.verify(begun.attemptHash, begun.methodId, rightCode)).rejects.toMatchObject({ code: 'attempt_over' });
  expect(await auth.redis.hlen(`sessions:{${loginId}}`)).toBe(2); // the one that stayed, and the epoch
});

test('a right code of an app in an attempt that a change has ended trusts no device', async () => {
  await auth.addCustomer('ended-meanwhile');
  const session = await auth.signIn('ended-meanwhile');
  await auth.confirm(session, await auth.addMethod(session, 'sms', '+14155550167'), rightCode);
  const app = new Browser('app');
  const known = await codeRequired('ended-meanwhile', app);
  const { sessionHash, session: { device } } = await auth.verify(known.attemptHash, known.methodId, rightCode, app);
  await auth.ask('session.forget-devices', { sessionHash, deviceIds: [device.id] });
  const begun = await codeRequired('ended-meanwhile', app);
  await auth.confirm(sessionHash, await auth.addMethod(sessionHash, 'totp', null), rightCode);
  await expect(auth.ask('login.send-code', { attemptHash: begun.attemptHash, methodId: begun.methodId, ip: '203.0.113.7' })).rejects.toMatchObject({ code: 'attempt_over' });
  await expect(auth.verify(begun.attemptHash, begun.methodId, rightCode, app)).rejects.toMatchObject({ code: 'attempt_over' });
  // Looked at from elsewhere: what the refused app kept of its secret is up to the app.
  const elsewhere = await codeRequired('ended-meanwhile');
  const looking = await auth.verify(elsewhere.attemptHash, elsewhere.methodId, rightCode);
  const { devices } = await auth.ask('session.devices', { sessionHash: looking.sessionHash });
  expect(devices.find(({ id }) => id === device.id)).toMatchObject({ trusted: false });
});

test('an epoch that Redis knows of a change that never was committed locks nobody out', async () => {
  const loginId = await auth.addCustomer('half-changed');
  await auth.redis.hset(`sessions:{${loginId}}`, 'epoch', 3);
  await expect(auth.start('half-changed')).rejects.toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 1 } });
  await expect(auth.start('half-changed')).resolves.toMatchObject({ answer: { status: 'signed_in' } });
});
