import { randomUUIDv7 } from 'node:crypto';
import type { CodeIssued } from '@latchkey/contracts';
import { testPostgres, type TestDatabase } from '@latchkey/testing';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deliveryDatabase } from '../start-service.ts';
import { quiet } from '../testing/delivery-under-test.ts';
import { AcceptedMessages } from './accepted-messages.ts';
import { Ledger } from './ledger.ts';
import { entryOf } from './ledger-entry.ts';
import { ledgerPartitions } from './partitions.ts';

const dayMs = 86_400_000;
const now = new Date('2026-03-15T10:00:00Z');
let postgres: TestDatabase;
let source: DataSource;
beforeEach(async () => {
  postgres = await testPostgres({ schema: 'delivery' });
  source = await deliveryDatabase(postgres.url).initialize();
  await source.runMigrations({ transaction: 'all' });
});
afterEach(async () => {
  await source.destroy();
  await postgres.drop();
});

const maintain = (at: Date, keepDays = 30) => ledgerPartitions({ source, messages: new AcceptedMessages(source), keepDays, logger: quiet }).maintain(at);
const partitions = async () =>
  ((await source.query(`SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'deliveries'::regclass ORDER BY 1`)) as { name: string }[]).map(({ name }) => name.replace('deliveries_', ''));
const add = (queuedAt: Date, more: { state?: string; dueAt?: Date } = {}) =>
  source.query(
    `INSERT INTO deliveries (message_id, queued_at, attempt_id, login_id, method_id, channel, purpose, masked_destination, state, provider, asked_at, expires_at, due_at, kept_message)
     VALUES ($1, $2, $1, $1, $1, 'sms', 'login', '•', $3, 'sns', $2, $2, $4, CASE WHEN $4::timestamptz IS NULL THEN NULL ELSE '{}'::jsonb END)`,
    [randomUUIDv7(), queuedAt, more.state ?? 'accepted', more.dueAt ?? null],
  );
const rowsIn = async (table: string) => Number(((await source.query(`SELECT count(*) FROM ${table}`)) as { count: string }[])[0]?.count);

it('there are partitions from yesterday to a week ahead, also when it is done again', async () => {
  await maintain(now);
  await maintain(now);
  expect(await partitions()).toEqual(['20260314', '20260315', '20260316', '20260317', '20260318', '20260319', '20260320', '20260321', '20260322', 'default']);
});

it('ten workers that start at once make each of them once', async () => {
  await Promise.all(Array.from({ length: 10 }, () => maintain(now)));
  expect(await partitions()).toHaveLength(10);
});

it('a row lands in its day, at midnight too, and one without a day is kept all the same', async () => {
  await maintain(now);
  await add(new Date('2026-03-15T00:00:00.000Z'));
  await add(new Date('2026-03-15T23:59:59.999Z'));
  await add(new Date('2026-03-16T00:00:00.000Z'));
  await add(new Date('2031-01-01T00:00:00Z'));
  expect(await Promise.all(['20260314', '20260315', '20260316', 'default'].map((day) => rowsIn(`deliveries_${day}`)))).toEqual([0, 2, 1, 1]);
});

it('rows that came before their day was made move into it, while deliveries go on', async () => {
  await add(now);
  let going = true;
  const deliveries = (async () => {
    let count = 0;
    for (; going; count += 1) await add(now);
    return count;
  })();
  await maintain(now);
  going = false;
  const count = await deliveries;
  expect(await rowsIn('deliveries_20260315')).toBe(1 + count);
  expect(await rowsIn('deliveries_default')).toBe(0);
});

it('days older than the setting are dropped whole, and nothing younger', async () => {
  for (let days = 40; days >= 0; days -= 1) await maintain(new Date(now.getTime() - days * dayMs), 1_000);
  await add(new Date('2026-02-12T23:59:59Z'));
  await add(new Date('2026-02-13T00:00:00Z'));
  await maintain(now, 30);
  expect((await partitions())[0]).toBe('20260213');
  expect(await rowsIn('deliveries')).toBe(1);
});

it('what lies in no day goes with its age too', async () => {
  await add(new Date(now.getTime() - 31 * dayMs));
  await add(new Date(now.getTime() - 29 * dayMs));
  await maintain(now, 30);
  expect(await rowsIn('deliveries_default')).toBe(1);
});

it('what every worker was too long away for is wiped', async () => {
  await maintain(now);
  await add(new Date(now.getTime() - 2 * dayMs), { dueAt: new Date(now.getTime() - 1.5 * dayMs) });
  await add(now, { dueAt: now });
  await maintain(now);
  expect(await source.query('SELECT kept_message FROM deliveries ORDER BY queued_at')).toEqual([{ kept_message: null }, { kept_message: {} }]);
});

it('a message that comes again, after midnight and after its day was made, is one row that counts every ask', async () => {
  const queuedAt = new Date('2026-03-15T23:59:59.999Z');
  const login: CodeIssued = {
    attemptId: randomUUIDv7(), loginId: randomUUIDv7(), providerId: randomUUIDv7(), methodId: randomUUIDv7(), purpose: 'login', sealedCode: 'sealed', sealedDestination: 'sealed', maskedDestination: '•',
    locale: 'en', branding: { name: 'Demo Security', host: 'localhost' }, expiresAt: '2026-03-16T00:09:59.999Z', sendNumber: 1,
  };
  const entry = entryOf('sms', login, randomUUIDv7(), queuedAt);
  const ask = (at: string) => new Ledger(source).beginAsking(entry, 'sns', true, new Date(at));
  await ask('2026-03-15T23:59:59.999Z');
  await maintain(now);
  await ask('2026-03-16T00:00:01Z');
  await maintain(new Date('2026-03-16T00:00:02Z'));
  await ask('2026-03-16T00:00:03Z');
  expect(await source.query('SELECT tableoid::regclass::text AS place, asks FROM deliveries')).toEqual([{ place: 'deliveries_20260315', asks: 3 }]);
});

it('the ledger looks for a message into the partition of its day only', async () => {
  await maintain(now);
  const plan = JSON.stringify(await source.query(`EXPLAIN SELECT state FROM deliveries WHERE message_id = $1 AND queued_at = $2`, [randomUUIDv7(), now]));
  expect([...plan.matchAll(/deliveries_\w+/g)].map(([name]) => name).filter((name) => !name.includes('pkey'))).toEqual(['deliveries_20260315']);
});
