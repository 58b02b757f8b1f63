import { Refusal, requestRegistry } from '@latchkey/contracts';
import { eventually, testVhost, type TestVhost } from '@latchkey/testing';
import amqp, { type Channel, type ChannelModel } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { AmqpServer, eventQueues, Messaging, oneNodeRequestQueue, requestQueueName } from './index.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const service = 'delivery';
const oneNode = oneNodeRequestQueue(service);
const lasting = requestQueueName(service);

let vhost: TestVhost;
let raw: ChannelModel;
let channel: Channel;
let stops: (() => Promise<void>)[];

beforeAll(async () => {
  vhost = await testVhost();
});
afterAll(() => vhost.delete());
beforeEach(async () => {
  stops = [];
  raw = await amqp.connect(vhost.url);
  raw.on('error', () => undefined);
  channel = await raw.createChannel();
});
afterEach(async () => {
  for (const stop of stops) await stop();
  await channel.deleteQueue(oneNode.name);
  await raw.close();
});

async function connect(url: string): Promise<Messaging> {
  const messaging = new Messaging({ url, name: 'test', logger: quiet });
  await messaging.connection.open();
  await messaging.connection.whenConnected(10_000);
  stops.unshift(() => messaging.close());
  return messaging;
}

/** One that can ask already: its channel opens after its connection. */
async function connectAsker(url: string): Promise<Messaging> {
  const asking = await connect(url);
  const notYet = (error: unknown) => error instanceof Refusal && error.details.detail === 'the broker is not connected';
  await eventually(() => asking.requester.request('device.list', { loginId: crypto.randomUUID(), trustEpoch: 1 }, { deadlineMs: 5 }).catch((error: unknown) => !notYet(error)), { what: 'its channel' });
  return asking;
}

/** The same broker twice is a cluster to who is told so. */
const asCluster = () => `${vhost.url},${vhost.url}`;

/** A replica of delivery that tells how many requests it has answered. */
async function startReplica(url: string, whileAnswering: () => Promise<void> = async () => undefined) {
  const { connection, publisher } = await connect(url);
  const server = new AmqpServer({ service, connection, publisher, logger: quiet });
  const replica = { answered: 0, stop: () => server.close() };
  const answer = async () => {
    await whileAnswering();
    replica.answered += 1;
    return { states: [] };
  };
  for (const [name, { owner }] of Object.entries(requestRegistry)) if (owner === service) server.addHandler(name, answer);
  for (const name of eventQueues.filter((queue) => queue.service === service).flatMap(({ events }) => events as readonly string[])) server.addHandler(name, async () => undefined, true);
  await new Promise<void>((resolve, reject) => server.listen((error) => (error ? reject(error as Error) : resolve())));
  await eventually(() => server.consuming, { what: 'consuming' });
  stops.unshift(() => server.close());
  return replica;
}

/** What a build takes that knows these queues alone. */
async function takeFrom(...queues: string[]): Promise<string[]> {
  const takenFrom: string[] = [];
  for (const queue of queues) {
    await channel.consume(queue, (message) => {
      if (!message) return;
      takenFrom.push(queue);
      channel.publish('', String(message.properties.replyTo), Buffer.from(JSON.stringify({ ok: true, data: { states: [] } })), { correlationId: String(message.properties.correlationId) });
      channel.ack(message);
    });
  }
  return takenFrom;
}

const askStates = ({ requester }: Messaging) => requester.request('delivery.states', { attemptId: crypto.randomUUID() });

/** 0 as well when there is no such queue, which costs the channel. */
async function consumersOf(queue: string): Promise<number> {
  const looking = await raw.createChannel();
  looking.on('error', () => undefined);
  try {
    const { consumerCount } = await looking.checkQueue(queue);
    await looking.close();
    return consumerCount;
  } catch {
    return 0;
  }
}

it('a service that knows one node answers on a classic queue, and there nothing goes through the quorum queue', async () => {
  await startReplica(vhost.url);
  await eventually(async () => (await consumersOf(oneNode.name)) === 1, { what: 'its consumer' });
  const asking = await connectAsker(vhost.url);
  const takenFrom = await takeFrom(lasting);
  // Of two consumers of one queue each has its turn, so one request in two would be seen here.
  for (let time = 0; time < 6; time += 1) await askStates(asking);
  expect(takenFrom).toEqual([]);
});

it('who knows several nodes asks through the quorum queue', async () => {
  const asking = await connectAsker(asCluster());
  await channel.assertQueue(oneNode.name, oneNode);
  const takenFrom = await takeFrom(lasting, oneNode.name);
  await askStates(asking);
  expect(takenFrom).toEqual([lasting]);
});

it('an asker and a service that are told of the broker differently reach each other, whoever knows more of it', async () => {
  const [some, many] = [await connectAsker(vhost.url), await connectAsker(asCluster())];
  for (const url of [vhost.url, asCluster()]) {
    const replica = await startReplica(url);
    await Promise.all([askStates(some), askStates(many)]);
    expect(replica.answered).toBe(2);
    await replica.stop();
  }
});

it('a build that knows only the quorum queue is asked there, and is not waited for in vain', async () => {
  const asking = await connectAsker(vhost.url);
  const takenFrom = await takeFrom(lasting);
  const startedAt = performance.now();
  for (let time = 0; time < 3; time += 1) await askStates(asking);
  expect(takenFrom).toEqual([lasting, lasting, lasting]);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

it('the last replica takes the queue with it: an older build that is left is asked at once', async () => {
  const asking = await connectAsker(vhost.url);
  const [first, second] = [await startReplica(vhost.url), await startReplica(vhost.url)];
  await eventually(async () => (await consumersOf(oneNode.name)) === 2, { what: 'both consumers' });
  await first.stop();
  await askStates(asking);
  expect(second.answered).toBe(1);
  await second.stop();
  await takeFrom(lasting);
  const startedAt = performance.now();
  await askStates(asking);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

it('while a replica finishes what it has in hand, what waits for the next one is kept', async () => {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const replica = await startReplica(vhost.url, () => finished);
  await eventually(async () => (await consumersOf(oneNode.name)) === 1, { what: 'its consumer' });
  const asking = await connectAsker(vhost.url);
  const inHand = askStates(asking);
  await eventually(() => asking.requester.inFlight === 1, { what: 'a request' });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const stopped = replica.stop();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const waits = askStates(asking);
  await new Promise((resolve) => setTimeout(resolve, 100));
  finish();
  await inHand;
  await stopped;
  const next = await startReplica(vhost.url);
  await waits;
  expect([replica.answered, next.answered]).toEqual([1, 1]);
});

it('what a replica had in hand when it died is given to the next', async () => {
  const dying = await connect(vhost.url);
  const taking = await dying.connection.createChannel();
  await taking.assertQueue(oneNode.name, oneNode);
  let taken = 0;
  await taking.consume(oneNode.name, () => (taken += 1));
  const asking = await connectAsker(vhost.url);
  const asked = askStates(asking);
  await eventually(() => taken === 1, { what: 'the request' });
  const next = await startReplica(vhost.url);
  expect(next.answered).toBe(0);
  await dying.connection.close();
  await asked;
  expect(next.answered).toBe(1);
});
