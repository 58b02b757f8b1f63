import 'reflect-metadata';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { awsCredentials, type DeliveryUnderTest, prepareDelivery } from '../testing/delivery-under-test.ts';

const emails = 10_000;
let delivery: DeliveryUnderTest;

beforeAll(async () => {
  for (const [name, value] of Object.entries(awsCredentials)) vi.stubEnv(name, value);
  delivery = await prepareDelivery();
});
afterAll(async () => {
  await delivery.stop();
  vi.unstubAllEnvs();
});

it('an email queue of ten thousand does not delay a text, even where one worker does both', { timeout: 120_000 }, async () => {
  // Once for the queues, then with nobody there while they fill.
  await (await delivery.startWorker()).stop();
  const { message } = await delivery.send('flood@example.com', {}, { channel: 'email' });
  for (let sent = 1; sent < emails; sent += 500) {
    await Promise.all(Array.from({ length: 500 }, () => delivery.messaging.publisher.publish('code.issued.email', message)));
  }
  expect(await delivery.messagesIn('delivery.email')).toBeGreaterThan(emails - 500);
  await delivery.startWorker();
  await eventually(async () => (await delivery.messagesIn('delivery.email')) < emails - 100);

  const waits: number[] = [];
  for (let text = 0; text < 20; text += 1) {
    const { id } = await delivery.send(delivery.newNumber());
    const row = await delivery.reaches(id, 'accepted');
    waits.push(row.asked_at.getTime() - row.queued_at.getTime());
  }
  expect(await delivery.messagesIn('delivery.email'), 'emails that still wait').toBeGreaterThan(1_000);
  expect(Math.max(...waits)).toBeLessThan(1_000);
});
