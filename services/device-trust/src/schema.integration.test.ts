import { describeSchema, testPostgres, type TestDatabase } from '@latchkey/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { devicesDatabase } from './database.ts';

let postgres: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  postgres = await testPostgres({ schema: 'devices' });
  database = await devicesDatabase(postgres.url).initialize();
  await database.runMigrations({ transaction: 'all' });
});
afterAll(async () => {
  await database.destroy();
  await postgres.drop();
});

it('schema.sql is what the migrations make', async () => {
  await expect(await describeSchema(database, 'devices')).toMatchFileSnapshot('../schema.sql');
});

it('migrations that ran do not run again, and can be taken back', async () => {
  expect(await database.runMigrations()).toEqual([]);
  for (const _migration of database.migrations) await database.undoLastMigration();
  expect(await database.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'devices'`)).toEqual([{ tablename: 'migrations' }]);
  await database.runMigrations({ transaction: 'all' });
});
