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

it('how messages end and how long they take to a provider is counted from zero on', async () => {
  const read = () => readMetrics(internalUrl);
  const settled = async (kind: string, end: string) => (await read()).value('latchkey_delivery_settled_total', { channel: 'sms', kind, end });
  const before = await read();
  for (const end of ['accepted', 'failed', 'expired', 'failed_later']) expect(before.value('latchkey_delivery_settled_total', { channel: 'email', kind: 'code', end }), end).toBe(0);
  expect([before.value('latchkey_delivery_unknown_total', { channel: 'sms' }), before.value('latchkey_delivery_expired_total', { channel: 'sms' })]).toEqual([0, 0]);
  expect(before.value('latchkey_delivery_asks_total', { channel: 'sms', provider: 'sns', outcome: 'transient' })).toBe(0);
  const [accepted, failed, expired] = await Promise.all(['accepted', 'failed', 'expired'].map((end) => settled('code', end)));

  const sent = await delivery.send(delivery.newNumber());
  const refused = await delivery.send('+14159990002');
  const late = await delivery.send(delivery.newNumber(), { expiresAt: new Date(Date.now() - 1_000).toISOString() });
  await delivery.reaches(sent.id, 'accepted');
  await delivery.reaches(refused.id, 'failed');
  await delivery.reaches(late.id, 'expired');
  await eventually(async () => (await settled('code', 'expired')) === expired! + 1, { what: 'the expired one counted' });
  expect([await settled('code', 'accepted'), await settled('code', 'failed')]).toEqual([accepted! + 1, failed! + 1]);
  expect((await read()).value('latchkey_delivery_queued_to_accepted_seconds_count', { channel: 'sms', kind: 'code' })).toBe(accepted! + 1);
  expect(await settled('notice', 'accepted')).toBe(0);
});
