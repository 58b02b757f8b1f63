import 'reflect-metadata';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '@latchkey/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { type DeliveryUnderTest, prepareDelivery } from '../testing/delivery-under-test.ts';
import { startWebhookEndpoint, type WebhookEndpoint } from '../testing/webhook-endpoint.ts';

let delivery: DeliveryUnderTest;
let events: Awaited<ReturnType<DeliveryUnderTest['watchEvents']>>;
let endpoint: WebhookEndpoint;

beforeAll(async () => {
  [delivery, endpoint] = await Promise.all([prepareDelivery(), startWebhookEndpoint()]);
  for (const [name, value] of Object.entries(endpoint.secrets('ONE'))) vi.stubEnv(name, value);
  const providers = { one: endpoint.provider('ONE') };
  // Open from the second failure on, and only for a moment: most messages are put back without anybody being asked.
  const circuit = { size: 2, atLeast: 1, threshold: 0.4, openForMs: 1_500 };
  await delivery.startWorker({ providers, routes: { sms: [{ provider: 'one' }], email: [{ provider: 'one' }] } }, { circuit, retries: { waitsMs: Array.from({ length: 60 }, () => 1_000), jitter: () => 0.2 } });
  events = await delivery.watchEvents();
});
afterEach(() => {
  endpoint.behave = async () => 202;
});
afterAll(async () => {
  await delivery.stop();
  await endpoint.close();
  vi.unstubAllEnvs();
});

const toldOf = (id: string) => events.of(id).map(({ name, payload }) => [name, payload.suggestion].filter(Boolean).join(' '));
const statesOf = async (attemptId: string) => (await delivery.statesOf(attemptId)).map(({ state, suggestion }) => [state, suggestion].filter(Boolean).join(' '));

it.each(['sms', 'email'] as const)('a code by %s that waits for half a minute: the page proposes another method, once, also when it comes back', async (channel) => {
  endpoint.behave = async () => 503;
  // The first opens the circuit, so that nobody is asked to send the second.
  const [first, second] = [await delivery.send('+14155550123'), await delivery.send(channel === 'sms' ? '+14155550124' : 'anna@customers.example', {}, { id: delivery.idMadeAgo(31_000), channel })];
  await eventually(() => toldOf(second.id).length > 0, { what: 'a proposal' });
  await wait(1_000);
  expect(toldOf(first.id)).toEqual([]);
  expect(toldOf(second.id)).toEqual(['delivery.queued other_method']);
  const states = await delivery.statesOf(second.message.attemptId);
  expect(states.map(({ state, suggestion }) => [state, suggestion])).toEqual([['queued', undefined], ['queued', 'other_method']]);
  expect(states[1]?.at).toBe(events.of(second.id)[0]?.payload.at);

  endpoint.behave = async () => 202;
  expect(await delivery.reaches(second.id, 'accepted')).toMatchObject({ provider: 'one', country: channel === 'sms' ? 'US' : null });
  await eventually(() => toldOf(second.id).length === 2);
  expect(toldOf(second.id)).toEqual(['delivery.queued other_method', 'delivery.accepted other_method']);
  expect(await statesOf(second.message.attemptId)).toEqual(['queued', 'accepted other_method']);
  await delivery.reaches(first.id, 'accepted');
});

it('a code that nobody was asked to send while it waited is not sent once its attempt is over', async () => {
  endpoint.behave = async () => 503;
  await delivery.send('+14155550125');
  const { id, message } = await delivery.send('+14155550126', {}, { id: delivery.idMadeAgo(31_000) });
  await eventually(async () => (await delivery.row(id))?.state === 'retrying');
  const { attemptId, loginId, methodId } = message;
  await delivery.messaging.publisher.publish('code.used', { attemptId, loginId, methodId });
  await delivery.reaches(id, 'expired');
  endpoint.behave = async () => 202;
  await wait(2_500);
  // Whoever was asked by then is written down, and may not have heard it; whoever is asked now would accept.
  expect(endpoint.to('+14155550126').length).toBeLessThanOrEqual(Number((await delivery.row(id))?.asks));
  expect(await delivery.row(id)).toMatchObject({ state: 'expired', accepted_at: null });
});

it('a code that expires while it waits is told to be expired, not to wait', async () => {
  endpoint.behave = async () => 503;
  const { id } = await delivery.send('+14155550127', { expiresAt: new Date(Date.now() - 1).toISOString() }, { id: delivery.idMadeAgo(31_000) });
  await delivery.reaches(id, 'expired');
  await eventually(() => toldOf(id).length > 0);
  expect(toldOf(id)).toEqual(['delivery.expired send_again']);
});

it('a page is offered another method at half a minute, not only when the next try is due', async () => {
  endpoint.behave = async () => 503;
  await eventually(async () => (await delivery.messagesIn('delivery.sms')) === 0);
  await wait(1_600);
  // Asked at once and put back for long before it is half a minute old.
  const { id } = await delivery.send('+14155550128', {}, { id: delivery.idMadeAgo(28_500) });
  await eventually(() => toldOf(id).length > 0, { timeoutMs: 4_000, what: 'a proposal' });
  expect(toldOf(id)).toEqual(['delivery.queued other_method']);
});
