import { type EventPayload, Refusal, type RequestPayload, requestRegistry } from '@latchkey/contracts';
import { eventually, parseMetrics, testVhost, type TestVhost } from '@latchkey/testing';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AmqpServer, eventQueues, Messaging, PermanentFailure, watchOutbox } from './index.ts';

type CodeUsed = EventPayload<'code.used'>;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const uuid = () => crypto.randomUUID();
const [askingRegistry, workerRegistry] = [new Registry(), new Registry()];
const metricsOf = async (registry: Registry) => parseMetrics(await registry.metrics());

let vhost: TestVhost;
let asking: Messaging;
let worker: Messaging;
let server: AmqpServer;
let onUsed: (payload: CodeUsed) => Promise<void> = () => Promise.resolve();
let onStates: (payload: RequestPayload<'delivery.states'>) => Promise<object> = () => Promise.resolve({ states: [] });

beforeAll(async () => {
  vhost = await testVhost();
  asking = new Messaging({ url: vhost.url, name: 'asking', logger: quiet, registry: askingRegistry });
  worker = new Messaging({ url: vhost.url, name: 'worker', logger: quiet, registry: workerRegistry });
  server = new AmqpServer({ service: 'delivery', connection: worker.connection, publisher: worker.publisher, logger: quiet, retries: { waitsMs: [1_000], jitter: () => 0.02 } });
  for (const [name, { owner }] of Object.entries(requestRegistry)) if (owner === 'delivery') server.addHandler(name, (payload: any) => (name === 'delivery.states' ? onStates(payload) : Promise.resolve({})));
  const events = new Set(eventQueues.filter(({ service }) => service === 'delivery').flatMap((queue) => queue.events));
  for (const name of events) server.addHandler(name, (payload: any) => (name === 'code.used' ? onUsed(payload) : Promise.resolve()), true);
  await new Promise<void>((resolve, reject) => server.listen((error) => (error ? reject(error as Error) : resolve())));
  await asking.connection.open();
  await eventually(() => server.consuming && asking.connection.connected, { timeoutMs: 10_000, what: 'consuming' });
});
afterAll(async () => {
  await server.close();
  await worker.close();
  await asking.close();
  await vhost.delete();
});

const used = (): CodeUsed => ({ attemptId: uuid(), loginId: uuid(), methodId: uuid() });
const states = () => asking.requester.request('delivery.states', { attemptId: uuid() });
const queue = 'delivery.codes-used';

it('requests are counted by name and outcome on both sides, with the time they took', async () => {
  await states();
  onStates = () => Promise.reject(new Refusal('not_found'));
  await expect(states()).rejects.toMatchObject({ code: 'not_found' });
  onStates = () => Promise.reject(new Error('a fault'));
  await expect(states()).rejects.toMatchObject({ code: 'internal_error' });
  onStates = () => new Promise((resolve) => setTimeout(() => resolve({ states: [] }), 60));
  await states();
  for (const [registry, side] of [[askingRegistry, 'asked'], [workerRegistry, 'answered']] as const) {
    const metrics = await metricsOf(registry);
    const count = (outcome: string) => metrics.value(`latchkey_requests_${side}_seconds_count`, { request: 'delivery.states', outcome });
    expect([count('ok'), count('refused'), count('failed'), count('unavailable')], side).toEqual([2, 1, 1, undefined]);
    expect(metrics.value(`latchkey_requests_${side}_seconds_sum`, { request: 'delivery.states', outcome: 'ok' })).toBeGreaterThan(0.05);
  }
  await expect(asking.requester.request('device.list', { loginId: uuid(), trustEpoch: 0 })).rejects.toMatchObject({ code: 'unavailable' });
  expect((await metricsOf(askingRegistry)).value('latchkey_requests_asked_seconds_count', { request: 'device.list', outcome: 'unavailable' })).toBe(1);
});

