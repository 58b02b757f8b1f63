import { randomBytes } from 'node:crypto';
import { SealingKeys } from '@latchkey/platform';
import { describeSchema, testPostgres, type TestDatabase } from '@latchkey/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authDatabase } from './database.ts';
import { seedDemo } from './demo/seed-demo.ts';

let postgres: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  postgres = await testPostgres({ schema: 'auth' });
  database = await authDatabase(postgres.url).initialize();
  await database.runMigrations({ transaction: 'all' });
});
afterAll(async () => {
  await database.destroy();
  await postgres.drop();
});

test('schema.sql is what the migrations make', async () => {
  await expect(await describeSchema(database, 'auth')).toMatchFileSnapshot('../schema.sql');
});

test('migrations that ran do not run again, and can be taken back', async () => {
  expect(await database.runMigrations()).toEqual([]);
  for (const _ of await database.query<unknown[]>('SELECT 1 FROM auth.migrations')) await database.undoLastMigration();
  expect(await database.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'auth'`)).toEqual([{ tablename: 'migrations' }]);
  await database.runMigrations({ transaction: 'all' });
});

test('the demo data is added once, and what was changed since stays', async () => {
  const sealing = new SealingKeys(`k1:${randomBytes(32).toString('base64')}`);
  await seedDemo(database, sealing);
  await database.query(`DELETE FROM two_factor_methods`);
  await database.query(`UPDATE logins SET locale = 'de' WHERE login_name = 'owner'`);
  const seeded = await database.query('SELECT * FROM logins ORDER BY id');
  await seedDemo(database, sealing);
  expect(await database.query('SELECT * FROM logins ORDER BY id')).toEqual(seeded);
  expect(seeded).toHaveLength(4);
  expect(await database.query('SELECT * FROM two_factor_methods')).toEqual([]);
});
