import 'reflect-metadata';
import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { circuitThatNeverOpens, type DeliveryUnderTest, prepareDelivery } from '../testing/delivery-under-test.ts';
import { type Arrived, startWebhookEndpoint, type WebhookEndpoint } from '../testing/webhook-endpoint.ts';

let delivery: DeliveryUnderTest;
let events: Awaited<ReturnType<DeliveryUnderTest['watchEvents']>>;
let worker: Awaited<ReturnType<DeliveryUnderTest['startWorker']>>;
let one: WebhookEndpoint;
let other: WebhookEndpoint;

beforeAll(async () => {
  [delivery, one, other] = await Promise.all([prepareDelivery(), startWebhookEndpoint(), startWebhookEndpoint()]);
  for (const [name, value] of Object.entries({ ...one.secrets('ONE'), ...other.secrets('OTHER') })) vi.stubEnv(name, value);
  const providers = { one: one.provider('ONE', one.withReceipts('ONE', 5)), other: other.provider('OTHER', other.withReceipts('OTHER', 5)), silent: other.provider('OTHER') };
  // Germany has one provider, France one that gives no receipts.
  const sms = [{ provider: 'one', countries: ['US', 'DE'] }, { provider: 'other', countries: ['US'] }, { provider: 'silent', countries: ['FR'] }];
  worker = await delivery.startWorker({ providers, routes: { sms } }, { circuit: circuitThatNeverOpens, environment: { DELIVERY_CHANNELS: 'sms' } });
  events = await delivery.watchEvents();
});
beforeEach(() => {
  for (const endpoint of [one, other]) endpoint.behave = async () => 202;
});
afterAll(async () => {
  await delivery.stop();
  await Promise.all([one.close(), other.close()]);
  vi.unstubAllEnvs();
});

/** A receipt as the gateway hands it on. */
async function tell(provider: string, { body, headers }: { body: string; headers: Record<string, string> }) {
  const sealedBody = await delivery.keys.seal('destination', body);
  return delivery.messaging.requester.request('delivery.take-receipt', { provider, url: `https://login.example/v1/receipts/${provider}`, headers, sealedBody });
}
async function accepted(to = delivery.newNumber(), overrides: object = {}, id: string = randomUUIDv7()) {
  const { message } = await delivery.send(to, overrides, { id });
  await delivery.reaches(id, 'accepted');
  const [sent] = one.to(to);
  return { id, to, attemptId: message.attemptId, ownId: sent?.ownId ?? '' };
}
const german = () => `+4915112${String(Math.floor(Math.random() * 1_000_000)).padStart(6, '0')}`;
const statesOf = async (attemptId: string) => (await delivery.statesOf(attemptId)).map(({ state, suggestion }) => [state, suggestion].filter(Boolean).join(' '));

it('a receipt makes accepted delivered: in the ledger, in the event, and for a page that comes later', async () => {
  const { id, ownId, attemptId } = await accepted();
  expect(await delivery.row(id)).toMatchObject({ receipt_key: `one:${ownId}`, kept_message: { sealedCode: expect.any(String) } });
  await tell('one', one.receipt(ownId, 'delivered'));
  expect(await delivery.row(id)).toMatchObject({ state: 'delivered', due_at: null, kept_message: null });
  await eventually(() => events.namesOf(id).length === 2);
  expect(events.namesOf(id)).toEqual(['delivery.accepted', 'delivery.delivered']);
  const states = await delivery.statesOf(attemptId);
  expect(states.map(({ state }) => state)).toEqual(['queued', 'accepted', 'delivered']);
  expect(states[2]?.at).toBe(events.of(id)[1]?.payload.at);
});

it('a receipt that is replayed, fifty times at once, changes nothing and tells nobody', async () => {
  const { id, ownId } = await accepted();
  const receipt = one.receipt(ownId, 'delivered');
  await Promise.all(Array.from({ length: 50 }, () => tell('one', receipt)));
  await wait(200);
  expect(events.namesOf(id)).toEqual(['delivery.accepted', 'delivery.delivered']);
});

it('in whatever order receipts come, delivered is delivered', async () => {
  const [first, second] = [await accepted(german()), await accepted(german())];
  await tell('one', one.receipt(first.ownId, 'delivered'));
  await tell('one', one.receipt(first.ownId, 'failed'));
  await tell('one', one.receipt(second.ownId, 'failed', { reason: 'handset off' }));
  expect(await delivery.row(second.id)).toMatchObject({ state: 'failed', failure: 'handset off' });
  await tell('one', one.receipt(second.ownId, 'delivered'));
  expect((await delivery.row(first.id))?.state).toBe('delivered');
  expect((await delivery.row(second.id))?.state).toBe('delivered');
});

