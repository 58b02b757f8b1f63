import { randomUUIDv7 } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type DeliveryEvent, type EventName, type RequestReply, Refusal } from '@latchkey/contracts';
import { hashSecret, newSecret } from '@latchkey/platform';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { EventStream } from '../testing/event-stream.ts';
import { GatewayUnderTest, moment } from '../testing/gateway-under-test.ts';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
});
afterAll(() => gateway.stop());

/** An attempt that auth knows, with one queued code that the ledger does not know yet. */
let attempt: string;
let watch: RequestReply<'login.watch'>;
let methodId: string;
beforeEach(() => {
  attempt = `w${newSecret()}`;
  methodId = randomUUIDv7();
  watch = { attemptId: randomUUIDv7(), resetAttemptId: randomUUIDv7(), expiresAt: moment(600), queued: [{ methodId, at: moment(-5) }] };
  gateway.auth.asked.splice(0);
  gateway.auth.answers['login.watch'] = async ({ attemptHash }) => {
    if (attemptHash !== hashSecret(attempt)) throw new Refusal('attempt_over');
    return watch;
  };
  ledgerHas([]);
});

const ledgerHas = (states: DeliveryEvent[]) => void (gateway.delivery.answers['delivery.states'] = async ({ attemptId }) => ({ states: attemptId === watch.attemptId ? states : [] }));
const open = () => EventStream.open(`${gateway.baseUrl}/v1/login/events`, attempt);
/** As a page does that was told to come again. */
const comeBack = () =>
  eventually(async () => {
    const stream = await open();
    return stream.response.status === 200 && stream;
  }, { timeoutMs: 10_000, what: 'a stream that is open again' });
const ask = (headers: Record<string, string>, query = '') => gateway.get(`/v1/login/events${query}`, headers);

type State = EventName & `delivery.${string}`;
function report(name: State, at: string, attemptId = watch.attemptId): Promise<void> {
  return gateway.delivery.publish(name, { messageId: randomUUIDv7(), attemptId, loginId: randomUUIDv7(), methodId, channel: 'sms', provider: 'sns-eu', at, ...(name === 'delivery.failed' ? { suggestion: 'other_method' as const } : {}) });
}

it('without the header there is no stream, and an attempt in the address counts for nothing', async () => {
  for (const query of ['', `?attempt=${attempt}`, `?Login-Attempt=${attempt}`]) {
    expect(await ask({}, query)).toMatchObject({ status: 400, body: { code: 'invalid_request', issues: [{ path: 'Login-Attempt' }] } });
  }
  expect(gateway.auth.asked).toEqual([]);
});

it('an attempt that is none, is unknown or is over gets no stream', async () => {
  for (const garbled of ['x', attempt.slice(1), `${attempt}x`, `x${newSecret()}`, `${attempt}, ${attempt}`, '']) {
    expect(await ask({ 'login-attempt': garbled }), garbled).toMatchObject({ status: 410, body: { code: 'attempt_over' } });
  }
  expect(gateway.auth.asked).toEqual([]);
  expect(await ask({ 'login-attempt': `w${newSecret()}` })).toMatchObject({ status: 410, body: { code: 'attempt_over' } });
  expect(gateway.delivery.asked.filter(({ name }) => name === 'delivery.states')).toEqual([]);
});

it('tells the past in its order, then what happens, and nothing of the inside', async () => {
  ledgerHas([{ methodId, state: 'queued', at: moment(-5) }, { methodId, state: 'accepted', at: moment(-4) }]);
  const stream = await open();
  expect(stream.response.status).toBe(200);
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
  expect(stream.response.headers.get('cache-control')).toBe('no-store');
  expect(stream.response.headers.get('x-accel-buffering')).toBe('no');
  expect(stream.response.headers.get('content-security-policy')).toContain("default-src 'none'");
  await stream.has(2);
  const at = moment();
  await report('delivery.delivered', at);
  await stream.has(3);
  expect(stream.states).toEqual(['queued', 'accepted', 'delivered']);
  expect(stream.events[2]).toEqual({ methodId, state: 'delivered', at });
  await report('delivery.failed', moment());
  await stream.has(4);
  expect(stream.events[3]).toEqual({ methodId, state: 'failed', at: expect.any(String), suggestion: 'other_method' });
  expect(stream.text).not.toMatch(/sns-eu|messageId|loginId|attemptId|provider/);
  expect(stream.text.match(/^event: (?!delivery$)/m)).toBeNull();
  await stream.leave();
});

