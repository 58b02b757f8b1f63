import { randomUUIDv7 } from 'node:crypto';
import { createLatchkeyClient, type DeliveryEvent, followDelivery, RequestFailed, type Tokens, tokensInMemory } from '@latchkey/client';
import { Refusal } from '@latchkey/contracts';
import { hashSecret, newSecret } from '@latchkey/platform';
import { eventually, freePort } from '@latchkey/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { codeRequiredReply, GatewayUnderTest, moment, sessionReply } from '../testing/gateway-under-test.ts';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.auth.asked.splice(0);
  gateway.auth.answers = {
    'login.start': async () => codeRequiredReply(),
    'login.verify-code': async () => ({ session: sessionReply(), browserId: randomUUIDv7(), askToTrust: true }),
    'session.get': async () => sessionReply(),
    'session.logout': async () => ({}),
    'session.end': async () => ({}),
    'password.forgot': async () => ({}),
  };
});

const methodId = randomUUIDv7();
const clientOf = (tokens: Tokens = {}) => {
  const store = tokensInMemory(tokens);
  return { client: createLatchkeyClient({ baseUrl: gateway.baseUrl, tokens: store }), tokens: () => store.read() as Tokens };
};
const failureOf = async (call: Promise<unknown>): Promise<RequestFailed> => {
  const failure = await call.then(() => null, (error: unknown) => error);
  if (!(failure instanceof RequestFailed)) throw new Error(`no refusal: ${String(failure)}`);
  return failure;
};

it('an app signs in with a code, keeps its tokens, shows them, and forgets the session when it is over', async () => {
  const { client, tokens } = clientOf();
  const login = await client.post('/v1/login', { body: { loginName: 'owner', password: 'x' } });
  if (login.status !== 'code_required') throw new Error(login.status);
  expect([login.attempt[0], tokens()]).toEqual(['a', {}]);
  const { session } = await client.post('/v1/login/verify-code', { body: { attempt: login.attempt, methodId, code: '123456' } });
  const kept = tokens();
  expect(kept).toEqual({ sessionToken: session.sessionToken, deviceToken: session.deviceToken });

  await client.get('/v1/session');
  expect(gateway.auth.lastAsked('session.get')).toEqual({ sessionHash: hashSecret(kept.sessionToken ?? '') });
  expect(await client.post('/v1/logout')).toBeUndefined();
  expect(tokens()).toEqual({ deviceToken: kept.deviceToken });

  gateway.auth.answers['login.start'] = async () => ({ status: 'signed_in', session: sessionReply(), browserId: null });
  await client.post('/v1/login', { body: { loginName: 'owner', password: 'x' } });
  expect(gateway.auth.lastAsked('login.start').device.presented?.secretHash).toBe(hashSecret(kept.deviceToken?.slice(37) ?? ''));
  expect(tokens().deviceToken).not.toBe(kept.deviceToken);
});

it('a session that is over is forgotten, the device is not', async () => {
  gateway.auth.answers['session.get'] = async () => {
    throw new Refusal('not_signed_in');
  };
  const { client, tokens } = clientOf({ sessionToken: newSecret(), deviceToken: 'kept' });
  expect(await failureOf(client.get('/v1/session'))).toMatchObject({ code: 'not_signed_in', status: 401 });
  expect(tokens()).toEqual({ deviceToken: 'kept' });
});

it('a browser shows no tokens and keeps none', async () => {
  const client = createLatchkeyClient({ baseUrl: gateway.baseUrl });
  const login = await client.post('/v1/login', { body: { loginName: 'owner', password: 'x' } });
  expect(login).toMatchObject({ status: 'code_required', attempt: expect.stringMatching(/^w/) });
  expect((await failureOf(client.get('/v1/session'))).code).toBe('not_signed_in');
});

it('ids go into the path as they are, and what has no body is undefined', async () => {
  const { client } = clientOf({ sessionToken: newSecret() });
  expect(await client.delete('/v1/sessions/{id}', { path: { id: methodId } })).toBeUndefined();
  expect(gateway.auth.lastAsked('session.end').sessionId).toBe(methodId);
  expect((await failureOf(client.delete('/v1/sessions/{id}', { path: { id: '../session?x' } }))).code).toBe('not_found');
  expect(await client.post('/v1/password/forgot', { body: { loginName: 'owner' } })).toBeUndefined();
});

