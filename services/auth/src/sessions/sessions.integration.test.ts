import { hashSecret, newSecret } from '@latchkey/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser } from '../testing/auth-under-test.ts';
import { rightCode } from '../testing/other-services.ts';

const day = 86_400_000;
let passedMs = 0;
let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start({ clock: { now: () => new Date(Date.now() + passedMs) } });
});
afterAll(() => auth.stop());

async function ownerWithCode(browser = new Browser()) {
  const { answer, attemptHash } = await auth.start('owner', { browser });
  if (answer.status !== 'code_required') throw new Error('no code is asked for');
  return auth.verify(attemptHash, answer.methods[0]?.id ?? '', rightCode, browser);
}

async function stepUp(sessionHash: string): Promise<{ attemptHash: string; methodId: string }> {
  const attemptHash = hashSecret(newSecret());
  const { methods } = await auth.ask('session.step-up', { sessionHash, attemptId: crypto.randomUUID(), attemptHash, ip: '203.0.113.7', locale: 'en' });
  return { attemptHash, methodId: methods[0]?.id ?? '' };
}

test('sessions are listed, ended one by one, and all others at once', async () => {
  await auth.addCustomer('lists');
  const [here, second, third] = [await auth.signIn('lists'), await auth.signIn('lists'), await auth.signIn('lists')];
  const { sessions } = await auth.ask('session.list', { sessionHash: here });
  expect(sessions).toHaveLength(3);
  expect(sessions.filter(({ current }) => current)).toHaveLength(1);

  const { id: secondId } = await auth.ask('session.get', { sessionHash: second });
  await auth.ask('session.end', { sessionHash: here, sessionId: secondId });
  await expect(auth.ask('session.get', { sessionHash: second })).rejects.toMatchObject({ code: 'not_signed_in' });
  await auth.ask('session.end-others', { sessionHash: here });
  await expect(auth.ask('session.get', { sessionHash: third })).rejects.toMatchObject({ code: 'not_signed_in' });
  await auth.ask('session.logout', { sessionHash: here });
  await auth.ask('session.logout', { sessionHash: here });
  await expect(auth.ask('session.get', { sessionHash: here })).rejects.toMatchObject({ code: 'not_signed_in' });
});

test('the session of somebody else cannot be ended', async () => {
  const others = await auth.signIn('dealer');
  const { id } = await auth.ask('session.get', { sessionHash: others });
  await expect(auth.ask('session.end', { sessionHash: await auth.signIn('member'), sessionId: id })).rejects.toMatchObject({ code: 'not_found' });
  await expect(auth.ask('session.get', { sessionHash: others })).resolves.toMatchObject({ id });
});

test('a session on a trusted device gives trust only after a code of its own, which raises it in place', async () => {
  const app = new Browser('app');
  await ownerWithCode(app);
  const { answer, sessionHash } = await auth.start('owner', { browser: app });
  if (answer.status !== 'signed_in') throw new Error('the app was not trusted');
  const other = await ownerWithCode();
  const deviceIds = [other.session.device.id];
  await expect(auth.ask('session.trust-devices', { sessionHash, deviceIds })).rejects.toMatchObject({ code: 'step_up_required' });

  const { attemptHash, methodId } = await stepUp(sessionHash);
  const raised = await auth.verify(attemptHash, methodId, rightCode, app);
  expect(raised).toMatchObject({ browserId: null, session: { id: answer.session.id, assurance: 'pwd+sms' } });
  const { devices } = await auth.ask('session.trust-devices', { sessionHash, deviceIds });
  expect(devices.find(({ id }) => id === deviceIds[0])).toMatchObject({ trusted: true, current: false });
  await expect(auth.ask('session.get', { sessionHash: other.sessionHash })).resolves.toMatchObject({ device: { trusted: true } });

  await auth.ask('session.forget-devices', { sessionHash, deviceIds });
  await expect(auth.ask('session.get', { sessionHash: other.sessionHash })).resolves.toMatchObject({ device: { trusted: false } });
});

test('the code of a step-up raises no session that has ended', async () => {
  const { sessionHash } = await ownerWithCode();
  const { attemptHash, methodId } = await stepUp(sessionHash);
  await auth.ask('session.logout', { sessionHash });
  await expect(auth.verify(attemptHash, methodId, rightCode)).rejects.toMatchObject({ code: 'not_signed_in' });
});

test('devices are not trusted, and no code is sent, while two-factor is off', async () => {
  const sessionHash = await auth.signIn('member');
  const { devices } = await auth.ask('session.devices', { sessionHash });
  const deviceIds = devices.filter(({ current }) => current).map(({ id }) => id);
  expect(deviceIds).toHaveLength(1);
  await expect(auth.ask('session.trust-devices', { sessionHash, deviceIds })).rejects.toMatchObject({ code: 'two_factor_off' });
  await expect(stepUp(sessionHash)).rejects.toMatchObject({ code: 'two_factor_off' });
});

test('the trust that a session shows, and the session itself, end with time', async () => {
  const { sessionHash } = await ownerWithCode(new Browser('app'));
  await expect(auth.ask('session.get', { sessionHash })).resolves.toMatchObject({ device: { trusted: true } });
  try {
    passedMs = 30 * day - 1_000;
    await expect(auth.ask('session.get', { sessionHash })).resolves.toMatchObject({ assurance: 'pwd+sms' });
    passedMs = 30 * day + 1_000;
    await expect(auth.ask('session.get', { sessionHash })).rejects.toMatchObject({ code: 'not_signed_in' });
  } finally {
    passedMs = 0;
  }
});

test('a login keeps its newest thousand sessions', async () => {
  const loginId = await auth.addCustomer('logs-in-a-lot');
  const oldest = await auth.signIn('logs-in-a-lot');
  const sample = await auth.redis.hget(`sessions:{${loginId}}`, oldest);
  const copies = Array.from({ length: 1_000 }, (_, index) => [`copy-${index}`, sample ?? ''] as const);
  await auth.redis.hset(`sessions:{${loginId}}`, Object.fromEntries(copies));
  const newest = await auth.signIn('logs-in-a-lot');
  expect(await auth.redis.hlen(`sessions:{${loginId}}`)).toBeLessThanOrEqual(901);
  await expect(auth.ask('session.get', { sessionHash: newest })).resolves.toMatchObject({ assurance: 'pwd' });
});
