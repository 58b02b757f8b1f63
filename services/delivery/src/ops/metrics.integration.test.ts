import 'reflect-metadata';
import { eventually, readMetrics } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { awsCredentials, type DeliveryUnderTest, prepareDelivery } from '../testing/delivery-under-test.ts';

let delivery: DeliveryUnderTest;
let internalUrl: string;
beforeAll(async () => {
  for (const [name, value] of Object.entries(awsCredentials)) vi.stubEnv(name, value);
  delivery = await prepareDelivery();
  ({ internalUrl } = await delivery.startWorker());
});
afterAll(async () => {
  await delivery.stop();
  vi.unstubAllEnvs();
});

it('messages, dead letters and requests of a worker are told beside what its providers did', async () => {
  const number = delivery.newNumber();
  const { id, message } = await delivery.send(number);
  await delivery.reaches(id, 'accepted');
  await delivery.statesOf(message.attemptId);
  await delivery.messaging.publisher.send({ id: 'x', exchange: '', routingKey: 'delivery.sms', body: Buffer.from('no JSON'), headers: {}, mandatory: true });
  const handled = async (event: string, outcome: string) => (await readMetrics(internalUrl)).value('latchkey_events_handled_total', { queue: 'delivery.sms', event, outcome });
  await eventually(async () => (await handled('code.issued.sms', 'done')) === 1 && (await handled('unknown', 'dead')) === 1, { what: 'both handled' });

  const metrics = await readMetrics(internalUrl);
  expect(metrics.value('latchkey_events_dead_lettered_total', { queue: 'delivery.sms', reason: 'not_valid' })).toBe(1);
  expect(metrics.value('latchkey_events_handling_seconds_count', { event: 'code.issued.sms' })).toBe(1);
  expect(metrics.value('latchkey_requests_answered_seconds_count', { request: 'delivery.states', outcome: 'ok' })).toBe(1);
  expect(metrics.sum('latchkey_delivery_asks_total', { channel: 'sms', outcome: 'accepted' })).toBe(1);
  expect(metrics.value('latchkey_broker_connected')).toBe(1);
  expect(metrics.value('latchkey_postgres_connections', { state: 'waiting' })).toBe(0);
  expect(metrics.value('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
  for (const secret of [number, id, message.attemptId]) expect(metrics.text).not.toContain(secret);
});
