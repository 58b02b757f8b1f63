import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startInbox } from './inbox-under-test.ts';
import type { InboxUnderTest } from './inbox-under-test.ts';

const login = { user: 'relay', password: 'the password' };
let inbox: InboxUnderTest;
let certificate: string;
beforeAll(async () => {
  inbox = await startInbox({ smtp: { port: 0, ...login } });
  certificate = await (await fetch(`${inbox.url}/smtp-certificate.pem`)).text();
});
afterAll(() => inbox.stop());
beforeEach(() => inbox.clear());

const send = (to: string, options: { password?: string; from?: string; tls?: boolean; anonymous?: boolean } = {}) =>
  createTransport({
    host: '127.0.0.1',
    port: inbox.smtpPort,
    ...(options.tls === false ? { ignoreTLS: true } : { requireTLS: true, tls: { ca: certificate } }),
    ...(options.anonymous ? {} : { auth: { user: login.user, pass: options.password ?? login.password } }),
  }).sendMail({ from: options.from ?? 'Latchkey <no-reply@localhost>', to, subject: 'Ihr Code: 012345 – grüße', text: '012345', html: '<b>012345</b>', headers: { 'Auto-Submitted': 'auto-generated' } });

test('mail arrives decoded, with its headers, over TLS by a certificate of our own', async () => {
  const { response } = await send('jane@example.com');
  expect(response).toMatch(/^250 2\.0\.0 Ok: queued as [0-9a-f]{16}-[0-9a-f-]{36}-000000$/);
  expect(await inbox.messages()).toMatchObject([
    { channel: 'email', to: 'jane@example.com', subject: 'Ihr Code: 012345 – grüße', text: expect.stringContaining('012345'), html: '<b>012345</b>', headers: { 'auto-submitted': 'auto-generated' } },
  ]);
});

test('without TLS too, as relays inside a network do', async () => {
  await send('jane@example.com', { tls: false });
  expect(await inbox.messages()).toHaveLength(1);
});

describe('the relay refuses, and nothing arrives', () => {
  test.each<[string, Promise<unknown> | (() => Promise<unknown>), number]>([
    ['a wrong password', () => send('jane@example.com', { password: 'wrong' }), 535],
    ['nobody in particular', () => send('jane@example.com', { anonymous: true }), 530],
    ['a sender that is not ours', () => send('jane@example.com', { from: 'x@stranger.example' }), 553],
    ['too many', () => send('jane9990001@example.com'), 451],
    ['a mailbox that is gone', () => send('jane9990002@example.com'), 550],
    ['an internal error', () => send('jane9990003@example.com'), 451],
    ['a refusal after the message', () => send('jane9990009@example.com'), 554],
  ])('%s', async (_what, attempt, responseCode) => {
    await expect((attempt as () => Promise<unknown>)()).rejects.toMatchObject({ responseCode });
    expect(await inbox.messages()).toEqual([]);
  });
});

test.each(['9990005', '9990011'])('%s arrives though its answer is lost', async (ending) => {
  const error = await send(`jane${ending}@example.com`).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toHaveProperty('responseCode');
  expect(await inbox.messages()).toHaveLength(1);
});

test('9990006 is taken and never arrives', async () => {
  await send('jane9990006@example.com');
  expect(await inbox.messages()).toEqual([]);
});

test('without a port there is no relay, and no certificate', async () => {
  const other = await startInbox();
  expect(other.smtpPort).toBe(0);
  expect((await fetch(`${other.url}/smtp-certificate.pem`)).status).toBe(404);
  await other.stop();
});
