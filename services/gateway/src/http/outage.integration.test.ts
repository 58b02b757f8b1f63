import { randomUUIDv7 } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { newSecret } from '@latchkey/platform';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayUnderTest, sessionReply } from '../testing/gateway-under-test.ts';

const authorization = `Bearer ${newSecret()}`;
const [attempt, methodId] = [`w${newSecret()}`, randomUUIDv7()];

/** A gateway whose auth answers logins and questions for the session, until it is told otherwise. */
async function start(options: { broker?: 'away' } = {}): Promise<GatewayUnderTest> {
  const gateway = await GatewayUnderTest.start({}, options);
  answer(gateway);
  return gateway;
}
function answer({ auth }: GatewayUnderTest): void {
  auth.answers['login.start'] = async () => ({ status: 'signed_in', session: sessionReply(), browserId: null });
  auth.answers['session.get'] = async () => sessionReply();
}

const login = (gateway: GatewayUnderTest) => gateway.post('/v1/login', { loginName: 'owner', password: 'x' });
const session = (gateway: GatewayUnderTest) => gateway.get('/v1/session', { authorization });
const sessions = (gateway: GatewayUnderTest) => gateway.get('/v1/sessions', { authorization });
const everyKind = (gateway: GatewayUnderTest) => [
  login(gateway),
  gateway.post('/v1/login/send-code', { attempt, methodId }),
  gateway.post('/v1/login/verify-code', { attempt, methodId, code: '123456' }),
  gateway.get('/v1/login/events', { 'login-attempt': attempt }),
  session(gateway),
  gateway.post('/v1/logout', undefined, { cookie: `__Host-session=${newSecret()}` }),
  gateway.post('/v1/session/step-up', undefined, { authorization }),
  gateway.post('/v1/devices/trust', { deviceIds: [methodId] }, { authorization }),
  gateway.post('/v1/two-factor/methods', { password: 'x', kind: 'totp' }, { authorization }),
];

/** Each of the answers is a 503 that says when to come back, in time, and nothing was half-done for the client. */
async function expectUnavailable(answers: ReturnType<typeof login>[], withinMs: number): Promise<void> {
  const asked = performance.now();
  await Promise.all(
    answers.map(async (pending) => {
      const { status, body, headers, cookies } = await pending;
      expect(performance.now() - asked).toBeLessThan(withinMs);
      expect({ status, body, cookies }).toMatchObject({ status: 503, cookies: [], body: { code: 'unavailable', retryAfterSeconds: expect.any(Number) } });
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(headers.get('retry-after')).toBe(String(body.retryAfterSeconds));
      expect(JSON.stringify(body)).not.toMatch(/auth|broker|amqp|queue|login\.|session\./i);
    }),
  );
}
const worksAgain = (gateway: GatewayUnderTest, what: string) =>
  eventually(async () => (await login(gateway)).status === 200 && (await session(gateway)).status === 200, { timeoutMs: 5_000, what });
const health = async (gateway: GatewayUnderTest, kind: 'live' | 'ready') => (await fetch(`${gateway.internalUrl}/health/${kind}`)).status;

