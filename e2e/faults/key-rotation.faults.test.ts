import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rootDirectory, type ServiceControl, type ServiceName } from '@latchkey/tools';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { system } from '../demo.ts';
import { addLogins } from '../many-logins.ts';
import { query, running } from './faults.ts';
import { Replica } from './replica.ts';
import { SteadyLoad, textsOf } from './steady-load.ts';

const names: ServiceName[] = ['gateway', 'auth', 'code-issuance', 'device-trust', 'delivery-sms', 'delivery-email'];
const replicas = new Map<ServiceName, Replica>();
/** The processes that the supervisor keeps have the first keys for ever; while these rotate, others take the work. */
const held: ServiceControl[] = [];
afterAll(async () => {
  for (const service of held) await service.start();
  for (const replica of replicas.values()) await replica.stop();
});

let oldKeys: string;
beforeAll(() => {
  oldKeys = running().services.auth.env['LATCHKEY_SEALING_KEYS'] ?? '';
});

/** Every service with these keys, one after the other, the next process before the last one goes. */
async function roll(keys: string): Promise<void> {
  for (const name of names) {
    const next = await Replica.of(running().services[name], { LATCHKEY_SEALING_KEYS: keys });
    const last = replicas.get(name);
    replicas.set(name, next);
    if (last) await leave(name, last);
    else held.push(await stopKept(running().services[name]));
  }
}

/** Whoever sends requests to a gateway has turned to the next one before the last one goes. */
async function leave(name: ServiceName, replica: Replica): Promise<void> {
  if (name === 'gateway') await new Promise((resolve) => setTimeout(resolve, 1_000));
  await replica.stop();
}

async function stopKept(service: ServiceControl): Promise<ServiceControl> {
  await service.stop();
  return service;
}

const keyIdsIn = async (): Promise<string[]> => {
  const values = [
    ...(await query<{ value: string }>('auth', 'SELECT email_sealed AS value FROM logins WHERE email_sealed IS NOT NULL')),
    ...(await query<{ value: string }>('auth', 'SELECT sealed_destination AS value FROM two_factor_methods WHERE sealed_destination IS NOT NULL')),
  ];
  return [...new Set(values.map(({ value }) => (JSON.parse(Buffer.from(value.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid))];
};

it('sealing keys are rotated under load: no failed login, no lost text, and the old key is not needed any more', { timeout: 240_000 }, async () => {
  const logins = await addLogins(running(), 1_500, 40_000);
  const newKey = `rotated:${randomBytes(32).toString('base64')}`;
  const load = new SteadyLoad(logins, () => [replicas.get('gateway')?.baseUrl ?? system().baseUrl]);
  load.start(4);
  await roll(`${oldKeys},${newKey}`);
  await roll(`${newKey},${oldKeys}`);
  await reseal(`${newKey},${oldKeys}`);
  expect(await keyIdsIn()).toEqual(['rotated']);
  await roll(newKey);
  const before = load.results.length;
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await load.stop();

  const failed = load.results.filter(({ status }) => status !== 200);
  const texts = await textsOf(system().inboxUrl, load.promised.map(({ login }) => login), 30_000);
  console.table({ 'key rotation': { logins: load.results.length, 'with the new key alone': load.results.length - before, failed: failed.length, lost: texts.filter((count) => count === 0).length } });
  expect(failed.map(({ status, code }) => ({ status, code }))).toEqual([]);
  expect(load.results.length).toBeGreaterThan(before);
  expect(texts).toEqual(load.promised.map(() => 1));

  // For whatever runs after this: everything is sealed with the first key again.
  await reseal(`${oldKeys},${newKey}`);
});

async function reseal(keys: string): Promise<void> {
  const urls = Object.fromEntries(
    Object.entries({ auth: 'AUTH', 'code-issuance': 'CODE_ISSUANCE', 'delivery-sms': 'DELIVERY' }).map(([name, part]) => [
      `LATCHKEY_${part}_DATABASE_URL`,
      running().services[name as ServiceName].env['LATCHKEY_DATABASE_URL'] ?? '',
    ]),
  );
  await promisify(execFile)(process.execPath, [join(rootDirectory, 'tools/latchkey/latchkey.mjs'), 'reseal'], { env: { ...process.env, ...urls, LATCHKEY_SEALING_KEYS: keys } });
}