it('every state of the contract arrives by its name', async () => {
  const stream = await open();
  await stream.has(1);
  for (const state of ['queued', 'accepted', 'delivered', 'failed', 'unknown', 'expired'] as const) await report(`delivery.${state}`, moment());
  await stream.has(7);
  expect(stream.states.sort()).toEqual(['accepted', 'delivered', 'expired', 'failed', 'queued', 'queued', 'unknown']);
  await stream.leave();
});

it('what happens while the past is read is told once, after it', async () => {
  const [accepted, delivered] = [moment(-1), moment()];
  gateway.delivery.answers['delivery.states'] = async ({ attemptId }) => {
    if (attemptId !== watch.attemptId) return { states: [] };
    await report('delivery.accepted', accepted);
    await report('delivery.delivered', delivered);
    await wait(150);
    return { states: [{ methodId, state: 'queued', at: moment(-5) }, { methodId, state: 'accepted', at: accepted }] };
  };
  const stream = await open();
  await stream.has(3);
  await wait(100);
  expect(stream.states).toEqual(['queued', 'accepted', 'delivered']);
  await stream.leave();
});

it('an event that comes twice is told once; the same state of a second message is told again', async () => {
  const stream = await open();
  await stream.has(1);
  const [first, second] = [moment(-2), moment(-1)];
  for (const at of [first, first, second, first]) await report('delivery.accepted', at);
  await report('delivery.delivered', moment());
  await stream.has(4);
  expect(stream.states).toEqual(['queued', 'accepted', 'accepted', 'delivered']);
  await stream.leave();
});

it('two pages of one attempt are both told, and the page of another attempt is not', async () => {
  const pages = [await open(), await open()];
  const own = watch.attemptId;
  watch = { ...watch, attemptId: randomUUIDv7() };
  const stranger = await open();
  await Promise.all([...pages, stranger].map((stream) => stream.has(1)));
  await report('delivery.accepted', moment(), own);
  await Promise.all(pages.map((stream) => stream.has(2)));
  await pages[0]?.leave();
  await report('delivery.delivered', moment(), own);
  await pages[1]?.has(3);
  expect([pages[0]?.states, pages[1]?.states, stranger.states]).toEqual([['queued', 'accepted'], ['queued', 'accepted', 'delivered'], ['queued']]);
  await Promise.all([pages[1]?.leave(), stranger.leave()]);
});

it('five streams of an attempt are the most; one that left makes room', async () => {
  const streams = await Promise.all(Array.from({ length: 5 }, open));
  await Promise.all(streams.map((stream) => stream.has(1)));
  const sixth = await ask({ 'login-attempt': attempt });
  expect(sixth).toMatchObject({ status: 429, body: { code: 'too_many_requests', retryAfterSeconds: 5 } });
  expect(sixth.headers.get('retry-after')).toBe('5');
  await streams[0]?.leave();
  const next = await comeBack();
  await Promise.all([...streams, next].map((stream) => stream.leave()));
});

it('pages that left before auth answered take no place for ever', async () => {
  const answers = Promise.withResolvers<void>();
  gateway.auth.answers['login.watch'] = async () => {
    await answers.promise;
    return watch;
  };
  const leaving = new AbortController();
  const left = Array.from({ length: 10 }, () => gateway.fetch('/v1/login/events', { headers: { 'login-attempt': attempt }, signal: leaving.signal }).catch(() => undefined));
  await eventually(() => gateway.auth.asked.length === 10, { what: 'ten questions to auth' });
  leaving.abort();
  await Promise.all(left);
  await wait(50);
  answers.resolve();
  await wait(50);
  const streams = await Promise.all(Array.from({ length: 5 }, open));
  expect(streams.map(({ response }) => response.status)).toEqual([200, 200, 200, 200, 200]);
  await Promise.all(streams.map((stream) => stream.leave()));
});

