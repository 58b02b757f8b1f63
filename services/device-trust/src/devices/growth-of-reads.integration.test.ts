import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Messaging } from '@latchkey/messaging';
import { createLogger, hashSecret, newSecret, readConfig } from '@latchkey/platform';
import { eventually, freePort, growTables, indexesNotMissed, listenToStatements, planStatements, type Statement, testPostgres, testVhost } from '@latchkey/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deviceTrustSettings } from '../config.ts';
import { devicesDatabase } from '../database.ts';
import { startService } from '../start-service.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
const rows = 100_000;
let url: string;
let source: DataSource;
let asked: Statement[];

beforeAll(async () => {
  const [database, vhost, port] = await Promise.all([testPostgres({ schema: 'devices' }), testVhost(), freePort()]);
  url = database.url;
  source = await devicesDatabase(url).initialize();
  await source.runMigrations();
  const settings = readConfig(deviceTrustSettings, {
    LATCHKEY_AMQP_URL: vhost.url,
    LATCHKEY_DATABASE_URL: url,
    LATCHKEY_LOG_LEVEL: 'fatal',
    LATCHKEY_SEALING_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    LATCHKEY_INTERNAL_PORT: String(port),
  });
  const service = await startService(settings);
  const messaging = new Messaging({ url: vhost.url, name: 'test', logger: createLogger('test', 'fatal') });
  cleanUp.push(() => service.stop(), () => messaging.close(), () => source.destroy(), () => database.drop(), () => vhost.delete());
  await messaging.connection.open();
  await eventually(async () => (await fetch(`http://${settings.LATCHKEY_HOST}:${port}/health/ready`)).ok, { timeoutMs: 20_000, what: 'readiness' });
  await growTables(url, [
    `INSERT INTO browsers (id, secrets, created_at) SELECT gen_random_uuid(), '[]', now() FROM generate_series(1, ${rows})`,
    `INSERT INTO devices (id, browser_id, login_id, client, name, first_seen_at, last_seen_at, last_ip) SELECT gen_random_uuid(), id, gen_random_uuid(), 'web', 'Firefox', now(), now(), '203.0.113.7' FROM browsers`,
    'INSERT INTO trust_epochs (login_id, trust_epoch) SELECT login_id, 0 FROM devices',
  ]);
  asked = await statementsOfLogins(messaging);
}, 120_000);
afterAll(async () => {
  for (const step of cleanUp) await step();
});

/** From a new browser, from one that is known, by trust, by a copied secret; and the list of devices. */
async function statementsOfLogins({ requester }: Messaging): Promise<Statement[]> {
  const loginId = randomUUID();
  const shown = { client: 'web' as const, name: 'Firefox on Linux', browser: 'Firefox', os: 'Linux', ip: '2001:db8::1' };
  const secretOf = (browserId: string = randomUUID()) => ({ browserId, secretHash: hashSecret(newSecret()) });
  const first = secretOf();
  const [second, third] = [secretOf(first.browserId), secretOf(first.browserId)];
  const { stop } = listenToStatements();
  const { device } = await requester.request('device.enter', { loginId, trustEpoch: 0, trust: false, device: { ...shown, presented: null, next: first } });
  const known = await requester.request('device.enter', { loginId, trustEpoch: 0, trust: false, device: { ...shown, presented: first, next: second } });
  expect(known.device.id).toBe(device.id);
  const own = { loginId, trustEpoch: 0, deviceIds: [device.id] };
  await requester.request('device.trust', own);
  expect(await requester.request('device.enter-trusted', { loginId, trustEpoch: 0, device: { ...shown, presented: second, next: third } })).toMatchObject({ trusted: true });
  await requester.request('device.list', { loginId, trustEpoch: 0 });
  await requester.request('device.forget', own);
  expect(await requester.request('device.enter-trusted', { loginId, trustEpoch: 0, device: { ...shown, presented: secretOf(first.browserId), next: secretOf() } })).toEqual({ trusted: false });
  return stop();
}

it('no statement takes longer for there being more devices', async () => {
  for (const part of ['FROM browsers WHERE id = $1 FOR UPDATE', 'INSERT INTO browsers', 'UPDATE devices', 'INTO trust_epochs', 'outbox']) expect(asked.map(({ text }) => text).join('\n')).toContain(part);
  const { faults, indexes } = await planStatements(source, asked);
  expect(faults).toEqual([]);
  expect(indexes).toEqual(expect.arrayContaining(['browsers_pkey', 'devices_login_id_browser_id_key']));
});

it('each index that a login goes by is missed when it is dropped', async () => {
  expect(await indexesNotMissed(url, asked)).toEqual([]);
});
