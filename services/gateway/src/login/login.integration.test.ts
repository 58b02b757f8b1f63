import { randomUUIDv7 } from 'node:crypto';
import { hashSecret, newSecret } from '@latchkey/platform';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { codeRequiredReply, GatewayUnderTest, moment, sessionReply } from '../testing/gateway-under-test.ts';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
});
afterAll(() => gateway.stop());
beforeEach(() => void gateway.auth.asked.splice(0));

const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const methodId = randomUUIDv7();
const secret = newSecret();
const authorization = `Bearer ${secret}`;
const sessionHash = hashSecret(secret);

it('name, code, session: each answer is what the contract has', async () => {
  gateway.auth.answers['login.start'] = async () => codeRequiredReply(methodId);
  const login = await gateway.post('/v1/login', { loginName: 'owner', password: 'correct', deviceName: 'Desk' }, { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'accept-language': 'de-AT,de;q=0.9' });
  expect(login).toMatchObject({ status: 200, body: { status: 'code_required', attempt: expect.stringMatching(/^w[\w-]{43}$/), methods: [{ id: methodId, kind: 'sms', hint: '•••• 4711', default: true }], sent: { methodId, state: 'queued', sendsLeft: 4 } } });
  expect(login.headers.get('cache-control')).toBe('no-store');
  const asked = gateway.auth.lastAsked('login.start');
  expect(asked).toMatchObject({ loginName: 'owner', locale: 'de', attemptId: expect.stringMatching(uuid7), device: { name: 'Desk', browser: 'Firefox', os: 'Linux', ip: '127.0.0.1', client: 'web' } });

  const { attempt } = login.body;
  gateway.auth.answers['login.send-code'] = async () => ({ sent: codeRequiredReply(methodId).sent });
  expect(await gateway.post('/v1/login/send-code', { attempt, methodId })).toMatchObject({ status: 202, body: { sent: { methodId, state: 'queued' } } });
  expect(gateway.auth.lastAsked('login.send-code')).toEqual({ attemptHash: asked.attemptHash, methodId, ip: '127.0.0.1' });

  const session = sessionReply();
  const { accountId: _, ...shown } = session;
  gateway.auth.answers['login.verify-code'] = async () => ({ session, browserId: randomUUIDv7(), askToTrust: true });
  const verified = await gateway.post('/v1/login/verify-code', { attempt, methodId, code: '012-345' });
  expect(verified).toMatchObject({ status: 200, body: { status: 'signed_in', askToTrust: true, session: shown } });
  const verify = gateway.auth.lastAsked('login.verify-code');
  expect([verify.attemptHash, await gateway.sealing.open('typed-code', verify.sealedCode)]).toEqual([asked.attemptHash, '012345']);
});

it('no password, code, destination or secret crosses the broker in the clear', async () => {
  const typed = { password: 'unmistakable-password', code: '918273', phoneNumber: '+14155550188', emailAddress: 'someone@example.com' };
  const attempt = `a${newSecret()}`;
  const deviceToken = `${randomUUIDv7()}.${newSecret()}`;
  const headers = { authorization, 'device-token': deviceToken };
  const { password, code, phoneNumber, emailAddress } = typed;
  await gateway.post('/v1/login', { loginName: 'owner', password, client: 'app' }, headers);
  await gateway.post('/v1/login/verify-code', { attempt, methodId, code }, headers);
  await gateway.post('/v1/two-factor/methods', { password, kind: 'sms', phoneNumber }, headers);
  await gateway.post('/v1/two-factor/methods', { password, kind: 'email', emailAddress }, headers);
  await gateway.post(`/v1/two-factor/methods/${methodId}/confirm`, { code }, headers);
  await gateway.call('DELETE', `/v1/two-factor/methods/${methodId}`, { password }, headers);
  await gateway.post('/v1/two-factor/disable', { password }, headers);
  expect(gateway.auth.asked.map(({ name }) => name)).toEqual(['login.start', 'login.verify-code', 'two-factor.add-method', 'two-factor.add-method', 'two-factor.confirm-method', 'two-factor.remove-method', 'two-factor.disable']);
  const crossed = JSON.stringify(gateway.auth.asked);
  for (const clear of [...Object.values(typed), secret, attempt, deviceToken.slice(37)]) expect(crossed).not.toContain(clear);
});

