import 'reflect-metadata';
import { eventually, growTables, indexesNotMissed, listenToStatements, planStatements, type Statement } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { awsCredentials, type DeliveryUnderTest, prepareDelivery } from '../testing/delivery-under-test.ts';

const rows = 100_000;
let delivery: DeliveryUnderTest;
let asked: Statement[];

beforeAll(async () => {
  for (const [name, value] of Object.entries(awsCredentials)) vi.stubEnv(name, value);
  delivery = await prepareDelivery();
  await delivery.startWorker();
  await growTables(delivery.database.url, [
    `INSERT INTO deliveries (message_id, queued_at, attempt_id, login_id, method_id, channel, purpose, masked_destination, state, provider, asked_at, expires_at)
     SELECT gen_random_uuid(), now(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'sms', 'login', '•', 'accepted', 'sns', now(), now() FROM generate_series(1, ${rows})`,
  ]);
  asked = await statementsOfDeliveries();
}, 120_000);
afterAll(async () => {
  await delivery.stop();
  vi.unstubAllEnvs();
});

/** Of a text that is accepted and whose code is used, of one that the provider refuses, and of what a page asks that opens later. */
async function statementsOfDeliveries(): Promise<Statement[]> {
  const { stop } = listenToStatements();
  const [accepted, refused] = [await delivery.send(delivery.newNumber()), await delivery.send('+14159990002')];
  await delivery.reaches(accepted.id, 'accepted');
  await delivery.reaches(refused.id, 'failed');
  const { attemptId, loginId, methodId } = accepted.message;
  await delivery.messaging.publisher.publish('code.used', { attemptId, loginId, methodId });
  await eventually(async () => (await delivery.row(accepted.id))?.['used_at'] !== null, { what: 'the code as used' });
  expect((await delivery.messaging.requester.request('delivery.states', { attemptId })).states).not.toEqual([]);
  // Beside what the test itself asks.
  return stop().filter(({ text }) => !text.startsWith('SELECT * FROM deliveries WHERE message_id'));
}

it('no statement of a delivery takes longer for the ledger being longer', async () => {
  for (const part of ['INSERT INTO deliveries', 'UPDATE deliveries', 'used_at']) expect(asked.map(({ text }) => text).join('\n')).toContain(part);
  const { faults } = await planStatements(delivery.source, asked);
  expect(faults).toEqual([]);
});

it('each index that a delivery goes by is missed when it is dropped', async () => {
  expect(await indexesNotMissed(delivery.database.url, asked)).toEqual([]);
});
