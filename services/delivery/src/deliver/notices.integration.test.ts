import 'reflect-metadata';
import { randomUUIDv7 } from 'node:crypto';
import { deadLetterQueueName } from '@latchkey/messaging';
import { eventually } from '@latchkey/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { everyNotice, noticeKinds, textNoticeKinds } from '../messages/testing/every-message.ts';
import { circuitThatNeverOpens, type DeliveryUnderTest, prepareDelivery } from '../testing/delivery-under-test.ts';
import { startWebhookEndpoint, type WebhookEndpoint } from '../testing/webhook-endpoint.ts';

let delivery: DeliveryUnderTest;
let events: Awaited<ReturnType<DeliveryUnderTest['watchEvents']>>;
let one: WebhookEndpoint;
let other: WebhookEndpoint;

beforeAll(async () => {
  [delivery, one, other] = await Promise.all([prepareDelivery(), startWebhookEndpoint(), startWebhookEndpoint()]);
  for (const [name, value] of Object.entries({ ...one.secrets('ONE'), ...other.secrets('OTHER') })) vi.stubEnv(name, value);
  const route = [{ provider: 'one' }, { provider: 'other' }];
  const providers = { one: one.provider('ONE', one.withReceipts('ONE', 600)), other: other.provider('OTHER') };
  await delivery.startWorker({ providers, routes: { sms: route, email: route } }, { circuit: circuitThatNeverOpens });
  events = await delivery.watchEvents();
});
afterEach(() => {
  for (const endpoint of [one, other]) endpoint.behave = async () => 202;
});
afterAll(async () => {
  await delivery.stop();
  await Promise.all([one.close(), other.close()]);
  vi.unstubAllEnvs();
});

const told = everyNotice('https://login.demo.example/not-me#x');
const address = () => `anna-${randomUUIDv7()}@customers.example`;
const deadLetters = () => delivery.messagesIn(deadLetterQueueName('delivery.sms'));

it('every notice arrives by email, and every one that is no link by text, once, without a code', async () => {
  for (const kind of noticeKinds) {
    const to = address();
    const { id } = await delivery.sendNotice(to, kind, told[kind], { channel: 'email' });
    expect(await delivery.reaches(id, 'accepted')).toMatchObject({ channel: 'email', purpose: kind, attempt_id: null, method_id: null });
    expect(one.to(to).map(({ text }) => text.includes('anna'))).toEqual([true]);
  }
  for (const kind of textNoticeKinds) {
    const to = delivery.newNumber();
    const { id } = await delivery.sendNotice(to, kind, told[kind]);
    expect(await delivery.reaches(id, 'accepted')).toMatchObject({ channel: 'sms', purpose: kind, segments: 1, country: 'US' });
    expect(one.to(to).map(({ text }) => /^Demo Security: /.test(text) && !/\d{6}/.test(text))).toEqual([true]);
  }
});

it('a notice is told in the language and the time zone of whom it is for', async () => {
  const to = address();
  const branding = { name: 'Demo Security', host: 'login.demo.example', defaultLocale: 'de', timeZone: 'Europe/Vienna' };
  const { id } = await delivery.sendNotice(to, 'new_device', told.new_device, { channel: 'email' }, { locale: 'tlh', branding });
  await delivery.reaches(id, 'accepted');
  expect(one.to(to)[0]?.text).toContain('24. November 2026 um 13:40 MEZ');
});

it('the same notice ten times is one text, and no page is told of it', async () => {
  const to = delivery.newNumber();
  const { id, message } = await delivery.sendNotice(to, 'two_factor_off', told.two_factor_off);
  await delivery.reaches(id, 'accepted');
  for (let count = 0; count < 9; count += 1) await delivery.messaging.publisher.publish('notice.issued.sms', message, { id });
  const { id: codeId } = await delivery.send(delivery.newNumber());
  await eventually(() => events.namesOf(codeId).length === 1, { what: 'the event of a code that was issued later' });
  expect(await delivery.row(id)).toMatchObject({ asks: 1, unknowns: 0 });
  expect(one.to(to)).toHaveLength(1);
  expect(events.namesOf(id)).toEqual([]);
});