it('a receipt that overtakes the answer it belongs to is not lost', async () => {
  one.behave = async ({ ownId }: Arrived) => {
    await tell('one', one.receipt(ownId, 'delivered'));
    return 202;
  };
  const { id } = await delivery.send(delivery.newNumber());
  expect(await delivery.reaches(id, 'delivered')).toMatchObject({ asks: 1 });
  await eventually(async () => (await delivery.source.query('SELECT FROM early_receipts')).length === 0, { what: 'nothing left of it' });
});

it('forged receipts are refused, for every provider the same way, and change nothing', async () => {
  const { id, ownId } = await accepted();
  const { body, headers } = one.receipt(ownId, 'failed');
  const forged = [
    ['one', { body: body.replace('failed', 'delivered'), headers }],
    ['one', { body, headers: { ...headers, 'webhook-signature': 'v1,AAAA' } }],
    ['one', { body, headers: {} }],
    ['other', { body, headers }],
    ['silent', { body, headers }],
    ['nobody', { body, headers }],
  ] as const;
  for (const [provider, receipt] of forged) await expect(tell(provider, receipt), provider).rejects.toMatchObject({ code: 'not_found' });
  expect((await delivery.row(id))?.state).toBe('accepted');
});

it('a receipt for a message that nobody knows is answered like any other', async () => {
  const { ownId } = await accepted();
  expect(await tell('one', one.receipt(randomUUID(), 'delivered'))).toEqual(await tell('one', one.receipt(ownId, 'delivered')));
});

