import { createServer, type Server } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { answerToAwsError } from './aws-errors.ts';
import { SnsProvider } from './sns.ts';

// Real sockets behind the real SDK: what it makes of each way to fail is what has to be told apart.
let server: Server | undefined;
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

async function listenOn(made: Server): Promise<string> {
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

const answers = (status: number, body: string) =>
  listenOn(createHttpServer((_request, response) => void response.writeHead(status, { 'content-type': 'text/xml', connection: 'close' }).end(body)));
const errorBody = (code: string) => `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>+14155550123</Message></Error></ErrorResponse>`;
const ask = (endpoint: string) => new SnsProvider({ region: 'us-east-1', endpoint, timeoutMs: 400 }).send({ channel: 'sms', to: '+14155550123', text: 'a text', messageId: '0199-a' });

it.each([
  ['OptedOut', 400, 'permanent'],
  ['InvalidParameter', 400, 'permanent'],
  ['Throttled', 429, 'transient'],
  ['Throttling', 400, 'transient'],
  ['InternalError', 500, 'transient'],
  ['ServiceUnavailable', 503, 'transient'],
  ['BadGateway', 502, 'unknown'],
  ['GatewayTimeout', 504, 'unknown'],
  ['AuthorizationError', 403, 'transient'],
  ['NobodyKnowsThis', 400, 'transient'],
])('SNS says %s (%i): %s, and the reason holds no phone number', async (code, status, outcome) => {
  const answer = await ask(await answers(status, errorBody(code)));
  expect(answer).toMatchObject({ outcome });
  expect(JSON.stringify(answer)).not.toContain('4155550123');
});

it('nobody listens: surely not sent', async () => {
  const endpoint = await listenOn(createServer());
  await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  expect(await ask(endpoint)).toMatchObject({ outcome: 'transient', reason: 'ECONNREFUSED' });
});

it('no connection in time: surely not sent', () => {
  const message = '@smithy/node-http-handler - the request socket did not establish a connection with the server within the configured timeout of 5000 ms.';
  expect(answerToAwsError(Object.assign(new Error(message), { name: 'TimeoutError' }))).toMatchObject({ outcome: 'transient' });
});

it('no answer in time: nobody knows', async () => {
  const endpoint = await listenOn(createServer((socket) => void socket.on('error', () => undefined)));
  server?.on('connection', (socket) => setTimeout(() => socket.destroy(), 1_000));
  expect(await ask(endpoint)).toMatchObject({ outcome: 'unknown', reason: 'ETIMEDOUT' });
});

it('the connection ends before the answer: nobody knows', async () => {
  const endpoint = await listenOn(createServer((socket) => void socket.once('data', () => socket.destroy())));
  expect(await ask(endpoint)).toMatchObject({ outcome: 'unknown' });
});

it.each([
  ['an answer that is no SNS answer', '<html>Welcome to the hotel Wi-Fi</html>'],
  ['nothing', ''],
])('200 with %s: nobody knows', async (_, body) => {
  expect(await ask(await answers(200, body))).toMatchObject({ outcome: 'unknown' });
});