// All at the same time, since each waits for what never comes until its deadline.
describe.concurrent('what does not answer', () => {
  it('auth away: every kind of request is 503 within 5 s; back again, everything works', async () => {
    const gateway = await start();
    await gateway.auth.goAway();
    await expectUnavailable(everyKind(gateway), 5_000);
    await gateway.auth.start();
    await worksAgain(gateway, 'an answer after auth came back');
    await gateway.stop();
  });

  it('a broker that hangs: 503 within 5 s; moving again, everything works', async () => {
    const gateway = await start();
    gateway.broker.block();
    await expectUnavailable(everyKind(gateway), 5_000);
    gateway.broker.mend();
    await worksAgain(gateway, 'an answer after the broker moves again');
    await gateway.stop();
  });

  it('a client that never ends its request does not keep a gateway from stopping within 8 s', async () => {
    const gateway = await start();
    const socket = connect(Number(new URL(gateway.baseUrl).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume().write('POST /v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 41\r\n\r\n{"loginName":');
    await wait(50);
    const asked = performance.now();
    await gateway.stopGateway();
    expect(performance.now() - asked).toBeLessThan(8_000);
    await expect(gateway.fetch('/')).rejects.toThrow();
    await gateway.stop();
  });
});

describe('what is lost, or too much', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await start();
  });
  afterAll(() => gateway.stop());

  it('more requests than may be in flight are refused at once, and hold up nobody', async () => {
    const released = Promise.withResolvers<void>();
    gateway.auth.answers['session.list'] = async () => {
      await released.promise;
      return { sessions: [] };
    };
    const refused: Awaited<ReturnType<typeof sessions>>[] = [];
    const others = Array.from({ length: 1_100 }, async () => {
      const answered = await sessions(gateway);
      if (answered.status === 503) refused.push(answered);
      return answered.status;
    });
    await eventually(() => refused.length >= 100, { timeoutMs: 4_300, what: 'early refusals' });
    expect(refused).toHaveLength(100);
    for (const { body, headers } of refused) expect([body.code, headers.get('retry-after')]).toEqual(['unavailable', '2']);
    released.resolve();
    expect((await Promise.all(others)).filter((status) => status === 200).length).toBeGreaterThan(500);
    answer(gateway);
  });

  it('more logins than are carried at once are refused at once, however their address is spelled', async () => {
    const released = Promise.withResolvers<void>();
    gateway.auth.answers['login.start'] = async () => {
      await released.promise;
      return { status: 'signed_in', session: sessionReply(), browserId: null };
    };
    const paths = ['/v1/login', '/v1/%6Cogin', '/v1/login?x=1', '/%76%31/login'];
    const refused: Awaited<ReturnType<typeof login>>[] = [];
    const all = Array.from({ length: 120 }, async (_value, index) => {
      const answered = await gateway.post(paths[index % paths.length] ?? '', { loginName: 'owner', password: 'x' });
      if (answered.status === 503) refused.push(answered);
      return answered.status;
    });
    await eventually(() => refused.length >= 80, { timeoutMs: 3_500, what: 'early refusals' });
    for (const { body, headers } of refused) {
      expect([body.code, headers.get('retry-after'), headers.get('x-content-type-options')]).toEqual(['unavailable', '1', 'nosniff']);
    }
    released.resolve();
    expect((await Promise.all(all)).filter((status) => status === 200).length).toBe(120 - refused.length);
    answer(gateway);
  });

  it('the broker cut off: 503 at once for what is under way, soon for what comes; back again, everything works without a restart', async () => {
    const taken = Promise.withResolvers<void>();
    const never = Promise.withResolvers<never>();
    gateway.auth.answers['login.start'] = () => {
      taken.resolve();
      return never.promise;
    };
    const underWay = login(gateway);
    await taken.promise;
    gateway.broker.cutOff();
    await expectUnavailable([underWay], 1_000);
    never.reject(new Error('too late'));
    await expectUnavailable(everyKind(gateway), 2_500);
    await eventually(async () => (await health(gateway, 'ready')) === 503, { what: 'a gateway that says it is not ready' });
    expect((await gateway.fetch('/')).status).toBe(200);

    answer(gateway);
    gateway.broker.mend();
    await worksAgain(gateway, 'an answer after the broker came back');
    await eventually(async () => (await health(gateway, 'ready')) === 200, { what: 'a ready gateway' });
  });
});

it('started before its broker it lives, says that it is not ready, and serves as soon as the broker is there', async () => {
  const early = await start({ broker: 'away' });
  expect([await health(early, 'live'), await health(early, 'ready')]).toEqual([200, 503]);
  await expectUnavailable([login(early), session(early)], 2_500);
  expect(await early.post('/v1/login', { loginName: 7 })).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  early.broker.mend();
  await early.ready();
  expect((await session(early)).status).toBe(200);
  await early.stop();
});