it('failed at one provider: the next one sends the same code at once, once, and a late receipt of the first still counts', async () => {
  const { id, to, ownId, attemptId } = await accepted();
  const receipt = one.receipt(ownId, 'failed', { reason: 'unreachable' });
  await Promise.all(Array.from({ length: 10 }, () => tell('one', receipt)));
  const row = await eventually(async () => { const now = await delivery.row(id); return now?.provider === 'other' && now.state === 'accepted' && now; });
  expect(row).toMatchObject({ asks: 2, unknowns: 0, earlier: [{ provider: 'one', outcome: 'failed', reason: 'unreachable', receiptKey: `one:${ownId}` }], kept_message: null });
  await wait(300);
  expect(other.to(to).map(({ text, id: messageId }) => [/#(\d{6})/.exec(text)?.[1], messageId])).toEqual([['012345', id]]);
  // The page was told that it is accepted, and is not told that it failed while it has not.
  expect(events.namesOf(id)).toEqual(['delivery.accepted', 'delivery.accepted']);

  await tell('one', one.receipt(ownId, 'delivered'));
  expect((await delivery.row(id))?.state).toBe('delivered');
  expect(await statesOf(attemptId)).toEqual(['queued', 'accepted', 'delivered']);
});

it('failed at the last provider: the page hears it and is offered another method', async () => {
  const { id, to, ownId, attemptId } = await accepted();
  await tell('one', one.receipt(ownId, 'failed'));
  await eventually(async () => other.to(to).length === 1 && (await delivery.row(id))?.state === 'accepted');
  await tell('other', other.receipt(other.to(to)[0]?.ownId ?? '', 'failed'));
  expect(await delivery.row(id)).toMatchObject({ state: 'failed', due_at: null, kept_message: null });
  await eventually(() => events.namesOf(id).at(-1) === 'delivery.failed');
  expect(events.of(id).at(-1)?.payload.suggestion).toBe('other_method');
  expect((await statesOf(attemptId)).at(-1)).toBe('failed other_method');
});

it('no receipt in time: the next provider sends the same code; after the last one the message stays accepted and nothing is kept', async () => {
  const { id, to } = await accepted(undefined, {}, delivery.idMadeAgo(20_000));
  await eventually(async () => (await delivery.row(id))?.provider === 'other', { timeoutMs: 9_000, what: 'the next provider' });
  expect((await delivery.row(id))?.earlier).toMatchObject([{ provider: 'one', outcome: 'no_receipt' }]);
  const done = await eventually(async () => { const row = await delivery.row(id); return row?.state === 'accepted' && row.due_at === null && row; }, { timeoutMs: 12_000, what: 'the end of waiting' });
  expect(done).toMatchObject({ provider: 'other', asks: 2, kept_message: null });
  expect([one.to(to).length, other.to(to).length]).toEqual([1, 1]);
});

/** Tells that a code of the attempt was entered, and waits until the ledger knows. */
async function codeUsed(attemptId: string, id: string): Promise<void> {
  await delivery.messaging.publisher.publish('code.used', { attemptId, loginId: randomUUIDv7(), methodId: randomUUIDv7() });
  await eventually(async () => (await delivery.row(id))?.used_at !== null, { what: 'a used code' });
}

it('once the code was entered nobody else is asked, and nothing of it is kept', async () => {
  const { id, to, ownId, attemptId } = await accepted();
  await codeUsed(attemptId, id);
  expect(await delivery.row(id)).toMatchObject({ state: 'accepted', due_at: null, kept_message: null, used_at: expect.any(Date) });
  await tell('one', one.receipt(ownId, 'failed'));
  await wait(500);
  expect(other.to(to)).toEqual([]);
});

it.each(['while a provider is asked', 'while it waits'])('a message whose code was entered %s is not tried again', async (when) => {
  const [id, attemptId, to] = [randomUUIDv7(), randomUUIDv7(), delivery.newNumber()];
  one.behave = other.behave = async () => {
    if (when === 'while a provider is asked') await codeUsed(attemptId, id);
    return 503;
  };
  await delivery.send(to, { attemptId }, { id });
  await eventually(async () => ['retrying', 'expired'].includes((await delivery.row(id))?.state));
  if (when === 'while it waits') await codeUsed(attemptId, id);
  one.behave = other.behave = async () => 202;
  const asked = one.to(to).length + other.to(to).length;
  await wait(800);
  expect(await delivery.row(id)).toMatchObject({ state: 'expired', used_at: expect.any(Date) });
  expect(one.to(to).length + other.to(to).length).toBe(asked);
});

it('an expired code is not failed over, however the failure is heard of', async () => {
  const { id, to, ownId } = await accepted(undefined, { expiresAt: new Date(Date.now() + 800).toISOString() });
  await wait(900);
  await tell('one', one.receipt(ownId, 'failed'));
  expect((await delivery.row(id))?.state).toBe('failed');
  expect(other.to(to)).toEqual([]);
});

it('a text that is not delivered half a minute after it was queued: the page proposes another method, once, also when it comes back', async () => {
  const { id, attemptId } = await accepted(german(), {}, delivery.idMadeAgo(28_500));
  await eventually(() => events.of(id).some(({ payload }) => payload.suggestion), { timeoutMs: 5_000, what: 'a proposal' });
  await wait(1_500);
  expect(events.of(id).map(({ name, payload }) => [name, payload.suggestion])).toEqual([['delivery.accepted', undefined], ['delivery.accepted', 'other_method']]);
  const states = await delivery.statesOf(attemptId);
  expect(states.slice(-1)).toEqual([{ methodId: states[0]?.methodId, state: 'accepted', at: events.of(id)[1]?.payload.at, suggestion: 'other_method' }]);
});

it('of a provider without receipts nobody knows more than accepted, so the page stays calm', async () => {
  const id = delivery.idMadeAgo(28_500);
  await delivery.send('+33612345678', {}, { id });
  await delivery.reaches(id, 'accepted');
  await wait(3_000);
  expect(events.of(id).map(({ payload }) => payload.suggestion)).toEqual([undefined]);
  expect(await delivery.row(id)).toMatchObject({ due_at: null, receipt_key: null, kept_message: null });
});

it('what is kept for a failover is sealed, and is gone when the message is settled', async () => {
  const { id, to, ownId } = await accepted();
  const kept = JSON.stringify(await delivery.row(id));
  expect(kept).not.toContain(to.slice(1));
  expect(kept).not.toMatch(/(?<![\w-])012345(?![\w-])/);
  await tell('one', one.receipt(ownId, 'delivered'));
  expect((await delivery.row(id))?.kept_message).toBeNull();
});

it('operators see receipts and what they led to', async () => {
  const metrics = await worker.metrics();
  const lines = [
    'receipts_total{provider="one",outcome="delivered"}',
    'receipts_total{provider="one",outcome="repeated"}',
    'receipts_total{provider="one",outcome="not_known"}',
    'failovers_total{channel="sms",provider="one",reason="no_receipt"}',
    'queued_to_asked_seconds_count{channel="sms"}',
    'accepted_to_receipt_seconds_count{provider="one",outcome="delivered"}',
  ];
  for (const line of lines) {
    expect(metrics.split('\n').find((text) => text.startsWith(`latchkey_delivery_${line}`)), line).toMatch(/ [1-9]\d*$/);
  }
});
