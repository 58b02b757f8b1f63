import 'reflect-metadata';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { RequestPayload } from '@latchkey/contracts';
import { DeadLetters } from '@latchkey/messaging';
import { eventually } from '@latchkey/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { awsCredentials, circuitThatNeverOpens, type DeliveryUnderTest, prepareDelivery } from '../testing/delivery-under-test.ts';

let delivery: DeliveryUnderTest;
beforeAll(async () => {
  for (const [name, value] of Object.entries(awsCredentials)) vi.stubEnv(name, value);
  delivery = await prepareDelivery();
  const providers = { one: { kind: 'sns' }, other: { kind: 'sns' }, ses: { kind: 'ses' } };
  const routes = { sms: [{ provider: 'one', weight: 1 }, { provider: 'other' }], email: [{ provider: 'ses' }] };
  await delivery.startWorker({ providers, routes }, { circuit: circuitThatNeverOpens });
});
afterAll(async () => {
  await delivery.stop();
  vi.unstubAllEnvs();
});
afterEach(async () => {
  await delivery.source.query('DELETE FROM switched_off');
  await wait(1_500);
});

const ask: typeof delivery.messaging.requester.request = (name, payload) => delivery.messaging.requester.request(name, payload);
const search = (filter: Partial<RequestPayload<'delivery.search'>>) => ask('delivery.search', { state: null, provider: null, channel: null, loginId: null, before: null, ...filter });
const worker = `${hostname()}:${process.pid}`;
const received = async (to: string) => (await delivery.received(to)).length;

it('the messages of a paused channel stay in their queue, the other channel goes on, and none is lost at its end', async () => {
  expect((await ask('delivery.set-channel', { channel: 'sms', paused: true })).channels).toEqual([{ channel: 'sms', paused: true }, { channel: 'email', paused: false }]);
  const numbers = Array.from({ length: 8 }, () => delivery.newNumber());
  const sent = [];
  for (const to of numbers) sent.push(await delivery.send(to));
  const email = await delivery.send('maria@example.com', {}, { channel: 'email' });
  await delivery.reaches(email.id, 'accepted');
  await wait(1_500);
  expect(await delivery.messagesIn('delivery.sms')).toBe(8);
  for (const { id } of sent) expect(await delivery.row(id)).toBeUndefined();
  await ask('delivery.set-channel', { channel: 'sms', paused: false });
  for (const { id } of sent) await delivery.reaches(id, 'accepted');
  for (const to of numbers) expect(await received(to)).toBe(1);
});

it('a provider that is off is not asked: the next one is, or the message waits and is not failed', async () => {
  const first = await delivery.send(delivery.newNumber());
  expect(await delivery.reaches(first.id, 'accepted')).toMatchObject({ provider: 'one' });
  const { providers } = await ask('delivery.set-provider', { provider: 'one', on: false });
  expect(providers.map(({ provider, on }) => [provider, on])).toEqual([['one', false], ['other', true], ['ses', true]]);
  expect(providers[0]?.workers).toMatchObject([{ worker, circuit: 'closed', channels: ['sms'] }]);
  const second = await delivery.send(delivery.newNumber());
  expect(await delivery.reaches(second.id, 'accepted')).toMatchObject({ provider: 'other' });
  await ask('delivery.set-provider', { provider: 'other', on: false });
  const third = await delivery.send(delivery.newNumber());
  await wait(300);
  expect(await delivery.row(third.id)).toBeUndefined();
  await ask('delivery.set-provider', { provider: 'one', on: true });
  expect(await delivery.reaches(third.id, 'accepted')).toMatchObject({ provider: 'one' });
  await expect(ask('delivery.set-provider', { provider: 'nobody', on: false })).rejects.toMatchObject({ code: 'not_found' });
});