it('an expired notice is never sent, and nobody is told', async () => {
  const to = delivery.newNumber();
  const { id } = await delivery.sendNotice(to, 'new_device', told.new_device, {}, { expiresAt: new Date(Date.now() - 1).toISOString() });
  expect(await delivery.reaches(id, 'expired')).toMatchObject({ asks: 0 });
  expect(one.to(to)).toEqual([]);
  expect(events.namesOf(id)).toEqual([]);
});

it('a notice waits for a provider like a code, and the next one is asked when one fails', async () => {
  one.behave = async () => 503;
  const { id } = await delivery.sendNotice(delivery.newNumber(), 'new_device', told.new_device);
  expect(await delivery.reaches(id, 'accepted')).toMatchObject({ provider: 'other', asks: 2 });

  other.behave = async () => 503;
  const waiting = await delivery.sendNotice(delivery.newNumber(), 'new_device', told.new_device, { id: delivery.idMadeAgo(40_000) });
  await delivery.reaches(waiting.id, 'retrying');
  one.behave = async () => 202;
  expect(await delivery.reaches(waiting.id, 'accepted')).toMatchObject({ provider: 'one', suggested_at: null });
  expect(events.namesOf(waiting.id)).toEqual([]);
});

it('a notice whose receipt says that it failed goes to the next provider with its words, kept sealed until then', async () => {
  const to = delivery.newNumber();
  const { id } = await delivery.sendNotice(to, 'new_device', { ...told.new_device, device: 'Annas Fernseher' });
  const kept = JSON.stringify(await delivery.reaches(id, 'accepted'));
  expect(kept).toContain('sealedArguments');
  expect(kept).not.toMatch(/Fernseher|not-me/);
  const { body, headers } = one.receipt(one.to(to)[0]?.ownId ?? '', 'failed');
  await delivery.messaging.requester.request('delivery.take-receipt', { provider: 'one', url: 'https://login.example/v1/receipts/one', headers, sealedBody: await delivery.keys.seal('destination', body) });
  await eventually(() => other.to(to).length === 1, { what: 'the second provider' });
  expect(other.to(to)[0]).toMatchObject({ id, text: one.to(to)[0]?.text });
  const row = await eventually(async () => { const now = await delivery.row(id); return now?.provider === 'other' && now.state === 'accepted' && now; });
  expect(row).toMatchObject({ kept_message: null, earlier: [{ provider: 'one', outcome: 'failed' }] });
  expect(events.namesOf(id)).toEqual([]);
});

it.each<[what: string, kind: 'new_device' | 'forgotten_password', given: unknown]>([
  ['without its arguments', 'new_device', {}],
  ['with an argument of another kind', 'new_device', { ...told.new_device, at: 'yesterday' }],
  ['with no JSON', 'new_device', undefined],
  ['with a link that goes by email only', 'forgotten_password', told.forgotten_password],
])('a text %s can not be told: failed without an ask, and a dead letter', async (_, kind, given) => {
  const before = await deadLetters();
  const to = delivery.newNumber();
  const { id } = await delivery.sendNotice(to, kind, given);
  expect(await delivery.reaches(id, 'failed')).toMatchObject({ asks: 0, failure: expect.stringContaining(kind) });
  await eventually(async () => (await deadLetters()) > before, { timeoutMs: 10_000, everyMs: 200, what: 'a dead letter' });
  expect(one.to(to)).toEqual([]);
});

it('arguments that are sealed for another purpose are not opened', async () => {
  const { id } = await delivery.sendNotice(delivery.newNumber(), 'new_device', told.new_device, {}, { sealedArguments: await delivery.keys.seal('code', JSON.stringify(told.new_device)) });
  expect(await delivery.reaches(id, 'failed')).toMatchObject({ asks: 0, failure: 'not sealed with a key that is held here' });
});