it('a stream ends when its attempt does', async () => {
  watch = { ...watch, expiresAt: moment(0.5) };
  const stream = await open();
  await stream.has(1);
  expect(stream.ended).toBe(false);
  await eventually(() => stream.ended, { timeoutMs: 2_000, what: 'the end of the stream' });
});

it('asked for its head only, a stream does not stay open', async () => {
  const socket = connect(Number(new URL(gateway.baseUrl).port), '127.0.0.1');
  let head = '';
  socket.on('data', (data) => (head += data.toString()));
  socket.write(`HEAD /v1/login/events HTTP/1.1\r\nHost: localhost\r\nLogin-Attempt: ${attempt}\r\nConnection: close\r\n\r\n`);
  await eventually(() => socket.closed, { timeoutMs: 2_000, what: 'the end of the answer' });
  expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*content-type: text\/event-stream\r\n[\s\S]*\r\n\r\n$/);
});

it('delivery away: the page is told what was queued within 3 s, and what happens later', async () => {
  await gateway.delivery.goAway();
  const asked = performance.now();
  const stream = await open();
  await stream.has(1);
  expect(performance.now() - asked).toBeLessThan(3_000);
  expect(stream.states).toEqual(['queued']);
  await gateway.delivery.start();
  await report('delivery.accepted', moment());
  await stream.has(2);
  await stream.leave();
});

it('streams end when the broker is lost, and the page that comes back is told what it missed', async () => {
  const streams = [await open(), await open()];
  await Promise.all(streams.map((stream) => stream.has(1)));
  gateway.broker.cutOff();
  await Promise.all(streams.map(({ whenEnded }) => whenEnded));
  const refused = await ask({ 'login-attempt': attempt });
  expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect(refused.headers.has('retry-after')).toBe(true);

  ledgerHas([{ methodId, state: 'queued', at: moment(-5) }, { methodId, state: 'accepted', at: moment(-1) }]);
  gateway.broker.mend();
  const again = await comeBack();
  // The queue of events is a new one: what happens from here on arrives too.
  await report('delivery.delivered', moment());
  await again.has(3);
  expect(again.states).toEqual(['queued', 'accepted', 'delivered']);
  await again.leave();
});

it('the broker lost while the past is read is 503, not an empty stream', async () => {
  gateway.delivery.answers['delivery.states'] = async ({ attemptId }) => {
    if (attemptId !== watch.attemptId) return { states: [] };
    gateway.broker.cutOff();
    return { states: [] };
  };
  const answer = await ask({ 'login-attempt': attempt });
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', retryAfterSeconds: 1 } });
  gateway.broker.mend();
  await gateway.ready();
});

it('a gateway that has no queue of events opens no stream that would stay silent', async () => {
  const user = new URL(gateway.broker.url).username;
  const mayDeclare = (configure: string) => gateway.vhost.manage('PUT', `permissions/${user}`, { configure, write: '.*', read: '.*' });
  await mayDeclare('^(?!amq\\.gen).*$');
  gateway.broker.cutOff();
  gateway.broker.mend();
  await eventually(async () => (await gateway.get('/v1/session', { authorization: `Bearer ${newSecret()}` })).status === 401, { timeoutMs: 10_000, what: 'an answer of auth' });
  expect(await ask({ 'login-attempt': attempt })).toMatchObject({ status: 503, body: { code: 'unavailable', retryAfterSeconds: 1 } });
  await mayDeclare('.*');
  const stream = await comeBack();
  await report('delivery.accepted', moment());
  await stream.has(2);
  await stream.leave();
});

it('a gateway that is stopped ends its streams and does not wait for them', async () => {
  const other = await GatewayUnderTest.start();
  other.auth.answers['login.watch'] = async () => watch;
  other.delivery.answers['delivery.states'] = async () => ({ states: [] });
  const stream = await EventStream.open(`${other.baseUrl}/v1/login/events`, attempt);
  await stream.has(1);
  const asked = performance.now();
  await other.stop();
  expect([stream.ended, performance.now() - asked < 4_000]).toEqual([true, true]);
});
