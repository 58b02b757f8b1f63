import { eventually, latestCode, readMetrics } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, demoPassword } from './api-client.ts';
import { newClient, ownerCode, ownerPhone, signIn, signInOwner, system } from './demo.ts';

let operator: ApiClient;
beforeAll(async () => {
  operator = newClient();
  await signIn(operator, 'operator');
});
afterAll(async () => {
  await operator.call('PUT', '/v1/ops/channels', { channel: 'sms', paused: false });
});

const smsQueue = async () => (await operator.get('/v1/ops/queues')).body.queues.find(({ name }: { name: string }) => name === 'delivery.sms');

test('an operator sees queues with their rates, the workers, and what was sent to whom, masked', async () => {
  await signInOwner(newClient());
  const queue = await eventually(async () => {
    const sms = await smsQueue();
    return sms.unacked !== null && sms;
  }, { timeoutMs: 30_000, everyMs: 500, what: 'figures of the management API' });
  expect(queue).toMatchObject({ service: 'delivery', ready: 0, publishPerSecond: expect.any(Number), deliverPerSecond: expect.any(Number) });
  const { workers } = (await operator.get('/v1/ops/queues')).body;
  expect(workers.flatMap(({ channels }: { channels: string[] }) => channels)).toEqual(expect.arrayContaining(['sms', 'email']));
  const { status, body } = await operator.get('/v1/ops/deliveries?channel=sms');
  expect(status).toBe(200);
  expect(body.deliveries.find(({ purpose }: { purpose: string }) => purpose === 'login')).toMatchObject({ channel: 'sms', provider: expect.any(String), asks: 1, maskedDestination: expect.stringMatching(/0123$/) });
  expect(JSON.stringify(body)).not.toContain(ownerPhone.slice(1));
});

test('a paused channel holds its texts back and gives them out when it is resumed; the book says who did it', async () => {
  expect((await operator.call('PUT', '/v1/ops/channels', { channel: 'sms', paused: true })).status).toBe(200);
  // Every worker follows within a second.
  await eventually(async () => (await smsQueue()).consumers === 0, { timeoutMs: 30_000, everyMs: 500, what: 'no consumers' });
  const after = new Date();
  const asked = await newClient().post('/v1/login', { loginName: 'owner', password: demoPassword });
  expect(asked.body).toMatchObject({ status: 'code_required', sent: { state: 'queued' } });
  await eventually(async () => (await smsQueue()).ready === 1, { timeoutMs: 30_000, everyMs: 500, what: 'a text that waits' });
  await expect(latestCode(system().inboxUrl, ownerPhone, { after })).rejects.toThrow();
  await operator.call('PUT', '/v1/ops/channels', { channel: 'sms', paused: false });
  expect(await latestCode(system().inboxUrl, ownerPhone, { after })).toMatch(/^\d{6}$/);
  const { entries } = (await operator.get('/v1/ops/audit')).body;
  expect(entries.slice(0, 2)).toMatchObject([{ by: { loginName: 'operator' }, action: 'set_channel', target: { channel: 'sms', paused: false } }, { target: { channel: 'sms', paused: true } }]);
});

test('nobody else is an operator', async () => {
  const [dealer, member, stranger] = [newClient(), newClient(), newClient()];
  await signIn(dealer, 'dealer');
  await signIn(member, 'member');
  for (const path of ['queues', 'dead-letters?queue=delivery.sms', 'deliveries', 'providers', 'audit']) {
    expect((await dealer.get(`/v1/ops/${path}`)).body.code, path).toBe('forbidden');
    expect((await member.get(`/v1/ops/${path}`)).body.code, path).toBe('forbidden');
    expect((await stranger.get(`/v1/ops/${path}`)).body.code, path).toBe('not_signed_in');
  }
  expect((await member.post('/v1/ops/dead-letters/discard', { queue: 'delivery.sms' })).body.code).toBe('forbidden');
});

test('every process tells its metrics, and none of them a code, a number or a name', async () => {
  const { code } = await ownerCode(newClient());
  for (const [name, port] of Object.entries(system().internalPorts)) {
    if (name === 'inbox') continue;
    const metrics = await readMetrics(`http://127.0.0.1:${port}`);
    expect(metrics.value('latchkey_broker_connected'), name).toBe(1);
    expect(metrics.value('nodejs_eventloop_lag_seconds'), name).toBeGreaterThanOrEqual(0);
    expect(metrics.text).not.toMatch(/owner|4155550123/);
    expect(metrics.text.split(/[\s"]/)).not.toContain(code);
  }
});
