import { randomUUIDv7 } from 'node:crypto';
import { createLogger, SealingKeys, type TimePartitions } from '@latchkey/platform';
import { testPostgres, type TestDatabase } from '@latchkey/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { authDatabase } from '../database.ts';
import { seedDemo } from '../demo/seed-demo.ts';
import { ActivityStore } from './activity-store.ts';
import { upkeepOf } from './upkeep.ts';

let postgres: TestDatabase;
let database: DataSource;
let upkeep: TimePartitions;
beforeAll(async () => {
  postgres = await testPostgres({ schema: 'auth' });
  database = await authDatabase(postgres.url).initialize();
  await database.runMigrations({ transaction: 'all' });
  upkeep = upkeepOf({ database, keepDays: 60, logger: createLogger('test', 'fatal') });
});
afterAll(async () => {
  await database.destroy();
  await postgres.drop();
});
beforeEach(async () => {
  for (const name of await months()) await database.query(`DROP TABLE ${name}`);
  await database.query('TRUNCATE activity');
});

const day = (text: string) => new Date(`${text}T12:00:00Z`);
const months = async () => (await database.query<{ name: string }[]>(`SELECT relname AS name FROM pg_class WHERE relname ~ '^activity_[0-9]{6}$' ORDER BY 1`)).map(({ name }) => name);
const placesOf = async () => database.query<{ place: string; at: Date }[]>('SELECT tableoid::regclass::text AS place, at FROM activity ORDER BY at');
const addLine = (at: Date, store = new ActivityStore(database), id = randomUUIDv7()) =>
  store.add({ id, loginId: randomUUIDv7(), at: at.toISOString(), kind: 'signed_in', attemptId: null, correlationId: randomUUIDv7(), by: { kind: 'self', name: 'x' }, device: null, ip: null, detail: {} });

test('months are made ahead, over the turn of a year too, and lines land in theirs', async () => {
  await upkeep.maintain(day('2026-12-31'));
  expect(await months()).toEqual(['activity_202611', 'activity_202612', 'activity_202701', 'activity_202702']);
  for (const at of ['2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z']) await addLine(new Date(at));
  expect((await placesOf()).map(({ place }) => place)).toEqual(['activity_202612', 'activity_202701']);
  await upkeep.maintain(day('2026-12-31'));
  expect(await months()).toHaveLength(4);
});

test('lines of a month that had no table yet move into it', async () => {
  await addLine(day('2026-05-10'));
  await addLine(day('2026-09-10'));
  expect((await placesOf()).map(({ place }) => place)).toEqual(['activity_default', 'activity_default']);
  await upkeep.maintain(day('2026-05-20'));
  expect((await placesOf()).map(({ place }) => place)).toEqual(['activity_202605', 'activity_default']);
});

test('a month is dropped when all in it is too old, with what came late for it, and not a day before', async () => {
  await upkeep.maintain(day('2026-03-15'));
  for (const at of ['2026-02-01', '2026-03-31']) await addLine(day(at));
  await upkeep.maintain(day('2026-04-30')); // Sixty days before is the first of March.
  expect(await months()).not.toContain('activity_202602');
  await addLine(day('2026-02-28'));
  await upkeep.maintain(day('2026-05-30'));
  expect((await placesOf()).map(({ at }) => at.toISOString().slice(0, 10))).toEqual(['2026-03-31']);
  await upkeep.maintain(day('2026-05-31')); // And now the first of April.
  expect(await placesOf()).toEqual([]);
});

test('a line that is told again over the turn of the month, or once its month has a table, is there once', async () => {
  const [first, last] = [new Date('2026-06-30T23:59:59.999Z'), new Date('2026-07-01T00:00:00.000Z')];
  const told = [randomUUIDv7(), randomUUIDv7()] as const;
  const tell = () => Promise.all([addLine(first, undefined, told[0]), addLine(last, undefined, told[1])]);
  await tell();
  await upkeep.maintain(day('2026-06-30'));
  await tell();
  await upkeep.maintain(day('2026-07-01'));
  await tell();
  expect((await placesOf()).map(({ place }) => place)).toEqual(['activity_202606', 'activity_202607']);
});

test('several processes at it at once, while lines are written, make each month once and lose no line', async () => {
  const store = new ActivityStore(database);
  const processes = Array.from({ length: 3 }, () => upkeep.maintain(day('2026-07-15')));
  const lines = Array.from({ length: 300 }, (_, number) => addLine(new Date(Date.UTC(2026, 5 + (number % 4), 10, 0, 0, 0, number)), store));
  await Promise.all([...processes, ...lines]);
  expect(await months()).toEqual(['activity_202606', 'activity_202607', 'activity_202608', 'activity_202609']);
  expect(await placesOf()).toHaveLength(300);
});

test('links that work no more are deleted, others stay', async () => {
  await seedDemo(database, new SealingKeys(`k1:${Buffer.alloc(32, 1).toString('base64')}`));
  const [login] = await database.query<{ id: string }[]>('SELECT id FROM logins LIMIT 1');
  for (const [hash, expiresAt] of [['old', day('2026-07-14')], ['new', day('2026-07-16')]]) {
    await database.query(`INSERT INTO links (token_hash, login_id, kind, expires_at) VALUES ($1, $2, 'not_me', $3)`, [hash, login?.id, expiresAt]);
  }
  await upkeep.maintain(day('2026-07-15'));
  expect(await database.query('SELECT token_hash AS hash FROM links')).toEqual([{ hash: 'new' }]);
});
