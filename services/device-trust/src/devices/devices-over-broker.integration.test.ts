import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { AmqpServer, Messaging, PassErrorsFilter } from '@latchkey/messaging';
import { createDataSource, createLogger, hashSecret, newSecret } from '@latchkey/platform';
import { eventually, testPostgres, testVhost } from '@latchkey/testing';
import { NestFactory } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppModule } from '../app-module.ts';
import { Devices1764000000000 } from '../migrations/1764000000000-devices.ts';

const logger = createLogger('test', 'silent' as 'fatal');
const cleanUp: (() => Promise<unknown>)[] = [];
let messaging: Messaging;
let source: DataSource;

beforeAll(async () => {
  const [database, vhost] = await Promise.all([testPostgres({ schema: 'devices' }), testVhost()]);
  source = await createDataSource({ url: database.url, schema: 'devices', migrations: [Devices1764000000000], service: 'test' }).initialize();
  await source.runMigrations();
  messaging = new Messaging({ url: vhost.url, name: 'device-trust', logger });
  const strategy = new AmqpServer({ service: 'device-trust', connection: messaging.connection, publisher: messaging.publisher, logger });
  const app = await NestFactory.createMicroservice(AppModule.for({ source, messaging, trustDays: 30 }), { strategy, logger: false });
  app.useGlobalFilters(new PassErrorsFilter());
  await app.listen();
  await eventually(() => strategy.consuming, { timeoutMs: 10_000, what: 'consuming' });
  cleanUp.push(() => app.close(), () => messaging.close(), () => source.destroy(), () => database.drop(), () => vhost.delete());
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

it('two-factor turned off clears the records of trust, delivered twice as well as once, and nobody else is touched', async () => {
  const [loginId, bystander] = [randomUUID(), randomUUID()];
  const fact = { providerId: randomUUID(), accountId: null, attemptId: null, by: { kind: 'self', loginId, name: 'owner' }, device: null, ip: null } as const;
  await enter(loginId, true);
  await enter(bystander, true);
  const trustOf = async (login: string) => ((await source.query('SELECT trust_epoch FROM devices WHERE login_id = $1', [login])) as { trust_epoch: number | null }[])[0]?.trust_epoch;
  for (const id of [randomUUID(), randomUUID()]) await messaging.publisher.publish('two-factor.disabled', { ...fact, loginId, trustEpoch: 1, how: 'disabled', reason: null }, { id });
  await eventually(async () => (await trustOf(loginId)) === null, { what: 'trust cleared' });
  expect(await trustOf(bystander)).toBe(0);
});