it('a request is in flight on both sides while it is handled', async () => {
  let answer: () => void = () => undefined;
  onStates = () => new Promise((resolve) => (answer = () => resolve({ states: [] })));
  const asked = states();
  await eventually(async () => (await metricsOf(workerRegistry)).value('latchkey_messages_in_handling') === 1, { what: 'a request in handling' });
  expect((await metricsOf(askingRegistry)).value('latchkey_requests_in_flight')).toBe(1);
  answer();
  await asked;
  await eventually(async () => (await metricsOf(workerRegistry)).value('latchkey_messages_in_handling') === 0, { what: 'nothing in handling' });
  expect((await metricsOf(askingRegistry)).value('latchkey_requests_in_flight')).toBe(0);
});

it('events are counted as done, retried and dead; dead ones by reason', async () => {
  const handled = async (outcome: string, event = 'code.used') => (await metricsOf(workerRegistry)).value('latchkey_events_handled_total', { queue, event, outcome }) ?? 0;
  await asking.publisher.publish('code.used', used());
  await eventually(async () => (await handled('done')) === 1, { what: 'done' });
  onUsed = () => Promise.reject(new Error('passing'));
  await asking.publisher.publish('code.used', used());
  await eventually(async () => (await handled('dead')) === 1, { what: 'dead after its last try' });
  expect(await handled('retried')).toBe(1);
  onUsed = () => Promise.reject(new PermanentFailure('for good'));
  await asking.publisher.publish('code.used', used());
  await asking.publisher.send({ id: uuid(), exchange: '', routingKey: queue, body: Buffer.from(`{"name":"${'x'.repeat(99)}"}`), headers: {}, mandatory: true });
  await eventually(async () => (await handled('dead', 'unknown')) === 1, { what: 'one that does not parse' });
  await eventually(async () => (await handled('dead')) === 2, { what: 'a permanent failure' });
  const metrics = await metricsOf(workerRegistry);
  const died = (reason: string) => metrics.value('latchkey_events_dead_lettered_total', { queue, reason });
  expect([died('gave_up'), died('permanent'), died('not_valid'), metrics.value('latchkey_events_retried_total', { queue })]).toEqual([1, 1, 1, 1]);
  expect(metrics.value('latchkey_events_handling_seconds_count', { event: 'code.used' })).toBe(1);
  // One retry and three dead letters, each confirmed.
  expect(metrics.value('latchkey_publish_confirm_seconds_count', { outcome: 'confirmed' })).toBe(4);
});

it('what the broker confirmed, returned or never confirmed is told apart', async () => {
  await expect(asking.publisher.send({ id: uuid(), exchange: '', routingKey: 'no-such-queue', body: Buffer.from('{}'), headers: {}, mandatory: true })).rejects.toThrow('no queue takes');
  const metrics = await metricsOf(askingRegistry);
  expect(metrics.value('latchkey_publish_confirm_seconds_count', { outcome: 'confirmed' })).toBe(4);
  expect(metrics.value('latchkey_publish_confirm_seconds_count', { outcome: 'unroutable' })).toBe(1);
  expect(metrics.value('latchkey_publishes_unconfirmed')).toBe(0);
});

it('a process says whether it has its broker, and how often it lost it', async () => {
  const registry = new Registry();
  const cut = new Messaging({ url: vhost.url, name: 'cut off', logger: quiet, registry });
  expect((await metricsOf(registry)).value('latchkey_broker_connected')).toBe(0);
  await cut.connection.open();
  await cut.connection.whenConnected(10_000);
  expect((await metricsOf(registry)).value('latchkey_broker_connected')).toBe(1);
  cut.connection.emit('disconnected');
  expect((await metricsOf(registry)).value('latchkey_broker_disconnects_total')).toBe(1);
  await cut.close();
  expect((await metricsOf(registry)).value('latchkey_broker_connected')).toBe(0);
});

it('an outbox whose database is away has no number, and does not take the other metrics with it', async () => {
  const registry = new Registry();
  watchOutbox(registry, { isInitialized: true, query: () => Promise.reject(new Error('connection refused')) });
  watchOutbox(workerRegistry, { isInitialized: true, query: () => Promise.resolve([{ rows: 3, seconds: 12.5 }]) });
  expect((await metricsOf(registry)).value('latchkey_outbox_rows')).toBeNaN();
  const metrics = await metricsOf(workerRegistry);
  expect([metrics.value('latchkey_outbox_rows'), metrics.value('latchkey_outbox_lag_seconds')]).toEqual([3, 12.5]);
});
