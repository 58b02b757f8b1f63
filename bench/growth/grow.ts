import { statfsSync } from 'node:fs';
import { maskPhoneNumber, SealingKeys } from '@latchkey/platform';
import type { RunningSystem } from '@latchkey/tools';
import pg from 'pg';
import type { Person } from '../flows/plan.ts';

/** Rows of a statement: many enough to be fast, few enough to tell how far it is. */
const chunk = 250_000;
/** Measured: 1,300 among a million; and the write-ahead log. */
const bytesALogin = 1_600;
const loginsAProvider = 10_000;
const tables = ['auth.logins', 'auth.two_factor_methods', 'auth.providers', 'auth.accounts', 'devices.browsers', 'devices.devices', 'devices.trust_epochs'];

/** To the database that all services' schemas are in. */
export async function asAdministrator<T>({ stack }: RunningSystem, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const url = new URL(stack.postgres.url);
  url.pathname = '/latchkey';
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Says so beforehand where they would take more than half of what is free. */
export function refuseWhatDoesNotFit(system: RunningSystem, logins: number): void {
  const { bavail, bsize } = statfsSync(system.instance.directory);
  const [needed, free] = [logins * bytesALogin, bavail * bsize].map((bytes) => Number((bytes / 1e9).toFixed(1))) as [number, number];
  if (needed > free / 2) throw new Error(`${logins} logins take about ${needed} GB, and twice that has to be free; ${free} GB are. Fewer: --sizes`);
}

/**
 * Grows the tables that a login reads to so many rows each, with all their indexes in place: logins, their methods, browsers, their
 * devices, trust epochs; a provider for ten thousand. Ids are of version 7, as the services make them; names come in no order.
 */
export async function growTo(client: pg.Client, { instance }: RunningSystem, size: number): Promise<void> {
  const sealed = await new SealingKeys(instance.state.secrets.sealingKey).seal('destination', '+14155550199');
  // Foreign keys are right by the way the rows are made; to look each up would take longer than to write it.
  await client.query("SET session_replication_role = 'replica'");
  await client.query(idsSql);
  const grown = (await client.query<{ count: string }>("SELECT count(*) FROM auth.logins WHERE role = 'customer' AND login_name LIKE '%-grown-%'")).rows[0]?.count;
  for (let from = Number(grown); from < size; from += chunk) {
    const to = Math.min(size, from + chunk);
    const startedAt = performance.now();
    await client.query(providersSql, [Math.ceil(from / loginsAProvider), Math.floor((to - 1) / loginsAProvider)]);
    await client.query(loginsSql, [from, to - 1, sealed, loginsAProvider]);
    console.log(`${to.toLocaleString('en')} logins and devices, ${Math.round((to - from) / ((performance.now() - startedAt) / 1_000)).toLocaleString('en')} a second`);
  }
  await client.query("SET session_replication_role = 'origin'");
  // What would come by itself some time, and not in the middle of what is measured.
  for (const table of tables) await client.query(`VACUUM ANALYZE ${table}`);
  await client.query('CHECKPOINT');
}

/** People from anywhere among those grown, each with a number of its own, from `firstNumber` on. */
export async function takePeople(client: pg.Client, { instance }: RunningSystem, size: number, count: number, firstNumber: number): Promise<Person[]> {
  const places = new Set<number>();
  while (places.size < count) places.add(Math.floor(Math.random() * size));
  const phoneNumbers = Array.from({ length: count }, (_, index) => `+${firstNumber + index}`);
  const keys = new SealingKeys(instance.state.secrets.sealingKey);
  const { rows } = await client.query<Person>(
    `UPDATE auth.two_factor_methods AS method SET sealed_destination = sealed, hint = masked
     FROM unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS taken (place, number, sealed, masked) JOIN auth.logins ON login_name_key = left(md5(place::text), 10) || '-grown-' || place
     WHERE method.login_id = logins.id RETURNING login_name AS name, number AS "phoneNumber"`,
    [[...places], phoneNumbers, await Promise.all(phoneNumbers.map((number) => keys.seal('destination', number))), phoneNumbers.map(maskPhoneNumber)],
  );
  if (rows.length !== count) throw new Error(`${rows.length} of ${count} people were found`);
  return rows;
}

const idsSql = `
  CREATE OR REPLACE FUNCTION pg_temp.new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(random, 1, 3) || '8' || substr(random, 4, 15))::uuid
    FROM (SELECT md5(random()::text) AS random) one $$;
  CREATE OR REPLACE FUNCTION pg_temp.id_of(name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT overlay(overlay(md5(name) PLACING '8' FROM 13) PLACING '8' FROM 17)::uuid $$`;

/** Ids by number, so that the logins of any chunk find their provider. */
const providersSql = `
  WITH provider AS (INSERT INTO auth.providers (id, name) SELECT pg_temp.id_of('provider ' || n), 'Provider ' || n FROM generate_series($1::int, $2::int) n)
  INSERT INTO auth.accounts (id, provider_id, name) SELECT pg_temp.id_of('account ' || n), pg_temp.id_of('provider ' || n), 'Account ' || n FROM generate_series($1::int, $2::int) n`;

const loginsSql = `
  WITH owner AS (SELECT password_hash FROM auth.logins WHERE login_name_key = 'owner'),
  grown AS MATERIALIZED (
    SELECT n, pg_temp.new_id() AS login_id, pg_temp.new_id() AS browser_id, left(md5(n::text), 10) || '-grown-' || n AS name FROM generate_series($1::int, $2::int) n),
  login AS (
    INSERT INTO auth.logins (id, account_id, provider_id, login_name, login_name_key, role, password_hash)
    SELECT login_id, pg_temp.id_of('account ' || n / $4::int), pg_temp.id_of('provider ' || n / $4::int), name, name, 'customer', password_hash FROM grown, owner),
  method AS (
    INSERT INTO auth.two_factor_methods (id, login_id, kind, sealed_destination, hint, is_default, confirmed_at)
    SELECT pg_temp.new_id(), login_id, 'sms', $3, '•••• 0199', true, now() FROM grown),
  browser AS (
    INSERT INTO devices.browsers (id, secrets, created_at)
    SELECT browser_id, jsonb_build_array(jsonb_build_object('hash', left(md5(name) || md5(n::text), 43), 'supersededAt', NULL)), now() FROM grown),
  epoch AS (INSERT INTO devices.trust_epochs (login_id, trust_epoch) SELECT login_id, 0 FROM grown)
  INSERT INTO devices.devices (id, browser_id, login_id, client, name, browser, os, first_seen_at, last_seen_at, last_ip, trusted_until, trust_epoch)
  SELECT pg_temp.new_id(), browser_id, login_id, 'web', 'Firefox on Linux', 'Firefox', 'Linux', now(), now(), '203.0.113.7', now() + interval '30 days', 0 FROM grown`;
