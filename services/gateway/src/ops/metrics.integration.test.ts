import { randomUUIDv7 } from 'node:crypto';
import { Refusal } from '@latchkey/contracts';
import { newSecret } from '@latchkey/platform';
import { eventually, readMetrics } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeRequiredReply, GatewayUnderTest, moment, sessionReply } from '../testing/gateway-under-test.ts';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
});
afterAll(() => gateway.stop());

const read = () => readMetrics(gateway.internalUrl);
const bearer = { authorization: `Bearer ${'s'.repeat(43)}` };
const login = { loginName: 'owner', password: 'x' };

it('requests are counted by route, method and class of status; an address is never a label', async () => {
  gateway.auth.answers = {
    'session.get': async () => sessionReply(),
    'session.end': async () => ({}),
    'login.start': async () => {
      throw new Refusal('invalid_credentials');
    },
  };
  const before = await read();
  await gateway.get('/v1/session', bearer);
  const ids = Array.from({ length: 5 }, () => randomUUIDv7());
  for (const id of ids) expect((await gateway.call('DELETE', `/v1/sessions/${id}`, undefined, bearer)).status).toBe(204);
  expect((await gateway.post('/v1/login', login)).status).toBe(401);
  for (const path of ['/v1/no-such-thing', '/.env', '/wp-login.php']) await gateway.get(path);
  const grown = async (labels: Record<string, string>) => {
    const metrics = await read();
    return metrics.sum('latchkey_http_requests_seconds_count', labels) - before.sum('latchkey_http_requests_seconds_count', labels);
  };
  await eventually(async () => (await grown({ route: 'unmatched' })) === 3, { what: 'all of them counted' });
  expect(await grown({ route: '/v1/session', method: 'GET', status: '2xx' })).toBe(1);
  expect(await grown({ route: '/v1/sessions/:id', method: 'DELETE', status: '2xx' })).toBe(5);
  expect(await grown({ route: '/v1/login', method: 'POST', status: '4xx' })).toBe(1);
  const metrics = await read();
  for (const word of [...ids, 'wp-login', '.env', 'no-such']) expect(metrics.text).not.toContain(word);
  expect(metrics.sum('latchkey_http_requests_seconds_sum')).toBeGreaterThan(0);
  expect(metrics.value('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
  expect(metrics.value('latchkey_requests_asked_seconds_count', { request: 'login.start', outcome: 'refused' })).toBe(1);
});

it('logins beyond what it lets in at once are counted, and those inside are seen', async () => {
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  gateway.auth.answers['login.start'] = async () => {
    await answered;
    return codeRequiredReply();
  };
  const allowed = Math.ceil((await read()).value('latchkey_http_logins_allowed') ?? 0);
  expect(allowed).toBeGreaterThan(0);
  const logins = Array.from({ length: allowed + 10 }, () => gateway.post('/v1/login', login));
  await eventually(async () => (await read()).value('latchkey_http_logins_limited_total') === 10, { what: 'ten too many' });
  expect((await read()).value('latchkey_http_logins_inside')).toBe(allowed);
  answer();
  const statuses = (await Promise.all(logins)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 503)).toHaveLength(10);
  await eventually(async () => (await read()).value('latchkey_http_logins_inside') === 0, { what: 'nobody inside' });
});

it('a page that watches its delivery is an open stream until it leaves, and no slow request', async () => {
  gateway.auth.answers['login.watch'] = async () => ({ attemptId: randomUUIDv7(), resetAttemptId: randomUUIDv7(), expiresAt: moment(600), queued: [] });
  gateway.delivery.answers['delivery.states'] = async () => ({ states: [] });
  const leaving = new AbortController();
  const response = await gateway.fetch('/v1/login/events', { headers: { 'login-attempt': `a${newSecret()}` }, signal: leaving.signal });
  expect(response.status).toBe(200);
  // It listens for its attempt, and for the one that turns two-factor off.
  await eventually(async () => ((await read()).value('latchkey_event_streams_open') ?? 0) > 0, { what: 'an open stream' });
  leaving.abort();
  await eventually(async () => (await read()).value('latchkey_event_streams_open') === 0, { what: 'no open stream' });
  expect((await read()).sum('latchkey_http_requests_seconds_count', { route: '/v1/login/events' })).toBe(0);
});
