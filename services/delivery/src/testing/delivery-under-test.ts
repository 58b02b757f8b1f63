import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Channel, CodeIssued } from '@latchkey/contracts';
import { Messaging } from '@latchkey/messaging';
import { createDataSource, createLogger, SealingKeys } from '@latchkey/platform';
import { eventually, readInbox, testPostgres, testVhost } from '@latchkey/testing';
import { Deliveries1764000000000 } from '../migrations/1764000000000-deliveries.ts';

export const quiet = createLogger('test', 'silent' as 'fatal');
export const awsCredentials = { AWS_ACCESS_KEY_ID: 'latchkey-test', AWS_SECRET_ACCESS_KEY: 'latchkey-test-secret' };

/** A broker, a ledger and an inbox of a test file's own, and what puts codes into the queue and looks at what became of them. */
export async function prepareDelivery() {
  const cleanUp: (() => Promise<unknown> | unknown)[] = [];
  const sealingKey = `k1:${randomBytes(32).toString('base64')}`;
  const keys = new SealingKeys(sealingKey);
  const [database, vhost, inbox] = await Promise.all([testPostgres({ schema: 'delivery' }), testVhost(), startInbox()]);
  const source = createDataSource({ url: database.url, schema: 'delivery', migrations: [Deliveries1764000000000], service: 'test' });
  await source.initialize();
  await source.runMigrations();
  const messaging = new Messaging({ url: vhost.url, name: 'delivery', logger: quiet });
  cleanUp.push(() => messaging.close(), () => source.destroy(), () => database.drop(), () => vhost.delete(), () => inbox.process.kill());

  const row = async (id: string) => ((await source.query('SELECT * FROM deliveries WHERE message_id = $1', [id])) as Record<string, unknown>[])[0];
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

    /** Puts a code into the queue as code-issuance does. */
    async send(to: string, overrides: Partial<CodeIssued> = {}, options: { id?: string; channel?: Channel } = {}) {
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
    },

    /** What a worker leaves behind that was in the middle of a message. */
    leaveBehind: (id: string, state: 'asking' | 'retrying', left: { expiresAt?: Date; askedAt?: Date } = {}) =>
      source.query(
        `INSERT INTO deliveries (message_id, attempt_id, login_id, method_id, channel, purpose, masked_destination, state, provider, queued_at, asked_at, expires_at)
         VALUES ($1, $2, $2, $2, 'sms', 'login', '•', $3, 'sns', now() - interval '1 minute', $4, $5)`,
        [id, randomUUID(), state, left.askedAt ?? new Date(Date.now() - 60_000), left.expiresAt ?? new Date(Date.now() + 600_000)],
      ),

    row,
    reaches: (id: string, state: string) => eventually(async () => (await row(id))?.state === state && row(id), { timeoutMs: 15_000, what: `state ${state}` }),
    received: (to: string) => readInbox(inbox.url, to),
    statesOf: async (attemptId: string) => (await messaging.requester.request('delivery.states', { attemptId })).states,
    /** Runs before everything else is taken away. */
    onStop: (step: () => Promise<unknown> | unknown) => void cleanUp.unshift(step),
    stop: async () => {
      for (const step of cleanUp) await step();
    },
  };
}

export type DeliveryUnderTest = Awaited<ReturnType<typeof prepareDelivery>>;

/** The real development inbox as a process of its own. */
async function startInbox(): Promise<{ url: string; process: ChildProcess }> {
  const [port, internalPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../../../inbox/src/main.ts')], {
    env: { ...awsCredentials, LATCHKEY_INBOX_PORT: String(port), LATCHKEY_INTERNAL_PORT: String(internalPort) },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${url}/messages`)).ok, { timeoutMs: 20_000, what: 'the inbox' });
  return { url, process: child };
}

export const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