it('a worker that drains takes nothing more, and takes up again when it is told to', async () => {
  expect((await ask('delivery.workers', {})).workers).toMatchObject([{ worker, channels: ['sms', 'email'], draining: false }]);
  await ask('delivery.set-worker', { worker, draining: true });
  expect((await ask('delivery.workers', {})).workers).toMatchObject([{ worker, draining: true, inFlight: expect.any(Number) }]);
  const { id } = await delivery.send(delivery.newNumber());
  await wait(700);
  expect(await delivery.messagesIn('delivery.sms')).toBe(1);
  await ask('delivery.set-worker', { worker, draining: false });
  await delivery.reaches(id, 'accepted');
  await expect(ask('delivery.set-worker', { worker: 'nobody:1', draining: true })).rejects.toMatchObject({ code: 'not_found' });
});

it('the ledger is searched by state, provider, channel and login, page by page, with no full destination', async () => {
  const loginId = crypto.randomUUID();
  const to = delivery.newNumber();
  const ids = [];
  for (let count = 0; count < 3; count += 1) ids.push((await delivery.send(to, { loginId })).id);
  const email = await delivery.send('otto@example.com', { loginId }, { channel: 'email' });
  for (const id of [...ids, email.id]) await delivery.reaches(id, 'accepted');
  const all = await search({ loginId });
  expect(all.deliveries.map(({ messageId }) => messageId)).toEqual([email.id, ...ids.reverse()]);
  expect(all).toMatchObject({ before: null, deliveries: [{ channel: 'email', provider: 'ses', state: 'accepted', asks: 1, maskedDestination: '•••• 0000' }, {}, {}, {}] });
  expect(JSON.stringify(all)).not.toContain(to);
  expect((await search({ loginId, channel: 'email' })).deliveries).toHaveLength(1);
  expect((await search({ loginId, provider: 'one' })).deliveries).toHaveLength(3);
  expect((await search({ loginId, state: 'failed' })).deliveries).toEqual([]);
  expect((await search({ loginId, before: all.deliveries[1]?.queuedAt ?? null })).deliveries.map(({ messageId }) => messageId)).toEqual(ids.slice(1));
});

it('of two dead codes a redrive sends the one that is still valid, and never the one that has expired', async () => {
  await ask('delivery.set-channel', { channel: 'sms', paused: true });
  const [valid, expired] = [delivery.newNumber(), delivery.newNumber()];
  const [one, two] = [await delivery.send(valid), await delivery.send(expired, { expiresAt: new Date(Date.now() - 1_000).toISOString() })];
  // To the dead letters, as a worker puts what it gave up on.
  const channel = await delivery.messaging.connection.createChannel();
  for (let message = await channel.get('delivery.sms', { noAck: true }); message; message = await channel.get('delivery.sms', { noAck: true })) {
    await delivery.messaging.publisher.send({ id: String(message.properties.messageId), exchange: '', routingKey: 'delivery.sms.dead', body: message.content, headers: { 'x-latchkey-tries': 6 }, mandatory: true });
  }
  await channel.close();
  await ask('delivery.set-channel', { channel: 'sms', paused: false });
  const deadLetters = new DeadLetters(delivery.messaging.connection, delivery.messaging.publisher);
  expect(await deadLetters.redrive('delivery.sms', [one.id, two.id])).toMatchObject({ handled: 2, notFound: [] });
  await delivery.reaches(one.id, 'accepted');
  await delivery.reaches(two.id, 'expired');
  await eventually(async () => (await received(valid)) === 1, { what: 'the valid code' });
  expect(await received(expired)).toBe(0);
  // A copy of what was sent, as a crash between the two queues would leave: it is not sent again.
  expect((await deadLetters.list('delivery.sms', 10)).total).toBe(0);
});

// Last: two workers of one process have one name, and the end of one takes the other's states with it.
it('a paused channel is paused for a worker that starts later, and is ready', async () => {
  await ask('delivery.set-channel', { channel: 'sms', paused: true });
  const later = await delivery.startWorker({ providers: { one: { kind: 'sns' } }, routes: { sms: [{ provider: 'one' }] } }, { environment: { DELIVERY_CHANNELS: 'sms' } });
  const { id } = await delivery.send(delivery.newNumber());
  await wait(1_500);
  expect(await delivery.messagesIn('delivery.sms')).toBe(1);
  await later.stop();
  await ask('delivery.set-channel', { channel: 'sms', paused: false });
  await delivery.reaches(id, 'accepted');
});
