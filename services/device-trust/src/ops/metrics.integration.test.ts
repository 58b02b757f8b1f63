import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Messaging } from '@latchkey/messaging';
import { createLogger, hashSecret, newSecret, readConfig } from '@latchkey/platform';
import { eventually, freePort, readMetrics, testPostgres, testVhost } from '@latchkey/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deviceTrustSettings } from '../config.ts';
import { devicesDatabase } from '../database.ts';
import { startService } from '../start-service.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
let internalUrl: string;
let messaging: Messaging;
let source: DataSource;

beforeAll(async () => {
  const [database, vhost, port] = await Promise.all([testPostgres({ schema: 'devices' }), testVhost(), freePort()]);
  source = await devicesDatabase(database.url).initialize();
  await source.runMigrations();
  const settings = readConfig(deviceTrustSettings, {
    LATCHKEY_AMQP_URL: vhost.url,
    LATCHKEY_DATABASE_URL: database.url,
    LATCHKEY_LOG_LEVEL: 'fatal',
    LATCHKEY_SEALING_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    LATCHKEY_INTERNAL_PORT: String(port),
  });
  const service = await startService(settings);
  messaging = new Messaging({ url: vhost.url, name: 'test', logger: createLogger('test', 'fatal') });
  cleanUp.push(() => service.stop(), () => messaging.close(), () => source.destroy(), () => database.drop(), () => vhost.delete());
  await messaging.connection.open();
  internalUrl = `http://${settings.LATCHKEY_HOST}:${port}`;
  await eventually(async () => (await fetch(`${internalUrl}/health/ready`)).ok, { timeoutMs: 20_000, what: 'readiness' });
});
afterAll(async () => {
  for (const step of cleanUp) await step();
});

it('requests, events, the outbox and the pool are told after some traffic', async () => {
  const loginId = randomUUID();
  const device = { client: 'web' as const, name: 'Firefox on Linux', browser: 'Firefox', os: 'Linux', ip: '2001:db8::1', presented: null, next: { browserId: randomUUID(), secretHash: hashSecret(newSecret()) } };
  const entered = await messaging.requester.request('device.enter', { loginId, trustEpoch: 0, trust: true, device });
  await expect(messaging.requester.request('device.trust', { loginId, trustEpoch: 0, deviceIds: [randomUUID()] })).rejects.toMatchObject({ code: 'not_found' });
  await messaging.publisher.publish('login.removed', { loginId, providerId: randomUUID(), accountId: randomUUID(), loginName: 'owner', by: { kind: 'self', loginId, name: 'owner' }, device: null, ip: null, attemptId: null });
  await eventually(async () => (await readMetrics(internalUrl)).value('latchkey_events_handled_total', { queue: 'device-trust.logins', event: 'login.removed', outcome: 'done' }) === 1, { what: 'an event handled' });
  await eventually(async () => (await readMetrics(internalUrl)).value('latchkey_outbox_rows') === 0, { what: 'an empty outbox' });

  const metrics = await readMetrics(internalUrl);
  const answered = (request: string, outcome: string) => metrics.value('latchkey_requests_answered_seconds_count', { request, outcome });
  expect([answered('device.enter', 'ok'), answered('device.trust', 'refused')]).toEqual([1, 1]);
  expect(metrics.value('latchkey_outbox_lag_seconds')).toBe(0);
  expect(metrics.value('latchkey_broker_connected')).toBe(1);
  expect(metrics.value('latchkey_postgres_connections', { state: 'idle' })).toBeGreaterThan(0);
  expect(metrics.value('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
  for (const secret of [loginId, entered.browserId, '2001:db8']) expect(metrics.text).not.toContain(secret);
});

it('a fact that was not published shows with its age', async () => {
  // No event has this name, so the relay can't publish it.
  await source.query(`INSERT INTO outbox (aggregate_id, message, created_at) VALUES ($1, '{"name": "nothing"}', now() - interval '40 seconds')`, [randomUUID()]);
  const metrics = await readMetrics(internalUrl);
  expect(metrics.value('latchkey_outbox_rows')).toBe(1);
  expect(metrics.value('latchkey_outbox_lag_seconds')).toBeGreaterThanOrEqual(40);
  await source.query('DELETE FROM outbox');
});
