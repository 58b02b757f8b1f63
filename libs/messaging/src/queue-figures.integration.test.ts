import { eventually, testStack, testVhost, type TestVhost } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Messaging, ReadQueues } from './index.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
let vhost: TestVhost;
let messaging: Messaging;

beforeAll(async () => {
  vhost = await testVhost();
  messaging = new Messaging({ url: vhost.url, name: 'operator', logger: quiet });
  await messaging.connection.open();
  await messaging.connection.whenConnected(10_000);
});
afterAll(async () => {
  await messaging.close();
  await vhost.delete();
});

const put = (queue: string) => messaging.publisher.send({ id: crypto.randomUUID(), exchange: '', routingKey: queue, body: Buffer.from('{}'), headers: {}, mandatory: true });
const reading = (managementUrl?: string) => new ReadQueues(messaging.connection, { amqpUrl: vhost.url, managementUrl });

it('without a management API the counts are those of the broker, and what it does not tell is not known', async () => {
  for (let count = 0; count < 3; count += 1) await put('delivery.email');
  await put('delivery.sms.dead');
  const queues = await reading().read();
  expect(queues.find(({ name }) => name === 'delivery.email')).toEqual({ name: 'delivery.email', service: 'delivery', ready: 3, unacked: null, consumers: 0, publishPerSecond: null, deliverPerSecond: null, oldestSeconds: null });
  expect(queues.find(({ name }) => name === 'delivery.sms.dead')).toMatchObject({ service: 'delivery', ready: 1 });
  expect(queues.find(({ name }) => name === 'latchkey.retry.1000ms')).toMatchObject({ service: null, ready: 0 });
});

it('a queue that somebody deleted does not keep the others from being told', async () => {
  await vhost.manage('DELETE', 'queues/auth.activity');
  const names = (await reading().read()).map(({ name }) => name);
  expect(names).not.toContain('auth.activity');
  expect(names).toContain('latchkey.retry.600000ms');
  await messaging.connection.assertTopology();
});

it('with the management API there are rates, consumers and what is in hand', async () => {
  const { amqpManagementUrl } = testStack();
  const channel = await messaging.connection.createChannel();
  await channel.consume('delivery.email', () => undefined);
  const figures = await eventually(
    async () => {
      await put('delivery.email');
      const email = (await reading(amqpManagementUrl).read()).find(({ name }) => name === 'delivery.email');
      return email?.consumers === 1 && (email.unacked ?? 0) > 3 && (email.publishPerSecond ?? 0) > 0 && email;
    },
    { timeoutMs: 25_000, everyMs: 300, what: 'figures of the management API' },
  );
  expect(figures).toMatchObject({ service: 'delivery', ready: 0, deliverPerSecond: expect.any(Number) });
  await channel.close();
});

it('a management API that is away, or refuses, costs the rates and nothing else', async () => {
  for (const url of ['http://guest:wrong@127.0.0.1:9', testStack().amqpManagementUrl.replace(/:[^:@/]+@/, ':wrong@')]) {
    expect((await reading(url).read()).find(({ name }) => name === 'delivery.email')).toMatchObject({ ready: expect.any(Number), unacked: null });
  }
});
