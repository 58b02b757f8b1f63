import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Channel, CodeIssued } from '@latchkey/contracts';
import { AmqpServer, Messaging, PassErrorsFilter } from '@latchkey/messaging';
import { createDataSource, createLogger, SealingKeys, systemClock } from '@latchkey/platform';
import { eventually, readInbox, testPostgres, testVhost } from '@latchkey/testing';
import { NestFactory } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppModule } from '../app-module.ts';
import { Deliveries1764000000000 } from '../migrations/1764000000000-deliveries.ts';
import { SesProvider } from '../providers/ses.ts';
import { SnsProvider } from '../providers/sns.ts';

const logger = createLogger('test', 'silent' as 'fatal');
const keys = new SealingKeys(`k1:${randomBytes(32).toString('base64')}`);
const cleanUp: (() => Promise<unknown> | unknown)[] = [];
let inboxUrl: string;
let messaging: Messaging;
let source: DataSource;

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

async function startInbox(): Promise<string> {
  const [port, internalPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../../inbox/src/main.ts')], {
    env: { ...process.env, LATCHKEY_INBOX_PORT: String(port), LATCHKEY_INTERNAL_PORT: String(internalPort) },
    stdio: 'ignore',
  });
  cleanUp.push(() => child.kill());
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${url}/messages`)).ok, { timeoutMs: 15_000, what: 'the inbox' });
  return url;
}

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'latchkey-test';
  process.env.AWS_SECRET_ACCESS_KEY = 'latchkey-test-secret';
  const [database, vhost, url] = await Promise.all([testPostgres({ schema: 'delivery' }), testVhost(), startInbox()]);
  inboxUrl = url;
  source = createDataSource({ url: database.url, schema: 'delivery', migrations: [Deliveries1764000000000], service: 'test' });
  await source.initialize();
  await source.runMigrations();
  messaging = new Messaging({ url: vhost.url, name: 'delivery', logger });
  const strategy = new AmqpServer({ service: 'delivery', connection: messaging.connection, publisher: messaging.publisher, logger, retries: { waitsMs: [1_000, 1_000, 1_000], jitter: () => 0.1 } });
  const aws = { region: 'us-east-1', endpoint: inboxUrl, timeoutMs: 1_500 };
  const providers = { sms: new SnsProvider(aws), email: new SesProvider({ ...aws, from: 'no-reply@latchkey.example' }) };
  const app = await NestFactory.createMicroservice(AppModule.for({ source, messaging, providers, keys, clock: systemClock, logger }), { strategy, logger: false });
  app.useGlobalFilters(new PassErrorsFilter());
  await app.listen();
  await eventually(() => strategy.consuming, { timeoutMs: 10_000 });
  cleanUp.unshift(() => app.close(), () => messaging.close(), () => source.destroy(), () => database.drop(), () => vhost.delete());
});
afterAll(async () => {
  for (const step of cleanUp) await step();
});

let lastNumber = 2_000_000;
const newNumber = () => `+1415${(lastNumber += 1)}`;

async function send(to: string, overrides: Partial<CodeIssued> = {}, options: { id?: string; channel?: Channel } = {}) {
  const id = options.id ?? randomUUID();
  const message: CodeIssued = {
    attemptId: randomUUID(),
    loginId: randomUUID(),
    providerId: randomUUID(),
    methodId: randomUUID(),
    purpose: 'login',
    sealedCode: await keys.seal('code', '012345'),
    sealedDestination: await keys.seal('destination', to),
    maskedDestination: '•••• 0000',
    locale: 'en',
    branding: { name: 'Demo Security', host: 'localhost' },
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
    sendNumber: 1,
    ...overrides,
  };
  await messaging.publisher.publish(`code.issued.${options.channel ?? 'sms'}`, message, { id });
  return { id, message };
}

const row = async (id: string) => ((await source.query('SELECT * FROM deliveries WHERE message_id = $1', [id])) as Record<string, unknown>[])[0];
const reaches = (id: string, state: string) => eventually(async () => (await row(id))?.state === state && row(id), { timeoutMs: 10_000, what: `state ${state}` });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('a code arrives once as a text that ends with the line that binds it to the website', async () => {
  const to = newNumber();
  const { id, message } = await send(to);
  await reaches(id, 'accepted');
  const texts = await readInbox(inboxUrl, to);
  expect(texts.map(({ text }) => text)).toEqual(['012345 is your Demo Security login code.\n\n@localhost #012345']);
  const { states } = await messaging.requester.request('delivery.states', { attemptId: message.attemptId });
  expect(states.map(({ state }) => state)).toEqual(['queued', 'accepted']);
});

it('a code arrives as an email with both parts', async () => {
  const { id } = await send('maria@example.com', { locale: 'de' }, { channel: 'email' });
  await reaches(id, 'accepted');
  const [mail] = await readInbox(inboxUrl, 'maria@example.com');
  expect(mail).toMatchObject({ channel: 'email', subject: '012345 ist Ihr Code für Demo Security' });
  expect(mail?.text).toContain('012345');
  expect(mail?.html).toContain('012345');
});

it('the same message ten times is one text', async () => {
  const to = newNumber();
  const { id, message } = await send(to);
  await reaches(id, 'accepted');
  for (let i = 0; i < 9; i += 1) await messaging.publisher.publish('code.issued.sms', message, { id });
  await pause(500);
  expect(await readInbox(inboxUrl, to)).toHaveLength(1);
});

it('an expired code is never sent', async () => {
  const to = newNumber();
  const { id } = await send(to, { expiresAt: new Date(Date.now() - 1).toISOString() });
  await reaches(id, 'expired');
  expect(await readInbox(inboxUrl, to)).toHaveLength(0);
});

it('a number that opted out fails for good, after one ask', async () => {
  const { id } = await send('+14159990002');
  expect(await reaches(id, 'failed')).toMatchObject({ asks: 1, unknowns: 0 });
});

it('a throttled message is asked for again, never counted as unknown', async () => {
  const { id } = await send('+14159990001');
  await eventually(async () => Number((await row(id))?.asks) >= 3, { timeoutMs: 8_000 });
  expect(await reaches(id, 'retrying')).toMatchObject({ unknowns: 0 });
});

it('a lost answer is recorded as unknown before anything is sent again', async () => {
  const { id } = await send('+14159990005');
  await eventually(async () => Number((await row(id))?.unknowns) >= 1, { timeoutMs: 8_000 });
  const states = await messaging.requester.request('delivery.states', { attemptId: String((await row(id))?.attempt_id) });
  expect(states.states.map(({ state }) => state)).toContain('unknown');
});

it('a crash between asking and writing down is unknown first, then sent again', async () => {
  const to = newNumber();
  const id = randomUUID();
  const attemptId = randomUUID();
  // What a worker killed at that moment leaves behind.
  await source.query(
    `INSERT INTO deliveries (message_id, attempt_id, login_id, method_id, channel, purpose, masked_destination, state, provider, queued_at, asked_at, expires_at)
     VALUES ($1, $2, $3, $3, 'sms', 'login', '•', 'asking', 'sns', now(), now(), now() + interval '10 minutes')`,
    [id, attemptId, randomUUID()],
  );
  await send(to, { attemptId }, { id });
  expect(await reaches(id, 'accepted')).toMatchObject({ asks: 2, unknowns: 1 });
  expect(await readInbox(inboxUrl, to)).toHaveLength(1);
});

it('the ledger holds neither code nor destination', async () => {
  const to = newNumber();
  const { id } = await send(to);
  const line = JSON.stringify(await reaches(id, 'accepted'));
  expect(line).not.toContain(to);
  expect(line).not.toMatch(/(?<![\w-])012345(?![\w-])/);
});
