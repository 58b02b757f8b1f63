import { setTimeout as wait } from 'node:timers/promises';
import { Refusal } from '@latchkey/contracts';
import { declareTopology, Messaging, requestQueueName } from '@latchkey/messaging';
import { eventually } from '@latchkey/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { clusterUnderTest, membersUp, type ClusterUnderTest } from './cluster-under-test.ts';
import { codeIssued, quiet, startDeliveryWorker, type DeliveryWorker } from './delivery-worker.ts';
import { MessageLoad } from './message-load.ts';

const texts = 'delivery.sms';
const requests = requestQueueName('delivery');
/** After the loss of a node everything goes on within this time. */
const withinMs = 3_000;

let cluster: ClusterUnderTest;
let asking: Messaging;
let worker: DeliveryWorker;
let messages: MessageLoad;
let questions: MessageLoad;

const table: Record<string, object> = {};

beforeAll(async () => {
  cluster = await clusterUnderTest();
});
afterAll(async () => {
  console.table(table);
  await cluster.vhost.delete();
});
beforeEach(async () => {
  asking = new Messaging({ url: cluster.url, name: 'asking', logger: quiet });
  await asking.connection.open();
  await asking.connection.whenConnected(20_000);
  messages = new MessageLoad(200, (id) => asking.publisher.publish('code.issued.sms', codeIssued(id)));
  questions = new MessageLoad(50, async (id) => {
    await asking.requester.request('delivery.states', { attemptId: id });
    questions.arrived(id);
  });
  worker = await startDeliveryWorker(cluster.url, (id) => messages.arrived(id));
  await eventually(() => asking.requester.request('delivery.states', { attemptId: crypto.randomUUID() }), { timeoutMs: 10_000 });
  messages.start();
  questions.start();
  await wait(2_000);
});
afterEach(async () => {
  await worker.stop();
  await asking.close();
});

/** A killed node is back with a member of every queue: the next one may go. */
async function bringBack(node: number): Promise<void> {
  await cluster.start(node);
  await eventually(async () => Object.values(await membersUp(cluster)).every((members) => members === cluster.urls.length), {
    timeoutMs: 60_000,
    everyMs: 500,
    what: 'a member of every queue on every node',
  });
  await wait(1_500);
}

async function drain(): Promise<void> {
  await messages.stop();
  await questions.stop();
  await eventually(() => messages.lost === 0, { timeoutMs: 15_000, what: 'every confirmed message' }).catch(() => undefined);
}

function record(fault: string, gaps: { publish: number[]; requests: number[]; arrivals: number[] }): void {
  const of = (values: number[]) => `${values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]} / ${Math.max(...values)}`;
  const { published, confirmed, lost, duplicated } = messages;
  table[`RabbitMQ ${cluster.release}: ${fault}`] = {
    times: gaps.publish.length,
    published,
    confirmed,
    lost,
    duplicated,
    'publish gap ms p50 / max': of(gaps.publish),
    'arrival gap ms': of(gaps.arrivals),
    'request gap ms': of(gaps.requests),
    'requests answered': `${questions.confirmed} of ${questions.published}`,
  };
}

const onNode = (messaging: Messaging) => cluster.nodeOf(messaging.connection.host);

it.each([
  { fault: 'kill -9 of the leader of delivery.sms', times: 6, victim: () => cluster.leaderOf(texts, cluster.vhost.name) },
  { fault: 'kill -9 of the leader of the request queue', times: 3, victim: () => cluster.leaderOf(requests, cluster.vhost.name) },
  { fault: 'kill -9 of the node of the publisher and asker', times: 3, victim: async () => onNode(asking) },
  { fault: 'kill -9 of the node of the consumers', times: 3, victim: async () => onNode(worker.messaging) },
])('$fault loses no confirmed message, and everything goes on within 3 s', async ({ fault, times, victim }) => {
  const gaps = { publish: [] as number[], requests: [] as number[], arrivals: [] as number[] };
  for (let time = 0; time < times; time += 1) {
    const node = await victim();
    const killedAt = performance.now();
    await cluster.kill9(node);
    await wait(withinMs + 1_000);
    gaps.publish.push(messages.gapSince(killedAt));
    gaps.arrivals.push(messages.arrivalGapSince(killedAt));
    gaps.requests.push(questions.gapSince(killedAt));
    await bringBack(node);
  }
  await drain();
  record(fault, gaps);
  expect(messages.lost).toBe(0);
  // Within the time that a publisher keeps trying the next leader is there: nothing is refused either.
  expect(messages.confirmed).toBe(messages.published);
  for (const gap of [...gaps.publish, ...gaps.arrivals, ...gaps.requests]) expect(gap).toBeLessThan(withinMs);
});

it.each([
  { who: 'leads delivery.sms', victim: () => cluster.leaderOf(texts, cluster.vhost.name) },
  { who: 'the publisher is connected to', victim: async () => onNode(asking) },
])('while the node that $who hangs everything goes on without it, and no confirmed message is lost', async ({ who, victim }) => {
  const node = await victim();
  const hungAt = performance.now();
  cluster.pause(node);
  await wait(30_000);
  const gaps = { publish: [messages.gapSince(hungAt)], arrivals: [messages.arrivalGapSince(hungAt)], requests: [questions.gapSince(hungAt)] };
  cluster.resume(node);
  await wait(3_000);
  // What an operator does with a node that hung.
  await cluster.kill9(node);
  await bringBack(node);
  await drain();
  record(`hang of the node that ${who}, 30 s`, gaps);
  expect(messages.lost).toBe(0);
  for (const [gap] of Object.values(gaps)) expect(gap).toBeLessThan(20_000);
});

it('without a majority nothing is confirmed and everybody is told in time; it goes on within 3 s of the return of one node', async () => {
  await messages.stop();
  await questions.stop();
  const [first, second] = [0, 1, 2].filter((node) => node !== onNode(asking)) as [number, number];
  await Promise.all([cluster.kill9(first), cluster.kill9(second)]);
  await wait(1_000);
  const started = performance.now();
  const answers = await Promise.allSettled([
    asking.publisher.publish('code.issued.sms', codeIssued(crypto.randomUUID())),
    asking.requester.request('delivery.states', { attemptId: crypto.randomUUID() }),
  ]);
  expect(performance.now() - started).toBeLessThan(5_000);
  for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(Refusal) });
  await cluster.start(first);
  const back = performance.now();
  await eventually(() => asking.publisher.publish('code.issued.sms', codeIssued(crypto.randomUUID()), { withinMs: withinMs }).then(() => true), { timeoutMs: withinMs });
  expect(performance.now() - back).toBeLessThan(withinMs);
  await bringBack(second);
});

it('queues that are declared while a node is down have a member on it once it is back', async () => {
  await messages.stop();
  await questions.stop();
  const fresh = await clusterUnderTest();
  const node = onNode(asking);
  await cluster.kill9(node);
  const declaring = new Messaging({ url: fresh.url, name: 'declaring', logger: quiet });
  await declaring.connection.open();
  await declaring.connection.whenConnected(20_000);
  const names = declareTopology().queues.map(({ name }) => name);
  expect(await membersUp(fresh)).toEqual(Object.fromEntries(names.map((name) => [name, 2])));
  await bringBack(node);
  await eventually(async () => Object.values(await membersUp(fresh)).every((members) => members === 3), { timeoutMs: 30_000, everyMs: 500 });
  await declaring.close();
  await fresh.vhost.delete();
});