it('two logins share no secret and no id', async () => {
  gateway.auth.answers['login.start'] = async () => codeRequiredReply(methodId);
  const attempts = await Promise.all(Array.from({ length: 10 }, () => gateway.post('/v1/login', { loginName: 'owner', password: 'x' })));
  const asked = gateway.auth.asked.map(({ payload }) => payload as Record<string, any>);
  for (const values of [attempts.map(({ body }) => body.attempt), ...['attemptId', 'attemptHash', 'sessionHash', 'sealedPassword'].map((field) => asked.map((payload) => payload[field])), asked.map(({ device }) => device.next.secretHash)]) {
    expect(new Set(values).size).toBe(10);
  }
});

it('an authenticator secret is opened for its owner only here', async () => {
  gateway.auth.answers['two-factor.add-method'] = async () => ({ id: methodId, sealedSecret: await gateway.sealing.seal('authenticator-secret', 'JBSWY3DPEHPK3PXP'), sealedOtpauthUri: await gateway.sealing.seal('otpauth-uri', 'otpauth://totp/Latchkey') });
  const answer = await gateway.post('/v1/two-factor/methods', { password: 'x', kind: 'totp' }, { authorization });
  expect(answer).toMatchObject({ status: 201 });
  expect(answer.body).toEqual({ id: methodId, secret: 'JBSWY3DPEHPK3PXP', otpauthUri: 'otpauth://totp/Latchkey' });
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

it('a step-up makes an attempt of the kind of client that asks', async () => {
  const { status: _status, ...reply } = codeRequiredReply(methodId);
  gateway.auth.answers['session.step-up'] = async () => reply;
  for (const [headers, kind] of [[{ authorization }, 'a'], [{ cookie: `__Host-session=${secret}` }, 'w']] as const) {
    const answer = await gateway.post('/v1/session/step-up', undefined, headers);
    expect(answer).toMatchObject({ status: 200, body: { ...reply, attempt: expect.stringMatching(new RegExp(`^${kind}[\\w-]{43}$`)) } });
    expect(gateway.auth.lastAsked('session.step-up')).toMatchObject({ sessionHash, attemptHash: hashSecret(answer.body.attempt) });
  }
});

it('lists and changes of devices and sessions go through with their ids', async () => {
  const device = { id: methodId, name: 'Firefox on Linux', client: 'web' as const, browser: 'Firefox', os: 'Linux', current: true, trusted: true, trustedUntil: moment(60), firstSeenAt: moment(-60), lastSeenAt: moment(), lastIp: '127.0.0.1' };
  for (const name of ['session.devices', 'session.trust-devices', 'session.forget-devices'] as const) gateway.auth.answers[name] = async () => ({ devices: [device] });
  gateway.auth.answers['session.end'] = async () => ({});
  expect(await gateway.get('/v1/devices', { authorization })).toMatchObject({ status: 200, body: { devices: [device] } });
  for (const act of ['trust', 'forget'] as const) {
    expect(await gateway.post(`/v1/devices/${act}`, { deviceIds: [methodId] }, { authorization })).toMatchObject({ status: 200, body: { devices: [device] } });
    expect(gateway.auth.lastAsked(`session.${act}-devices`)).toEqual({ sessionHash, deviceIds: [methodId] });
  }
  expect(await gateway.call('DELETE', `/v1/sessions/${methodId}`, undefined, { authorization })).toMatchObject({ status: 204, text: '' });
  expect(gateway.auth.lastAsked('session.end')).toEqual({ sessionHash, sessionId: methodId });
});
