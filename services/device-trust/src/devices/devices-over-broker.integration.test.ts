import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { AmqpServer, Messaging, OutboxRelay, PassErrorsFilter } from '@latchkey/messaging';
import { createLogger, hashSecret, newSecret } from '@latchkey/platform';
import { eventually, testPostgres, testVhost, type TestVhost } from '@latchkey/testing';
import { NestFactory } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppModule } from '../app-module.ts';
import { devicesDatabase } from '../database.ts';

const logger = createLogger('test', 'silent' as 'fatal');
const cleanUp: (() => Promise<unknown>)[] = [];
let messaging: Messaging;
let source: DataSource;
let vhost: TestVhost;

beforeAll(async () => {
  const database = await testPostgres({ schema: 'devices' });
  vhost = await testVhost();
  source = await devicesDatabase(database.url).initialize();
  await source.runMigrations();
  messaging = new Messaging({ url: vhost.url, name: 'device-trust', logger });
  const relay = new OutboxRelay(source, messaging.publisher, logger);
  const strategy = new AmqpServer({ service: 'device-trust', connection: messaging.connection, publisher: messaging.publisher, logger });
  const app = await NestFactory.createMicroservice(AppModule.for({ source, messaging, relay, trustDays: 30 }), { strategy, logger: false });
  app.useGlobalFilters(new PassErrorsFilter());
  await app.listen();
  await eventually(() => strategy.consuming, { timeoutMs: 10_000, what: 'consuming' });
  relay.start();
  cleanUp.push(() => app.close(), () => relay.stop(), () => messaging.close(), () => source.destroy(), () => database.drop(), () => vhost.delete());
});
afterAll(async () => {
  for (const step of cleanUp) await step();
});

const shown = { client: 'web' as const, name: 'Firefox on Linux', browser: 'Firefox', os: 'Linux', ip: '2001:db8::1' };
const nextSecret = () => ({ browserId: randomUUID(), secretHash: hashSecret(newSecret()) });
const enter = (loginId: string, trust: boolean) =>
  messaging.requester.request('device.enter', { loginId, trustEpoch: 0, trust, device: { ...shown, presented: null, next: nextSecret() } });

it('a device enters, is trusted, enters by that trust, and is forgotten', async () => {
  const loginId = randomUUID();
  const next = nextSecret();
  const { device, newDevice } = await messaging.requester.request('device.enter', { loginId, trustEpoch: 0, trust: false, device: { ...shown, presented: null, next } });
  expect({ newDevice, device }).toMatchObject({ newDevice: true, device: { name: 'Firefox on Linux', trusted: false, trustedUntil: null, lastIp: '2001:db8::1' } });

  const own = { loginId, trustEpoch: 0, deviceIds: [device.id] };
  expect((await messaging.requester.request('device.trust', own)).devices).toMatchObject([{ id: device.id, trusted: true }]);
  const entered = await messaging.requester.request('device.enter-trusted', { loginId, trustEpoch: 0, device: { ...shown, presented: next, next: nextSecret() } });
  expect(entered).toMatchObject({ trusted: true, browserId: next.browserId, newDevice: false });
  expect((await messaging.requester.request('device.forget', own)).devices).toMatchObject([{ id: device.id, trusted: false, trustedUntil: null }]);
});

it('an id of somebody else comes back as not_found, and nothing changed', async () => {
  const [mine, theirs] = [randomUUID(), randomUUID()];
  const [own, foreign] = [await enter(mine, false), await enter(theirs, true)];
  const both = { loginId: mine, trustEpoch: 0, deviceIds: [own.device.id, foreign.device.id] };
  await expect(messaging.requester.request('device.trust', both)).rejects.toMatchObject({ code: 'not_found' });
  await expect(messaging.requester.request('device.forget', both)).rejects.toMatchObject({ code: 'not_found' });
  const listOf = async (loginId: string) => (await messaging.requester.request('device.list', { loginId, trustEpoch: 0 })).devices.map(({ trusted }) => trusted);
  expect([await listOf(mine), await listOf(theirs)]).toEqual([[false], [true]]);
});

type Told = { name: string; correlationId: string; payload: object };

/** What the activity list is told, as it comes. */
async function told(): Promise<Told[]> {
  const response = await vhost.manage('POST', 'queues/auth.activity/get', { count: 1_000, ackmode: 'ack_requeue_false', encoding: 'auto' });
  return ((await response.json()) as { payload: string }[]).map(({ payload }) => JSON.parse(payload) as Told);
}

