import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { TwilioProvider } from './twilio.ts';

// What the provider asks for, looked at from the other end of the wire, and what it makes of every answer.
const asked: { url: string; headers: IncomingHttpHeaders; form: Record<string, string> }[] = [];
let answer: { status: number; body: string };
let server: Server;
let endpoint: string;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push({ url: request.url ?? '', headers: request.headers, form: Object.fromEntries(new URLSearchParams(body)) });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  asked.length = 0;
  answer = { status: 201, body: JSON.stringify({ sid: 'SM1', status: 'queued', error_code: null }) };
});

const accountSid = `AC${'1'.repeat(32)}`;
const now = new Date('2026-11-01T12:00:00Z');
const message = { channel: 'sms', to: '+14155550123', text: '012345 is your code', messageId: '0199-a' } as const;
const provider = (more: Partial<ConstructorParameters<typeof TwilioProvider>[0]> = {}) =>
  new TwilioProvider({ accountSid, password: 'token', from: '+15005550006', endpoint, clock: { now: () => now }, ...more });

it('asks as Twilio wants to be asked', async () => {
  await provider({ statusCallback: 'https://login.example/receipts/twilio' }).send({ ...message, expiresAt: new Date(now.getTime() + 599_999) });
  expect(asked).toMatchObject([
    {
      url: `/2010-04-01/Accounts/${accountSid}/Messages.json`,
      headers: { authorization: `Basic ${Buffer.from(`${accountSid}:token`).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' },
      form: { To: '+14155550123', From: '+15005550006', Body: '012345 is your code', StatusCallback: 'https://login.example/receipts/twilio', ValidityPeriod: '599' },
    },
  ]);
});

it('logs in with an API key where there is one, and sends through a messaging service where one is named', async () => {
  await provider({ username: 'SK9', password: 'secret', from: `MG${'a'.repeat(32)}` }).send(message);
  expect(asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('SK9:secret').toString('base64')}`);
  expect(asked[0]?.form).toEqual({ To: message.to, Body: message.text, MessagingServiceSid: `MG${'a'.repeat(32)}` });
});

it.each([
  [-5_000, '1'],
  [500, '1'],
  [90_000_000, '36000'],
])('Twilio keeps a text no longer than its code lives: %i ms', async (left, seconds) => {
  await provider().send({ ...message, expiresAt: new Date(now.getTime() + left) });
  expect(asked[0]?.form['ValidityPeriod']).toBe(seconds);
});

it.each<[string, number, number | undefined, string]>([
  ['no valid number', 400, 21211, 'permanent'],
  ['a landline', 400, 21614, 'permanent'],
  ['opted out', 400, 21610, 'permanent'],
  ['a blocked country', 400, 21408, 'permanent'],
  ['out of reach from this sender', 400, 21612, 'permanent'],
  ['a sender that is not ours', 400, 21606, 'transient'],
  ['wrong credentials', 401, 20003, 'transient'],
  ['a suspended account', 403, 20005, 'transient'],
  ['no such account', 404, 20404, 'transient'],
  ['too many requests', 429, 20429, 'transient'],
  ['a full queue', 400, 21611, 'transient'],
  ['an error nobody knows', 400, 99999, 'transient'],
  ['an internal error', 500, 20500, 'transient'],
  ['unavailable, without words', 503, undefined, 'transient'],
  ['a bad gateway', 502, undefined, 'unknown'],
  ['a gateway that gave up', 504, undefined, 'unknown'],
])('Twilio says %s (%i, %i): %s', async (_what, status, code, outcome) => {
  answer = { status, body: code === undefined ? '<html>' : JSON.stringify({ code, message: `Something about ${message.to}`, status }) };
  const told = await provider().send(message);
  expect(told).toMatchObject({ outcome });
  expect(JSON.stringify(told)).not.toContain('4155550123');
});

it.each([
  ['failed', 30005, 'permanent'],
  ['undelivered', 30006, 'permanent'],
  ['failed', 30001, 'transient'],
  ['failed', null, 'transient'],
  ['canceled', null, 'transient'],
])('201 for a message that is %s already (%s): %s', async (status, error_code, outcome) => {
  answer = { status: 201, body: JSON.stringify({ sid: 'SM1', status, error_code }) };
  expect(await provider().send(message)).toMatchObject({ outcome });
});

it.each(['', '<html>Welcome to the hotel Wi-Fi</html>', '{}', '{"sid":""}', '[]', 'null'])('201 with %j: nobody knows', async (body) => {
  answer = { status: 201, body };
  expect(await provider().send(message)).toMatchObject({ outcome: 'unknown' });
});
