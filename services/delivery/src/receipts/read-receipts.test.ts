import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutgoingMessage, Provider, Receipt, ReceiptReader, ReceiptRequest } from '../providers/provider.ts';
import { SesProvider } from '../providers/ses.ts';
import { credentials, type InboxProcess, startInbox } from '../providers/testing/inbox-process.ts';
import { TwilioProvider } from '../providers/twilio.ts';
import { WebhookProvider } from '../providers/webhook.ts';
import { SesReceipts } from './read-ses.ts';
import { TwilioReceipts } from './read-twilio.ts';
import { WebhookReceipts } from './read-webhook.ts';

// The whole way: a provider asks the inbox, which tells of the message later as the vendor would, signed as by the vendor.
const topicArn = 'arn:aws:sns:us-east-1:000000000000:latchkey-receipts';
const kinds = ['ses', 'twilio', 'webhook'] as const;
type Kind = (typeof kinds)[number];

let server: Server;
let inbox: InboxProcess;
let baseUrl: string;
const readers = {} as Record<Kind, ReceiptReader>;
const providers = {} as Record<Kind, Provider>;
const came: { kind: Kind; request: ReceiptRequest; receipts: Receipt[] }[] = [];
/** The next requests of this kind are answered with 503, as when we are away. */
let away: Kind | undefined;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const kind = request.url?.slice(1) as Kind;
    if (away === kind) return void response.writeHead(503).end();
    const read = { url: baseUrl + request.url, headers: request.headers as Record<string, string>, body };
    try {
      came.push({ kind, request: read, receipts: await readers[kind].read(read) });
      response.writeHead(204).end();
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  inbox = await startInbox({ ses: `${baseUrl}/ses`, webhook: `${baseUrl}/webhook` });

  const { twilio } = credentials;
  readers.ses = new SesReceipts({ topicArns: [topicArn], endpoint: inbox.url });
  readers.twilio = new TwilioReceipts({ accountSid: twilio.accountSid, authTokens: [twilio.authToken] });
  readers.webhook = new WebhookReceipts({ secrets: [credentials.webhookSecret] });
  providers.ses = new SesProvider({ region: 'us-east-1', endpoint: inbox.url, credentials: credentials.aws, from: 'no-reply@latchkey.example' });
  providers.twilio = new TwilioProvider({ accountSid: twilio.accountSid, password: twilio.authToken, from: '+15005550006', endpoint: inbox.url, statusCallback: `${baseUrl}/twilio` });
  providers.webhook = new WebhookProvider({ url: `${inbox.url}/webhook`, secret: credentials.webhookSecret });
}, 30_000);
afterAll(() => {
  for (const provider of Object.values(providers)) provider.close?.();
  inbox.stop();
  server.close();
});

let last = 0;
function messageTo(kind: Kind, ending = '5550100'): OutgoingMessage {
  last += 1;
  const common = { messageId: randomUUID(), text: '012345' };
  if (kind === 'ses') return { channel: 'email', to: `r${last}.${ending}@example.com`, subject: 'Code', html: '<b>012345</b>', ...common };
  return { channel: 'sms', to: `+${20_000 + last}${ending}`, ...common };
}

async function send(kind: Kind, ending?: string): Promise<string> {
  const answer = await providers[kind].send(messageTo(kind, ending));
  if (answer.outcome !== 'accepted') throw new Error(`${answer.outcome}: ${answer.reason}`);
  return answer.providerMessageId;
}

const told = (id: string) => came.find(({ receipts }) => receipts.some(({ providerMessageId }) => providerMessageId === id));
const receiptOf = (id: string) => eventually(() => told(id), { timeoutMs: 8_000, what: 'a receipt' });

describe.each(kinds)('%s', (kind) => {
  it('an accepted message is told delivered', async () => {
    const before = Date.now();
    const id = await send(kind);
    const { receipts } = await receiptOf(id);
    expect(receipts).toEqual([{ provider: kind, providerMessageId: id, outcome: 'delivered', at: expect.any(Date) }]);
    expect(receipts[0]?.at.getTime()).toBeGreaterThanOrEqual(before - 1_000);
    expect(receipts[0]?.at.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('one that could not be delivered is told failed, in words that hold no recipient', async () => {
    const { receipts } = await receiptOf(await send(kind, '9990007'));
    expect(receipts).toMatchObject([{ outcome: 'failed', reason: expect.stringMatching(/./) }]);
    expect(JSON.stringify(receipts)).not.toMatch(/9990007|@/);
  });

  it.each([
    ['that arrives without a receipt', '9990008'],
    ['that vanishes', '9990006'],
  ])('of one %s nothing is ever heard', async (_what, ending) => {
    const id = await send(kind, ending);
    // Another one, sent after it, has its receipt: its own would have come by now.
    await receiptOf(await send(kind));
    expect(told(id)).toBeUndefined();
  });

  it('a receipt altered in one place, or sent on to another reader, is refused', async () => {
    const id = await send(kind);
    const { request } = await receiptOf(id);
    const refused = { code: 'not_found' };
    await expect(readers[kind].read({ ...request, body: request.body.replace(id, id.replace(/.$/, (end) => (end === '0' ? '1' : '0'))) })).rejects.toMatchObject(refused);
    await expect(readers[kind].read({ ...request, body: `${request.body} x=1` })).rejects.toMatchObject(refused);
    for (const other of kinds.filter((one) => one !== kind)) await expect(readers[other].read(request)).rejects.toMatchObject(refused);
  });

  it('the same receipt again says the same: whoever stores it is not told anything new', async () => {
    const { request, receipts } = await receiptOf(await send(kind));
    const again = await readers[kind].read(request);
    expect(again.map(({ at: _at, ...rest }) => rest)).toEqual(receipts.map(({ at: _at, ...rest }) => rest));
  });
});

it('of an account that is not ours nothing counts', async () => {
  const [ses, twilio, webhook] = await Promise.all(kinds.map(async (kind) => (await receiptOf(await send(kind))).request)) as [ReceiptRequest, ReceiptRequest, ReceiptRequest];
  const strangers: [ReceiptReader, ReceiptRequest][] = [
    [new SesReceipts({ topicArns: ['arn:aws:sns:us-east-1:111111111111:latchkey-receipts'], endpoint: inbox.url }), ses],
    [new SesReceipts({ topicArns: [topicArn] }), ses],
    [new TwilioReceipts({ accountSid: `AC${'6'.repeat(32)}`, authTokens: [credentials.twilio.authToken] }), twilio],
    [new TwilioReceipts({ accountSid: credentials.twilio.accountSid, authTokens: ['another'] }), twilio],
    [new WebhookReceipts({ secrets: [`whsec_${Buffer.alloc(32, 9).toString('base64')}`] }), webhook],
  ];
  for (const [reader, request] of strangers) await expect(reader.read(request)).rejects.toMatchObject({ code: 'not_found' });
});

it.each(['ses', 'webhook'] as const)('a receipt that we could not take is told again by %s', async (kind) => {
  away = kind;
  const id = await send(kind);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(told(id)).toBeUndefined();
  away = undefined;
  expect((await receiptOf(id)).receipts).toMatchObject([{ outcome: 'delivered' }]);
});
