import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { WebhookProvider } from './webhook.ts';
import { WebhookSignature } from './webhook-signature.ts';

const asked: { headers: IncomingHttpHeaders; body: string }[] = [];
let answer: { status: number; body: string };
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push({ headers: request.headers, body });
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`;
});
afterAll(() => void server.close());
beforeEach(() => {
  asked.length = 0;
  answer = { status: 200, body: '{"id":"theirs"}' };
});

const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const now = new Date('2026-11-01T12:00:00Z');
const provider = (more: { channels?: ('sms' | 'email')[] } = {}) => new WebhookProvider({ url, secret, clock: { now: () => now }, ...more });
const text = { channel: 'sms', to: '+14155550123', text: 'Ihr Code für Zoë: 012345', messageId: '0199-a', expiresAt: new Date('2026-11-01T12:10:00Z') } as const;
const mail = { channel: 'email', to: 'zoe@example.com', subject: 'Code', text: '012345', html: '<b>012345</b>', messageId: '0199-b' } as const;

it('posts the message, signed so that the receiver can tell it is ours', async () => {
  await provider().send(text);
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ id: '0199-a', channel: 'sms', to: '+14155550123', text: text.text, expiresAt: '2026-11-01T12:10:00.000Z' });
  expect(asked[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': '0199-a' });
  expect(new WebhookSignature([secret]).isGood(asked[0]?.headers as Record<string, string>, asked[0]?.body ?? '', now)).toBe(true);
  await provider().send(mail);
  expect(JSON.parse(asked[1]?.body ?? '')).toEqual({ id: '0199-b', channel: 'email', to: 'zoe@example.com', subject: 'Code', text: '012345', html: '<b>012345</b>' });
});

it('sent again it has the same id, so that the receiver can send once', async () => {
  await provider().send(text);
  await provider().send(text);
  expect(asked.map(({ headers }) => headers['webhook-id'])).toEqual(['0199-a', '0199-a']);
});

it('sends only the channels it is set for', async () => {
  await expect(provider({ channels: ['sms'] }).send(mail)).rejects.toThrow('sends sms');
  expect(asked).toEqual([]);
});

it.each<[number, string, string]>([
  [200, '{"id":"theirs"}', 'theirs'],
  [202, '{"id":"theirs","status":"queued"}', 'theirs'],
  [204, '', '0199-a'],
  [200, '{}', '0199-a'],
  [200, '{"id":7}', '0199-a'],
])('%i with %j is acceptance, and the message is known as %s', async (status, body, providerMessageId) => {
  answer = { status, body };
  expect(await provider().send(text)).toEqual({ outcome: 'accepted', providerMessageId });
});

it.each<[number, string, string, string]>([
  [400, '{"error":{"code":"bad_number"}}', 'permanent', 'HTTP 400 bad_number'],
  [413, '', 'permanent', 'HTTP 413'],
  [422, '{"error":"opted_out"}', 'permanent', 'HTTP 422 opted_out'],
  [451, '{"code":"country_blocked"}', 'permanent', 'HTTP 451 country_blocked'],
  [200, '{"error":{"code":"no_such_number"}}', 'permanent', 'HTTP 200 no_such_number'],
  [301, '', 'transient', 'HTTP 301'],
  [401, '{"error":{"code":"not_signed"}}', 'transient', 'HTTP 401 not_signed'],
  [404, '<html>', 'transient', 'HTTP 404'],
  [408, '', 'transient', 'HTTP 408'],
  [429, '', 'transient', 'HTTP 429'],
  [500, '', 'transient', 'HTTP 500'],
  [503, '', 'transient', 'HTTP 503'],
  [502, '', 'unknown', 'HTTP 502'],
  [504, '', 'unknown', 'HTTP 504'],
  [200, '<html>Welcome to the hotel Wi-Fi</html>', 'unknown', 'an answer that is not JSON'],
  [422, '{"error":{"code":"+14155550123"}}', 'permanent', 'HTTP 422'],
  [422, '{"error":"no number like +14155550123"}', 'permanent', 'HTTP 422'],
])('%i with %j is %s: %s', async (status, body, outcome, reason) => {
  answer = { status, body };
  expect(await provider().send(text)).toEqual({ outcome, reason });
});
