import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@latchkey/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { buildService, type DeliveryUnderTest, prepareDelivery } from '../testing/delivery-under-test.ts';
import { startWebhookEndpoint } from '../testing/webhook-endpoint.ts';

let delivery: DeliveryUnderTest;
let built: Awaited<ReturnType<typeof buildService>>;

beforeAll(async () => {
  [delivery, built] = await Promise.all([prepareDelivery(), buildService()]);
});
afterAll(async () => {
  await delivery.stop();
  await built.remove();
});

const workers: ChildProcess[] = [];
afterEach(() => workers.splice(0).forEach((worker) => worker.kill('SIGKILL')));
async function startWorker(routes?: object, environment: Record<string, string> = {}): Promise<ChildProcess> {
  const worker = await delivery.startProcess(built.main, routes, { DELIVERY_CHANNELS: 'sms', ...environment });
  workers.push(worker);
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

it('a worker killed between noting a failover and queueing the message again: the next worker queues it, and it is sent once more, not twice', async () => {
  const [one, other] = await Promise.all([startWebhookEndpoint(), startWebhookEndpoint()]);
  const crashPoints = await mkdtemp(join(tmpdir(), 'latchkey-crash-'));
  try {
    const routes = {
      providers: { one: one.provider('ONE', one.withReceipts('ONE', 600)), other: other.provider('OTHER') },
      routes: { sms: [{ provider: 'one' }, { provider: 'other' }] },
    };
    const start = () => startWorker(routes, { ...one.secrets('ONE'), ...other.secrets('OTHER'), LATCHKEY_CRASH_POINTS: crashPoints });
    const first = await start();
    const died = new Promise((resolve) => first.once('exit', resolve));
    const to = delivery.newNumber();
    const { id } = await delivery.send(to);
    await delivery.reaches(id, 'accepted');

    await writeFile(join(crashPoints, 'delivery.outcome-noted'), '');
    const receipt = one.receipt(one.to(to)[0]?.ownId ?? '', 'failed');
    const told = delivery.messaging.requester.request('delivery.take-receipt', { provider: 'one', url: 'https://login.example/', headers: receipt.headers, sealedBody: await delivery.keys.seal('destination', receipt.body) });
    await Promise.all([died, expect(told).rejects.toMatchObject({ code: 'unavailable' })]);
    expect(await delivery.row(id)).toMatchObject({ state: 'retrying', earlier: [{ provider: 'one', outcome: 'failed' }] });
    expect(other.arrived).toEqual([]);

    // As if the lease of the dead worker had ended.
    await delivery.source.query('UPDATE deliveries SET due_at = now() WHERE message_id = $1', [id]);
    await start();
    // Nothing is due any more, so nothing is queued once more either.
    expect(await delivery.reaches(id, 'accepted')).toMatchObject({ provider: 'other', asks: 2, unknowns: 0, kept_message: null, due_at: null });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect([one.to(to).length, other.to(to).length]).toEqual([1, 1]);
  } finally {
    await Promise.all([one.close(), other.close(), rm(crashPoints, { recursive: true })]);
  }
});
