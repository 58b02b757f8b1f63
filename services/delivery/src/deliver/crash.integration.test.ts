import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { awsCredentials, type DeliveryUnderTest, freePort, prepareDelivery } from '../testing/delivery-under-test.ts';

const service = join(import.meta.dirname, '../..');
let delivery: DeliveryUnderTest;
let built: string;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'latchkey-delivery-'));
  [delivery] = await Promise.all([
    prepareDelivery(),
    promisify(execFile)(process.execPath, [join(service, '../../node_modules/rolldown/bin/cli.mjs'), '-c', '../../rolldown.config.mjs', '-d', built], { cwd: service }),
  ]);
  await delivery.messaging.connection.open();
  await delivery.messaging.connection.whenConnected(10_000);
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await delivery.stop();
  await rm(built, { recursive: true, force: true });
});

/** The built worker as a process of its own, as an operator runs it. */
async function startWorker(): Promise<ChildProcess> {
  const internalPort = await freePort();
  const worker = spawn(process.execPath, [join(built, 'main.js')], {
    stdio: 'ignore',
    env: {
      ...awsCredentials,
      AWS_ENDPOINT_URL_SNS: delivery.inboxUrl,
      LATCHKEY_AMQP_URL: delivery.vhost.url,
      LATCHKEY_DATABASE_URL: delivery.database.url,
      LATCHKEY_SEALING_KEYS: delivery.sealingKey,
      LATCHKEY_INTERNAL_PORT: String(internalPort),
      DELIVERY_CHANNELS: 'sms',
    },
  });
  workers.push(worker);
  await eventually(async () => (await fetch(`http://127.0.0.1:${internalPort}/health/ready`)).ok, { timeoutMs: 20_000, everyMs: 100, what: 'a ready worker' });
  return worker;
}

it('a worker killed after asking and before writing down: unknown first, then the code again, by the next worker', async () => {
  const first = await startWorker();
  // Taken at once and answered after three seconds: long enough to be killed in between.
  const to = '+14159990004';
  const { id, message } = await delivery.send(to);
  await eventually(async () => (await delivery.received(to)).length === 1, { timeoutMs: 10_000, what: 'the first send' });
  expect(await delivery.row(id)).toMatchObject({ state: 'asking', asks: 1, unknowns: 0 });
  first.kill('SIGKILL');

  await startWorker();
  expect(await delivery.reaches(id, 'accepted')).toMatchObject({ asks: 2, unknowns: 1 });
  expect(await delivery.received(to)).toHaveLength(2);
  expect((await delivery.statesOf(message.attemptId)).map(({ state }) => state)).toEqual(['queued', 'unknown', 'accepted']);
});
