import { randomUUIDv7 } from 'node:crypto';
import { Messaging } from '@latchkey/messaging';
import { createLogger, SealingKeys } from '@latchkey/platform';
import { eventually, readInbox } from '@latchkey/testing';
import { afterAll, expect, it } from 'vitest';
import { ApiClient, demoPassword } from '../api-client.ts';
import { system } from '../demo.ts';
import { addLogins } from '../many-logins.ts';
import { query, running, waitingIn } from './faults.ts';
import { textsOf } from './steady-load.ts';

const table: Record<string, object> = {};
afterAll(() => console.table(table));

it('a delivery worker killed with two hundred messages in flight: none lost, each second text was unknown first', { timeout: 180_000 }, async () => {
  const worker = running().services['delivery-sms'];
  const numbers = await queueTextsToSlowRecipients(200);
  // Taken by the provider at once and answered after three seconds: all are in flight when the worker dies.
  await eventually(async () => (await textCounts(numbers)).filter((count) => count > 0).length >= 200, { timeoutMs: 20_000, everyMs: 100, what: 'two hundred texts at the provider' });
  await worker.kill('SIGKILL');
  await worker.untilReady(20_000);
  const states = () => query<{ state: string; unknowns: number }>('delivery', 'SELECT state, unknowns FROM deliveries WHERE attempt_id = ANY($1)', [numbers.map(({ attemptId }) => attemptId)]);
  await eventually(async () => (await states()).every(({ state }) => state === 'accepted'), { timeoutMs: 60_000, everyMs: 500, what: 'every message accepted' });

  const texts = await textCounts(numbers);
  const unknown = (await states()).reduce((sum, { unknowns }) => sum + unknowns, 0);
  const lost = texts.filter((count) => count === 0).length;
  const second = texts.reduce((sum, count) => sum + count - 1, 0);
  table['worker killed, 200 in flight'] = { messages: 200, lost, second, unknown };
  expect(lost).toBe(0);
  expect(second).toBeGreaterThan(0);
  expect(second).toBe(unknown);
  expect(await waitingIn('delivery.sms.dead')).toBe(0);
});

it('a broker node killed with unconsumed messages: all of them go out, once', { timeout: 120_000 }, async () => {
  const { services, stack } = running();
  await services['delivery-sms'].stop();
  const logins = await addLogins(running(), 40, 1_000);
  const answers = [];
  for (const { loginName } of logins) answers.push(await new ApiClient(system().baseUrl).post('/v1/login', { loginName, password: demoPassword }));
  expect(answers.every(({ body }) => body.sent?.state === 'queued')).toBe(true);

  await stack.rabbitmq.kill9();
  await stack.rabbitmq.start();
  await services['delivery-sms'].start();
  const texts = await textsOf(system().inboxUrl, logins, 30_000);
  table['broker killed, 40 unconsumed'] = { messages: 40, lost: texts.filter((count) => count === 0).length, second: texts.filter((count) => count > 1).length, unknown: 0 };
  expect(texts).toEqual(logins.map(() => 1));
});

type Queued = { attemptId: string; number: string };

/** Straight into the queue, as code-issuance would: two hundred logins would take longer to hash than to send. */
async function queueTextsToSlowRecipients(count: number): Promise<Queued[]> {
  const { instance, stack } = running();
  const keys = new SealingKeys(instance.state.secrets.sealingKey);
  const messaging = new Messaging({ url: stack.rabbitmq.url, name: 'fault tests', logger: createLogger('fault-tests', 'fatal') });
  await messaging.connection.open();
  await messaging.connection.whenConnected(10_000);
  try {
    return await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const queued = { attemptId: randomUUIDv7(), number: `+1${200 + index}9990004` };
        await messaging.publisher.publish('code.issued.sms', {
          attemptId: queued.attemptId,
          loginId: randomUUIDv7(),
          providerId: randomUUIDv7(),
          methodId: randomUUIDv7(),
          purpose: 'login',
          sealedCode: await keys.seal('code', '012345'),
          sealedDestination: await keys.seal('destination', queued.number),
          maskedDestination: '•••• 0004',
          locale: 'en',
          branding: { name: 'Demo Security', host: 'localhost' },
          expiresAt: new Date(Date.now() + 600_000).toISOString(),
          sendNumber: 1,
        });
        return queued;
      }),
    );
  } finally {
    await messaging.close();
  }
}

const textCounts = (numbers: Queued[]) => Promise.all(numbers.map(async ({ number }) => (await readInbox(system().inboxUrl, number)).length));
