import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Channel, CodeIssued, DeliveryReport, NoticeIssued, NoticeKind } from '@latchkey/contracts';
import { eventsExchange, Messaging, type RetryPolicy } from '@latchkey/messaging';
import { createLogger, readConfig, SealingKeys } from '@latchkey/platform';
import { eventually, freePort, readInbox, testPostgres, testVhost } from '@latchkey/testing';
import { deliverySettings } from '../config.ts';
import type { CircuitOptions } from '../routing/circuit.ts';
import { deliveryDatabase, startService } from '../start-service.ts';

export const quiet = createLogger('test', 'silent' as 'fatal');
export const awsCredentials = { AWS_ACCESS_KEY_ID: 'latchkey-test', AWS_SECRET_ACCESS_KEY: 'latchkey-test-secret' };
const service = join(import.meta.dirname, '../..');
/** Tests have less time than people. */
export const quickRetries: RetryPolicy = { waitsMs: [1_000, 1_000, 1_000, 1_000], jitter: () => 0.2 };
/** For tests that are about something else than circuits. */
export const circuitThatNeverOpens: CircuitOptions = { size: 10_000, atLeast: 10_000, threshold: 0.99, openForMs: 1 };

/** A broker, a ledger and an inbox of a test file's own, and what puts codes into the queue and looks at what became of them. */
export async function prepareDelivery() {
  const cleanUp: (() => Promise<unknown> | unknown)[] = [];
  const sealingKey = `k1:${randomBytes(32).toString('base64')}`;
  const keys = new SealingKeys(sealingKey);
  const [database, vhost, inbox] = await Promise.all([testPostgres({ schema: 'delivery' }), testVhost(), startInbox()]);
  const source = await deliveryDatabase(database.url).initialize();
  await source.runMigrations({ transaction: 'all' });
  const messaging = new Messaging({ url: vhost.url, name: 'code-issuance', logger: quiet });
  cleanUp.push(() => messaging.close(), () => source.destroy(), () => database.drop(), () => vhost.delete(), () => inbox.process.kill());
  await messaging.connection.open();
  await messaging.connection.whenConnected(10_000);

  const environment = async (routes?: object, overrides: Record<string, string> = {}) => ({
    AWS_ENDPOINT_URL_SNS: inbox.url,
    AWS_ENDPOINT_URL_SES: inbox.url,
    LATCHKEY_AMQP_URL: vhost.url,
    LATCHKEY_DATABASE_URL: database.url,
    LATCHKEY_SEALING_KEYS: sealingKey,
    LATCHKEY_LOG_LEVEL: 'fatal',
    LATCHKEY_INTERNAL_PORT: String(await freePort()),
    ...(routes ? { LATCHKEY_DELIVERY_ROUTES: JSON.stringify(routes) } : {}),
    ...overrides,
  });
  const row = async (id: string) => ((await source.query('SELECT * FROM deliveries WHERE message_id = $1', [id])) as Record<string, any>[])[0];
  let lastNumber = 2_000_000;
  return {
    keys,
    sealingKey,
    database,
    vhost,
    source,
    messaging,
    inboxUrl: inbox.url,
    newNumber: () => `+1415${(lastNumber += 1)}`,

    /** A worker in this process, stopped with everything else. */
    async startWorker(routes?: object, options: { environment?: Record<string, string>; retries?: RetryPolicy; circuit?: CircuitOptions } = {}) {
      const settings = readConfig(deliverySettings, await environment(routes, options.environment));
      const worker = await startService(settings, { retries: options.retries ?? quickRetries, ...(options.circuit ? { circuit: options.circuit } : {}) });
      const internalUrl = `http://127.0.0.1:${settings.LATCHKEY_INTERNAL_PORT}`;
      await becomesReady(internalUrl);
      let stopped: Promise<void> | undefined;
      const stop = () => (stopped ??= worker.stop());
      cleanUp.unshift(stop);
      return { stop, internalUrl, metrics: async () => (await fetch(`${internalUrl}/metrics`)).text() };
    },

    /** The built worker as a process of its own, as an operator runs it. */
    async startProcess(main: string, routes?: object, overrides: Record<string, string> = {}): Promise<ChildProcess> {
      const variables = await environment(routes, overrides);
      const worker = spawn(process.execPath, [main], { stdio: 'ignore', env: { ...awsCredentials, ...variables } });
      cleanUp.unshift(() => worker.kill('SIGKILL'));
      await becomesReady(`http://127.0.0.1:${variables.LATCHKEY_INTERNAL_PORT}`);
      return worker;
    },

    /** Puts a code into the queue as code-issuance does. */
    async send(to: string, overrides: Partial<CodeIssued> = {}, options: { id?: string; channel?: Channel } = {}) {
      const id = options.id ?? randomUUIDv7();
      const message: CodeIssued = {
        attemptId: randomUUIDv7(),
        loginId: randomUUIDv7(),
        providerId: randomUUIDv7(),
        methodId: randomUUIDv7(),
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
    },

    /** Puts a notice into the queue as auth does, with whatever arguments. */
    async sendNotice(to: string, kind: NoticeKind, told: unknown, options: { id?: string; channel?: Channel } = {}, overrides: Partial<NoticeIssued> = {}) {
      const id = options.id ?? randomUUIDv7();
      const message: NoticeIssued = {
        loginId: randomUUIDv7(),
        providerId: randomUUIDv7(),
        kind,
        sealedDestination: await keys.seal('destination', to),
        maskedDestination: '•••• 0000',
        sealedArguments: await keys.seal('notice', JSON.stringify(told) ?? 'no JSON'),
        locale: 'en',
        branding: { name: 'Demo Security', host: 'localhost' },
        expiresAt: new Date(Date.now() + 600_000).toISOString(),
        ...overrides,
      };
      await messaging.publisher.publish(`notice.issued.${options.channel ?? 'sms'}`, message, { id });
      return { id, message };
    },

    /** An id of a message that was queued so long ago. */
    idMadeAgo(ms: number): string {
      const time = (Date.now() - ms).toString(16).padStart(12, '0');
      return `${time.slice(0, 8)}-${time.slice(8)}${randomUUIDv7().slice(13)}`;
    },

    /** Every event that workers publish from now on, as the broker hands it out. */
    async watchEvents() {
      const published: { name: string; correlationId: string; payload: DeliveryReport }[] = [];
      const channel = await messaging.connection.createChannel();
      const { queue } = await channel.assertQueue('', { exclusive: true });
      await channel.bindQueue(queue, eventsExchange, 'delivery.*');
      await channel.consume(queue, (message) => message && published.push(JSON.parse(message.content.toString())), { noAck: true });
      const of = (id: string) => published.filter(({ payload }) => payload.messageId === id);
      return { of, namesOf: (id: string) => of(id).map(({ name }) => name) };
    },

    async messagesIn(queue: string): Promise<number> {
      const channel = await messaging.connection.createChannel();
      const { messageCount } = await channel.checkQueue(queue);
      await channel.close();
      return messageCount;
    },

    row,
    reaches: (id: string, state: string) => eventually(async () => (await row(id))?.state === state && row(id), { timeoutMs: 15_000, what: `state ${state}` }) as Promise<Record<string, any>>,
    received: (to: string) => readInbox(inbox.url, to),
    statesOf: async (attemptId: string) => (await messaging.requester.request('delivery.states', { attemptId })).states,
    onStop: (step: () => Promise<unknown> | unknown) => void cleanUp.unshift(step),
    stop: async () => {
      for (const step of cleanUp) await step();
    },
  };
}

export type DeliveryUnderTest = Awaited<ReturnType<typeof prepareDelivery>>;

/** A bundle of this service, as it is shipped. */
export async function buildService(): Promise<{ main: string; remove(): Promise<void> }> {
  const built = await mkdtemp(join(tmpdir(), 'latchkey-delivery-'));
  await promisify(execFile)(process.execPath, [join(service, '../../node_modules/rolldown/bin/cli.mjs'), '-c', '../../rolldown.config.mjs', '-d', built], { cwd: service });
  return { main: join(built, 'main.js'), remove: () => rm(built, { recursive: true, force: true }) };
}

const becomesReady = (internalUrl: string) =>
  eventually(async () => (await fetch(`${internalUrl}/health/ready`)).ok, { timeoutMs: 20_000, everyMs: 50, what: 'a ready worker' });

/** The real development inbox as a process of its own. */
async function startInbox(): Promise<{ url: string; process: ChildProcess }> {
  const [port, internalPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(service, '../inbox/src/main.ts')], {
    env: { ...awsCredentials, LATCHKEY_INBOX_PORT: String(port), LATCHKEY_INTERNAL_PORT: String(internalPort), LATCHKEY_INBOX_VERIFIED_SENDERS: 'no-reply@latchkey.example,lumen.example' },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${url}/messages`)).ok, { timeoutMs: 20_000, what: 'the inbox' });
  return { url, process: child };
}