it('a refusal is thrown with everything that the problem tells', async () => {
  const refuse = (refusal: Refusal) => {
    gateway.auth.answers['login.start'] = () => Promise.reject(refusal);
    return failureOf(clientOf().client.post('/v1/login', { body: { loginName: 'owner', password: 'x' } }));
  };
  expect(await refuse(new Refusal('locked', { retryAfterSeconds: 90 }))).toMatchObject({ code: 'locked', status: 429, retryAfterSeconds: 90 });
  expect(await refuse(new Refusal('wrong_code', { attemptsLeft: 3 }))).toMatchObject({ code: 'wrong_code', status: 401, attemptsLeft: 3 });
  const provider = { name: 'Demo Security', phone: '+1 415 555 0100', email: null };
  expect(await refuse(new Refusal('ask_service_provider', { provider }))).toMatchObject({ code: 'ask_service_provider', status: 409, provider });
  const heard: string[] = [];
  const client = createLatchkeyClient({ baseUrl: gateway.baseUrl, onFailure: ({ code }, path) => heard.push(`${path} ${code}`) });
  expect((await failureOf(client.post('/v1/login', { body: { loginName: '', password: 'x' } }))).issues).toMatchObject([{ path: 'loginName' }]);
  expect(heard).toEqual(['/v1/login invalid_request']);
});

it('a server that is not there is a lost network; a call that its caller gave up is not', async () => {
  const nobody = createLatchkeyClient({ baseUrl: `http://127.0.0.1:${await freePort()}` });
  expect(await failureOf(nobody.get('/v1/session'))).toMatchObject({ code: 'network_lost', status: undefined });
  gateway.auth.answers['session.get'] = () => new Promise(() => undefined);
  const hasty = createLatchkeyClient({ baseUrl: gateway.baseUrl, tokens: tokensInMemory({ sessionToken: newSecret() }), timeoutMs: 200 });
  expect((await failureOf(hasty.get('/v1/session'))).code).toBe('network_lost');
  const leaving = new AbortController();
  const call = clientOf({ sessionToken: newSecret() }).client.get('/v1/session', { signal: leaving.signal });
  leaving.abort(new Error('gone'));
  await expect(call).rejects.toThrow('gone');
});

it('the delivery of a code is followed, past and live, until its follower leaves', async () => {
  const attempt = `a${newSecret()}`;
  const attemptId = randomUUIDv7();
  gateway.auth.answers['login.watch'] = async () => ({ attemptId, resetAttemptId: randomUUIDv7(), expiresAt: moment(600), queued: [{ methodId, at: moment(-5) }] });
  gateway.delivery.answers['delivery.states'] = async () => ({ states: [] });
  const events: DeliveryEvent[] = [];
  const leaving = new AbortController();
  const followed = followDelivery(clientOf().client, attempt, { onEvent: (event) => events.push(event) }, leaving.signal);
  await eventually(async () => events.length === 1, { timeoutMs: 5_000, what: 'the past' });
  await gateway.delivery.publish('delivery.delivered', { messageId: randomUUIDv7(), attemptId, loginId: randomUUIDv7(), methodId, channel: 'sms', provider: 'sns-eu', at: moment() });
  await eventually(async () => events.length === 2, { timeoutMs: 5_000, what: 'the news' });
  expect(events.map(({ state }) => state)).toEqual(['queued', 'delivered']);
  expect(gateway.auth.lastAsked('login.watch')).toEqual({ attemptHash: hashSecret(attempt) });
  leaving.abort();
  await followed;
});

it('an attempt that is over closes its stream for good', async () => {
  gateway.auth.answers['login.watch'] = async () => {
    throw new Refusal('attempt_over');
  };
  const states: string[] = [];
  await followDelivery(clientOf().client, `a${newSecret()}`, { onEvent: () => undefined, onConnection: (state) => states.push(state) }, AbortSignal.timeout(5_000));
  expect(states).toEqual(['closed']);
});