it('trust given, trust taken and a copied secret leave as facts', async () => {
  const loginId = randomUUID();
  const { device, browserId } = await enter(loginId, false);
  const own = { loginId, trustEpoch: 0, deviceIds: [device.id] };
  await messaging.requester.request('device.trust', own);
  await messaging.requester.request('device.forget', own);
  const copied = { browserId, secretHash: hashSecret(newSecret()) };
  await messaging.requester.request('device.enter-trusted', { loginId, trustEpoch: 0, device: { ...shown, presented: copied, next: nextSecret() } });
  const devices = [{ id: device.id, name: 'Firefox on Linux' }];
  const heard: Told[] = [];
  await eventually(async () => heard.push(...(await told()).filter(({ payload }) => (payload as { loginId: string }).loginId === loginId)) >= 3, { what: 'three facts' });
  expect(heard.map(({ name, payload }) => [name, payload])).toEqual([
    ['device.trusted', { loginId, devices }],
    ['device.forgotten', { loginId, devices }],
    ['device.secret-reused', { loginId, devices: [{ ...devices[0], trustedUntil: null }], ip: '2001:db8::1' }],
  ]);
});

const about = (loginId: string, deviceId: string | null = null) => ({
  loginId,
  providerId: randomUUID(),
  accountId: null,
  attemptId: null,
  by: { kind: 'self' as const, loginId, name: 'maria' },
  device: deviceId === null ? null : { id: deviceId, name: 'Firefox on Linux' },
  ip: '2001:db8::1',
});
const trustOf = async (loginId: string) => ((await source.query('SELECT trust_epoch FROM devices WHERE login_id = $1', [loginId])) as { trust_epoch: number | null }[])[0]?.trust_epoch;

it.each<[string, (loginId: string, id: string) => Promise<void>]>([
  [
    'two-factor turned off',
    (loginId, id) => messaging.publisher.publish('two-factor.disabled', { ...about(loginId), trustEpoch: 1, how: 'disabled', reason: null }, { id }),
  ],
  ['a new password', (loginId, id) => messaging.publisher.publish('password.changed', { ...about(loginId), trustEpoch: 1, how: 'reset' }, { id })],
  ['"this was not me"', (loginId, id) => messaging.publisher.publish('login.not-me', { ...about(loginId), trustEpoch: 1 }, { id })],
])('%s clears the records of trust, delivered twice as well as once, and nobody else is touched', async (_what, tell) => {
  const [loginId, bystander] = [randomUUID(), randomUUID()];
  await enter(loginId, true);
  await enter(bystander, true);
  for (const id of [randomUUID(), randomUUID()]) await tell(loginId, id);
  await eventually(async () => (await trustOf(loginId)) === null, { what: 'trust cleared' });
  expect(await trustOf(bystander)).toBe(0);
});

it('a login under way when its trust is withdrawn enters no device once that was told', async () => {
  const loginId = randomUUID();
  await enter(loginId, true);
  await messaging.publisher.publish('password.changed', { ...about(loginId), trustEpoch: 1, how: 'reset' });
  await eventually(async () => (await trustOf(loginId)) === null, { what: 'trust cleared' });
  await expect(enter(loginId, true)).rejects.toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 1 } });
  expect((await messaging.requester.request('device.list', { loginId, trustEpoch: 1 })).devices).toHaveLength(1);
});

it('a password changed on a device leaves its trust to be carried over, and what was carried stays however late it is told', async () => {
  const loginId = randomUUID();
  const { device } = await enter(loginId, true);
  const other = await enter(loginId, true);
  const tell = () => messaging.publisher.publish('password.changed', { ...about(loginId, device.id), trustEpoch: 1, how: 'changed' });
  const otherIsTidied = async () => ((await source.query('SELECT trust_epoch FROM devices WHERE id = $1', [other.device.id])) as { trust_epoch: null }[])[0]?.trust_epoch === null;
  await tell();
  await eventually(otherIsTidied, { what: 'the fact taken' });
  const { devices } = await messaging.requester.request('device.carry-trust', { loginId, deviceId: device.id, fromEpoch: 0, toEpoch: 1 });
  expect(devices.filter(({ trusted }) => trusted)).toMatchObject([{ id: device.id }]);
  await source.query('UPDATE devices SET trusted_until = now(), trust_epoch = 0 WHERE id = $1', [other.device.id]);
  await tell();
  await eventually(otherIsTidied, { what: 'the late fact taken' });
  expect((await messaging.requester.request('device.list', { loginId, trustEpoch: 1 })).devices.find(({ id }) => id === device.id)).toMatchObject({ trusted: true });
});

it('a removed login leaves no device and no browser', async () => {
  const loginId = randomUUID();
  const { browserId } = await enter(loginId, true);
  await messaging.publisher.publish('login.removed', { ...about(loginId), loginName: 'maria' });
  await eventually(async () => ((await source.query('SELECT id FROM browsers WHERE id = $1', [browserId])) as unknown[]).length === 0, { what: 'the browser gone' });
  expect((await messaging.requester.request('device.list', { loginId, trustEpoch: 0 })).devices).toEqual([]);
});
