import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startInbox } from './inbox-under-test.ts';
import type { InboxUnderTest } from './inbox-under-test.ts';
import { startReceiver } from './receiver-under-test.ts';
import type { ReceiverUnderTest } from './receiver-under-test.ts';
import { isSignedWebhook, webhookHeaders } from './webhook-signature.ts';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
let inbox: InboxUnderTest;
let receiver: ReceiverUnderTest;
beforeAll(async () => {
  receiver = await startReceiver();
  inbox = await startInbox({ webhookSecret: secret, webhookReceiptUrl: `${receiver.url}/receipts` });
});
afterAll(async () => {
  await inbox.stop();
  await receiver.stop();
});
beforeEach(async () => {
  await inbox.clear();
  receiver.came.length = 0;
  receiver.state.answer = 204;
});

let last = 0;
const text = (changes: Record<string, unknown> = {}) => ({ id: `m${(last += 1)}`, channel: 'sms', to: '+15555550100', text: '012345', ...changes });
const mail = { channel: 'email', to: 'jane@example.com', subject: 'Code', html: '<b>012345</b>' };
const post = (message: unknown, headers?: Record<string, string>) => {
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  return fetch(`${inbox.url}/webhook`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...(headers ?? webhookHeaders(secret, 'w1', body)) } });
};

test('signs as the published vector of Standard Webhooks does', () => {
  const headers = webhookHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_p5jXN8AQM9LWM0D4loKWxJek', '{"test": 2432232314}', 1_614_265_330_000);
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  expect(isSignedWebhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', headers, '{"test": 2432232314}', 1_614_265_330_000)).toBe(true);
});

test('a text and a mail arrive as they were sent', async () => {
  expect(await (await post(text())).json()).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect((await post(text(mail))).status).toBe(200);
  expect(await inbox.messages()).toMatchObject([
    { channel: 'email', to: 'jane@example.com', subject: 'Code', text: '012345', html: '<b>012345</b>' },
    { channel: 'sms', to: '+15555550100', text: '012345' },
  ]);
});

test('the same message again arrives once and is answered the same', async () => {
  const message = text();
  const first = await (await post(message)).json();
  expect(await (await post(message)).json()).toEqual(first);
  expect(await inbox.messages()).toHaveLength(1);
});

describe('what is not signed is refused, and nothing arrives', () => {
  const body = JSON.stringify(text());
  const right = webhookHeaders(secret, 'w1', body);
  const earlier = webhookHeaders(secret, 'w1', body, Date.now() - 301_000);
  test.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['another secret', webhookHeaders(`whsec_${Buffer.alloc(32, 6).toString('base64')}`, 'w1', body)],
    ['another body', webhookHeaders(secret, 'w1', `${body} `)],
    ['another id', { ...right, 'webhook-id': 'w2' }],
    ['six minutes ago', earlier],
    ['a time it was not signed with', { ...earlier, 'webhook-timestamp': right['webhook-timestamp'] ?? '' }],
  ])('%s', async (_what, headers) => {
    expect((await post(body, headers)).status).toBe(401);
    expect(await inbox.messages()).toEqual([]);
  });
});

test.each<[string, unknown, number, string]>([
  ['no JSON', '{', 400, 'invalid_request'],
  ['no number', text({ to: 'jane' }), 400, 'invalid_request'],
  ['a mail without HTML', text({ ...mail, html: undefined }), 400, 'invalid_request'],
  ['a field nobody knows', text({ code: '012345' }), 400, 'invalid_request'],
  ['a message that expired', text({ expiresAt: '2020-01-01T00:00:00Z' }), 422, 'expired'],
  ['a recipient who opted out', text({ to: '+12029990002' }), 422, 'opted_out'],
  ['too many', text({ to: '+12029990001' }), 429, 'too_many_requests'],
  ['an internal error', text({ to: '+12029990003' }), 500, 'internal'],
  ['an error that looks like success', text({ to: '+12029990009' }), 200, 'no_such_recipient'],
])('%s is refused, and nothing arrives', async (_what, message, status, code) => {
  const answer = await post(message);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: { code } });
  expect(await inbox.messages()).toEqual([]);
});

test('receipts come signed, with the id that was answered', async () => {
  const { id } = (await (await post(text())).json()) as { id: string };
  await expect.poll(() => receiver.came).toHaveLength(1);
  const [receipt] = receiver.came;
  expect(JSON.parse(receipt?.body ?? '')).toEqual({ id, state: 'delivered', at: expect.any(String) });
  const { 'webhook-id': webhookId, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = receipt?.headers ?? {};
  expect(signature).toBe(`v1,${createHmac('sha256', Buffer.alloc(32, 5)).update(`${webhookId}.${timestamp}.${receipt?.body}`).digest('base64')}`);
});

test('a receipt that is not taken is told three times, with the same id', { timeout: 10_000 }, async () => {
  receiver.state.answer = 503;
  await post(text({ to: '+12029990007' }));
  await expect.poll(() => receiver.came, { timeout: 5_000 }).toHaveLength(3);
  expect(new Set(receiver.came.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(JSON.parse(receiver.came[0]?.body ?? '')).toMatchObject({ state: 'failed' });
});
