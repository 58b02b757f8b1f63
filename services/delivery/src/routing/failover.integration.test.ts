import 'reflect-metadata';
import { eventually, freePort } from '@latchkey/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { awsCredentials, type DeliveryUnderTest, prepareDelivery } from '../testing/delivery-under-test.ts';
import { startWebhookEndpoint, type WebhookEndpoint } from '../testing/webhook-endpoint.ts';

let delivery: DeliveryUnderTest;
let events: Awaited<ReturnType<DeliveryUnderTest['watchEvents']>>;
let [one, other]: WebhookEndpoint[] = [];
let worker: Awaited<ReturnType<DeliveryUnderTest['startWorker']>> | undefined;

beforeAll(async () => {
  for (const [name, value] of Object.entries(awsCredentials)) vi.stubEnv(name, value);
  [delivery, one, other] = await Promise.all([prepareDelivery(), startWebhookEndpoint(), startWebhookEndpoint()]);
  for (const [name, value] of Object.entries({ ...one.secrets('ONE'), ...other.secrets('OTHER'), WRONG_KEY: 'not the inbox’s' })) vi.stubEnv(name, value);
  events = await delivery.watchEvents();
});
afterEach(async () => {
  await worker?.stop();
  for (const endpoint of [one, other]) endpoint!.behave = async () => 202;
});
afterAll(async () => {
  await delivery.stop();
  await Promise.all([one?.close(), other?.close()]);
  vi.unstubAllEnvs();
});

const circuit = { size: 6, atLeast: 3, threshold: 0.5, openForMs: 400 };
/** A worker whose texts go to these providers, in this order. */
async function routed(providers: Record<string, object>, steps: object[] = Object.keys(providers).map((provider) => ({ provider }))) {
  worker = await delivery.startWorker({ providers, routes: { sms: steps } }, { circuit, environment: { DELIVERY_CHANNELS: 'sms' } });
  return worker;
}
const webhooks = () => ({ one: one!.provider('ONE'), other: other!.provider('OTHER') });
const codeIn = (text: string) => /#(\d{6})/.exec(text)?.[1];

it('a provider that is away is passed over at once: the next one sends the same code, and both are in the ledger', async () => {
  const { metrics } = await routed({ away: { kind: 'sns', endpoint: `http://127.0.0.1:${await freePort()}` }, other: other!.provider('OTHER') });
  const to = delivery.newNumber();
  const { id } = await delivery.send(to);
  const row = await delivery.reaches(id, 'accepted');
  expect(row).toMatchObject({ provider: 'other', asks: 2, unknowns: 0, earlier: [{ provider: 'away', outcome: 'transient', reason: 'ECONNREFUSED' }] });
  expect(other!.to(to).map(({ text }) => codeIn(text))).toEqual(['012345']);
  expect(events.namesOf(id)).toEqual(['delivery.accepted']);
  expect(await metrics()).toContain('latchkey_delivery_failovers_total{channel="sms",provider="away",reason="transient"} 1');
});

it('an account with the wrong credentials is the provider’s trouble: the next one sends', async () => {
  await routed({ misconfigured: { kind: 'sns', credentials: { accessKeyId: 'AKIAWRONG', secretAccessKey: { env: 'WRONG_KEY' } } }, other: other!.provider('OTHER') });
  const { id } = await delivery.send(delivery.newNumber());
  expect(await delivery.reaches(id, 'accepted')).toMatchObject({ provider: 'other', asks: 2 });
});

it('a number that opted out is no provider’s trouble: nobody else is asked', async () => {
  await routed({ sns: { kind: 'sns' }, other: other!.provider('OTHER') });
  const { id } = await delivery.send('+14159990002');
  expect(await delivery.reaches(id, 'failed')).toMatchObject({ provider: 'sns', asks: 1 });
  expect(other!.to('+14159990002')).toEqual([]);
});

it('a lost answer is unknown first, then the next provider sends: the one that may have sent is asked last', async () => {
  await routed({ sns: { kind: 'sns' }, other: other!.provider('OTHER') });
  const to = '+14159990005';
  const { id } = await delivery.send(to);
  expect(await delivery.reaches(id, 'accepted')).toMatchObject({ provider: 'other', asks: 2, unknowns: 1, earlier: [{ provider: 'sns', outcome: 'unknown' }] });
  await eventually(() => events.namesOf(id).length === 2);
  expect(events.namesOf(id)).toEqual(['delivery.unknown', 'delivery.accepted']);
  expect([await delivery.received(to), other!.to(to)].map((sent) => sent.length)).toEqual([1, 1]);
});

