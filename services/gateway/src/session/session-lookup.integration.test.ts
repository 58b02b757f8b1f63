import { setTimeout as wait } from 'node:timers/promises';
import { Refusal, type RequestPayload } from '@latchkey/contracts';
import { hashSecret, newSecret } from '@latchkey/platform';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { GatewayUnderTest, sessionReply } from '../testing/gateway-under-test.ts';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
});
afterAll(() => gateway.stop());

/** Each with a session of its own; every third one's has ended. */
const visitors = Array.from({ length: 250 }, (_, number) => ({ secret: newSecret(), session: { ...sessionReply(), login: { ...sessionReply().login, loginName: `visitor${number}` } }, signedIn: number % 3 !== 0 }));
const byHash = new Map(visitors.map((visitor) => [hashSecret(visitor.secret), visitor]));
const sessionOf = async ({ sessionHash }: RequestPayload<'session.get'>) => {
  const visitor = byHash.get(sessionHash);
  // As long as a way over the broker takes on a busy day.
  await wait(3);
  if (!visitor?.signedIn) throw new Refusal('not_signed_in');
  return visitor.session;
};
const read = ({ secret }: { secret: string }) => gateway.get('/v1/session', { cookie: `__Host-session=${secret}` });
const asked = (name: string) => gateway.auth.asked.filter((request) => request.name === name);
const expectOwnSessions = async () => {
  const answers = await Promise.all(visitors.map(read));
  for (const [number, { session, signedIn }] of visitors.entries()) {
    if (signedIn) expect(answers[number]).toMatchObject({ status: 200, body: { id: session.id, login: { loginName: `visitor${number}` } } });
    else expect(answers[number]).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
  }
};

beforeEach(() => {
  gateway.auth.asked.length = 0;
  gateway.auth.answers = { 'session.get': sessionOf };
});

it('of many at once each gets the answer of the own session, by few messages', async () => {
  await expectOwnSessions();
  const many = asked('session.get-all').map(({ payload }) => (payload as RequestPayload<'session.get-all'>).sessionHashes.length);
  const together = many.reduce((sum, count) => sum + count, 0);
  expect(Math.max(...many)).toBeLessThanOrEqual(100);
  expect(many.length + visitors.length - together).toBeLessThan(visitors.length / 2);
});

it('one who comes alone is asked for alone, and at once', async () => {
  expect(await read(visitors[1]!)).toMatchObject({ status: 200 });
  expect(gateway.auth.asked.map(({ name }) => name)).toEqual(['session.get']);
});

it('an auth that does not know the question for many is asked one by one', async () => {
  gateway.auth.answers['session.get-all'] = () => Promise.reject(new Refusal('invalid_request'));
  await expectOwnSessions();
});

it('a failure is told to all that it held for, and to nobody after', async () => {
  gateway.auth.answers = { 'session.get': () => Promise.reject(new Refusal('unavailable')), 'session.get-all': () => Promise.reject(new Refusal('unavailable')) };
  const failed = await Promise.all(visitors.slice(0, 50).map(read));
  expect(new Set(failed.map(({ status }) => status))).toEqual(new Set([503]));
  gateway.auth.answers = { 'session.get': sessionOf };
  await expectOwnSessions();
});

it('answers that take long hold up nobody who comes later', async () => {
  const slow = visitors.slice(0, 2).map(({ secret }) => hashSecret(secret));
  gateway.auth.answers['session.get'] = async (payload) => {
    if (slow.includes(payload.sessionHash)) await wait(1_500);
    return sessionOf(payload);
  };
  const late = Promise.all(visitors.slice(0, 2).map(read));
  await wait(50);
  const startedAt = performance.now();
  expect(await read(visitors[4]!)).toMatchObject({ status: 200 });
  expect(performance.now() - startedAt).toBeLessThan(750);
  expect((await late).map(({ status }) => status)).toEqual([401, 200]);
});
