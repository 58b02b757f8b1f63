import 'reflect-metadata';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type DeliveryUnderTest, prepareDelivery } from '../testing/delivery-under-test.ts';
import { startWebhookEndpoint, type WebhookEndpoint } from '../testing/webhook-endpoint.ts';

let delivery: DeliveryUnderTest;
let [silent, honest, other]: WebhookEndpoint[] = [];

beforeAll(async () => {
  [delivery, silent, honest, other] = await Promise.all([prepareDelivery(), startWebhookEndpoint(), startWebhookEndpoint(), startWebhookEndpoint()]);
  for (const [name, value] of Object.entries({ ...silent.secrets('SILENT'), ...honest.secrets('HONEST'), ...other.secrets('OTHER') })) vi.stubEnv(name, value);
});
afterAll(async () => {
  await delivery.stop();
  await Promise.all([silent?.close(), honest?.close(), other?.close()]);
  vi.unstubAllEnvs();
});

it('a provider that takes messages and never tells of them again is left alone, one that tells is not', async () => {
  const providers = {
    silent: silent!.provider('SILENT', silent!.withReceipts('SILENT', 5)),
    honest: honest!.provider('HONEST', honest!.withReceipts('HONEST', 5)),
    other: other!.provider('OTHER'),
  };
  const sms = [{ provider: 'silent', countries: ['US'] }, { provider: 'honest', countries: ['DE'] }, { provider: 'other' }];
  const { metrics } = await delivery.startWorker({ providers, routes: { sms } }, { circuit: { size: 6, atLeast: 3, threshold: 0.5, openForMs: 60_000 }, environment: { DELIVERY_CHANNELS: 'sms' } });
  const sent = await Promise.all(['+14155550101', '+14155550102', '+14155550103', '+4915112345601', '+4915112345602', '+4915112345603'].map((to) => delivery.send(to)));
  await Promise.all(sent.map(({ id }) => delivery.reaches(id, 'accepted')));
  for (const { ownId } of honest!.arrived) {
    const { body, headers } = honest!.receipt(ownId, 'delivered');
    await delivery.messaging.requester.request('delivery.take-receipt', { provider: 'honest', url: 'https://login.example/v1/receipts/honest', headers, sealedBody: await delivery.keys.seal('destination', body) });
  }
  const circuit = async (provider: string) => new RegExp(`circuit_state\\{provider="${provider}"\\} (\\d)`).exec(await metrics())?.[1];
  expect(await circuit('silent')).toBe('0');
  await eventually(async () => (await circuit('silent')) === '2', { timeoutMs: 10_000, what: 'an open circuit' });
  await eventually(async () => (await Promise.all(sent.slice(0, 3).map(({ id }) => delivery.row(id)))).every((row) => row?.provider === 'other'), { what: 'the next provider' });
  expect(await circuit('honest')).toBe('0');

  const [american, german] = [await delivery.send('+14155550104'), await delivery.send('+4915112345604')];
  expect(await delivery.reaches(american.id, 'accepted')).toMatchObject({ provider: 'other', asks: 1 });
  expect(await delivery.reaches(german.id, 'accepted')).toMatchObject({ provider: 'honest', asks: 1 });
});