it('a failing provider is left alone while its circuit is open, and taken up again by one message when it works', async () => {
  const { metrics } = await routed(webhooks());
  let working = false;
  one!.behave = async () => (working ? 202 : 503);
  const before = one!.arrived.length;
  const asked = () => one!.arrived.length - before;
  for (let count = 0; count < 10; count += 1) await delivery.reaches((await delivery.send(delivery.newNumber())).id, 'accepted');
  const askedWhileFailing = asked();
  expect(askedWhileFailing).toBeGreaterThanOrEqual(3);
  expect(askedWhileFailing).toBeLessThan(10);
  await eventually(async () => (await metrics()).includes('latchkey_delivery_circuit_state{provider="one"} 2'));
  const listed = await eventually(async () => {
    const { providers } = await delivery.messaging.requester.request('delivery.providers', {});
    return providers.some(({ provider, circuit }) => provider === 'one' && circuit === 'open') && providers;
  });
  expect(listed.filter(({ provider }) => provider === 'other')).toMatchObject([{ circuit: 'closed', channels: ['sms'] }]);

  working = true;
  await new Promise((resolve) => setTimeout(resolve, circuit.openForMs));
  const probes = await Promise.all(Array.from({ length: 8 }, () => delivery.send(delivery.newNumber())));
  await Promise.all(probes.map(({ id }) => delivery.reaches(id, 'accepted')));
  expect(await metrics()).toContain('latchkey_delivery_circuit_state{provider="one"} 0');
  const { id } = await delivery.send(delivery.newNumber());
  expect(await delivery.reaches(id, 'accepted')).toMatchObject({ provider: 'one' });
});

it('while every provider is away nothing is lost: the message is sent when one is back', async () => {
  await routed(webhooks());
  let working = false;
  for (const endpoint of [one, other]) endpoint!.behave = async () => (working ? 202 : 503);
  const sent = await Promise.all(Array.from({ length: 5 }, () => delivery.send(delivery.newNumber())));
  await eventually(async () => (await Promise.all(sent.map(({ id }) => delivery.row(id)))).every((row) => row?.state === 'retrying' || row === undefined), { timeoutMs: 5_000 });
  working = true;
  for (const { id } of sent) expect(await delivery.reaches(id, 'accepted')).toMatchObject({ unknowns: 0 });
});

it('a code that expires on the way from one provider to the next is not sent', async () => {
  await routed(webhooks());
  one!.behave = async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return 503;
  };
  const to = delivery.newNumber();
  const { id } = await delivery.send(to, { expiresAt: new Date(Date.now() + 400).toISOString() });
  expect(await delivery.reaches(id, 'expired')).toMatchObject({ asks: 1 });
  expect(other!.to(to)).toEqual([]);
});

it('weights share the messages out', async () => {
  await routed(webhooks(), [{ provider: 'one', weight: 3 }, { provider: 'other', weight: 1 }]);
  const sent = await Promise.all(Array.from({ length: 80 }, () => delivery.send(delivery.newNumber())));
  const rows = await Promise.all(sent.map(({ id }) => delivery.reaches(id, 'accepted')));
  const share = rows.filter(({ provider }) => provider === 'one').length;
  // Sixty are expected; seventeen more or fewer happen less than once in ten thousand runs.
  expect(share).toBeGreaterThan(43);
  expect(share).toBeLessThan(77);
});

it('a country’s texts go to the provider for it; where nobody delivers the person is offered another way', async () => {
  await routed(webhooks(), [{ provider: 'one', countries: ['DE'] }, { provider: 'other', countries: ['US'] }]);
  const [german, american, french] = await Promise.all(['+4915112345678', '+14155550123', '+33612345678'].map((to) => delivery.send(to)));
  expect(await delivery.reaches(german!.id, 'accepted')).toMatchObject({ provider: 'one', country: 'DE', segments: 1 });
  expect(await delivery.reaches(american!.id, 'accepted')).toMatchObject({ provider: 'other', country: 'US' });
  expect(await delivery.reaches(french!.id, 'failed')).toMatchObject({ asks: 0, failure: 'no provider delivers there' });
  expect(events.of(french!.id).map(({ payload }) => payload.suggestion)).toEqual(['other_method']);
});

it('what a message costs is in the ledger: by country, for each segment that was accepted', async () => {
  await routed({ one: one!.provider('ONE', { prices: { US: 7_900, '*': 50_000 } }), other: other!.provider('OTHER') });
  const [american, french] = await Promise.all(['+14155550123', '+33612345678'].map((to) => delivery.send(to)));
  expect(await delivery.reaches(american!.id, 'accepted')).toMatchObject({ cost_micros: '7900', segments: 1 });
  expect(await delivery.reaches(french!.id, 'accepted')).toMatchObject({ cost_micros: '50000' });
  one!.behave = async () => 503;
  const { id } = await delivery.send(delivery.newNumber());
  expect(await delivery.reaches(id, 'accepted')).toMatchObject({ provider: 'other', cost_micros: null });
});
