import { Refusal } from '@latchkey/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GatewayUnderTest } from '../testing/gateway-under-test.ts';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  gateway.delivery.answers['delivery.take-receipt'] = async ({ provider }) => {
    if (provider === 'forged') throw new Refusal('not_found', { detail: 'signature of ses-eu is wrong' });
    if (provider === 'busy') throw new Refusal('unavailable');
    return {};
  };
});
afterAll(() => gateway.stop());

const post = (path: string, body: string, headers: Record<string, string> = {}) => gateway.fetch(path, { method: 'POST', body, headers });
const lastAsked = () => gateway.delivery.lastAsked('delivery.take-receipt');

it.each([
  ['application/x-www-form-urlencoded', 'MessageSid=SM1&To=%2B14155550123&MessageStatus=delivered'],
  ['text/plain; charset=UTF-8', '{"Type":"Notification",\n "Message":"ü \\u00fc"}'],
  ['application/json', '{ "id": "1",   "state":"delivered" }'],
])('a receipt as %s reaches its reader byte for byte, with the address and only the headers of signatures', async (contentType, body) => {
  const others = { cookie: 'a=b', authorization: 'Bearer x', 'x-forwarded-for': '1.2.3.4', 'user-agent': 'TwilioProxy/1.1' };
  const response = await post('/v1/receipts/twilio-us?try=1&x=%2F', body, { 'content-type': contentType, 'x-twilio-signature': 'abc=', ...others });
  expect([response.status, await response.text()]).toEqual([204, '']);
  const { sealedBody, ...asked } = lastAsked();
  const url = `${gateway.baseUrl.replace('127.0.0.1', 'localhost')}/v1/receipts/twilio-us?try=1&x=%2F`;
  expect(asked).toEqual({ provider: 'twilio-us', url, headers: { 'content-type': contentType, 'x-twilio-signature': 'abc=' } });
  expect(await gateway.sealing.open('destination', sealedBody)).toBe(body);
});

it('what crosses the broker shows neither number nor address', async () => {
  await post('/v1/receipts/ses', 'To=%2B14155550123&mail=maria@example.com', { 'content-type': 'text/plain' });
  expect(JSON.stringify(lastAsked())).not.toMatch(/4155550123|maria/);
});

it('it is no matter of sessions: cookies of ours and foreign origins change nothing', async () => {
  for (const headers of [{ cookie: `session=${'s'.repeat(43)}`, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, { origin: 'https://api.twilio.com' }]) {
    expect((await post('/v1/receipts/twilio', 'a=b', { 'content-type': 'application/x-www-form-urlencoded', ...(headers as unknown as Record<string, string>) })).status).toBe(204);
  }
});

it('forged, unknown and impossible providers are the same 404, which says nothing of why', async () => {
  const problems = await Promise.all(['forged', 'UPPER', 'x'.repeat(41), '..%2Fsecret', '%00'].map(async (provider) => {
    const response = await post(`/v1/receipts/${provider}`, '{}', { 'content-type': 'application/json' });
    return [response.status, response.headers.get('content-type'), ((await response.json()) as { code: string }).code];
  }));
  for (const problem of problems) expect(problem).toEqual([404, 'application/problem+json; charset=utf-8', 'not_found']);
});

it('64 KiB are taken and not a byte more', async () => {
  expect((await post('/v1/receipts/ses', 'x'.repeat(64 * 1024), { 'content-type': 'text/plain' })).status).toBe(204);
  expect((await gateway.sealing.open('destination', lastAsked().sealedBody)).length).toBe(64 * 1024);
  const asked = gateway.delivery.asked.length;
  for (const size of [64 * 1024 + 1, 3 * 1024 * 1024]) expect((await post('/v1/receipts/ses', 'x'.repeat(size), { 'content-type': 'text/plain' })).status).toBe(413);
  expect(gateway.delivery.asked.length).toBe(asked);
});

it('a receipt that can not be taken now is a 503 that asks its sender to come again', async () => {
  const response = await post('/v1/receipts/busy', '{}', { 'content-type': 'application/json' });
  expect([response.status, Number(response.headers.get('retry-after')) > 0]).toEqual([503, true]);
});

it('without a body or a content type it is a receipt like any other, to be judged by its reader', async () => {
  expect((await gateway.fetch('/v1/receipts/ses', { method: 'POST' })).status).toBe(204);
  expect(await gateway.sealing.open('destination', lastAsked().sealedBody)).toBe('');
});

it('only POST is allowed, and the rest of the API still takes JSON alone', async () => {
  const wrong = await gateway.fetch('/v1/receipts/ses');
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
  expect((await post('/v1/login', 'loginName=owner', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
});

it('answers are never kept by a cache', async () => {
  expect((await post('/v1/receipts/ses', '{}', { 'content-type': 'application/json' })).headers.get('cache-control')).toBe('no-store');
});
