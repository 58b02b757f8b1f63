import { testPostgres, type TestDatabase } from '@latchkey/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deliveryDatabase } from './start-service.ts';

let postgres: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  postgres = await testPostgres({ schema: 'delivery' });
  database = await deliveryDatabase(postgres.url).initialize();
  await database.runMigrations({ transaction: 'all' });
});
afterAll(async () => {
  await database.destroy();
  await postgres.drop();
});

it('schema.sql is what the migrations make', async () => {
  await expect(await describeSchema()).toMatchFileSnapshot('../schema.sql');
});

it('migrations that ran do not run again, and can be taken back', async () => {
  expect(await database.runMigrations()).toEqual([]);
  for (const _ of database.migrations) await database.undoLastMigration();
  expect(await database.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'delivery'`)).toEqual([{ tablename: 'migrations' }]);
  await database.runMigrations({ transaction: 'all' });
});

async function describeSchema(): Promise<string> {
  const tables = await database.query<{ name: string; partitionOf: string | null; partitionBy: string | null; parts: string[]; indexes: string[] }[]>(`
    SELECT c.relname AS name,
      CASE WHEN c.relispartition THEN ' PARTITION OF ' || (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = c.oid) || ' ' || pg_get_expr(c.relpartbound, c.oid) END AS "partitionOf",
      ' PARTITION BY ' || pg_get_partkeydef(c.oid) AS "partitionBy",
      array(SELECT format('%I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
          coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), ''))
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
      || array(SELECT format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid = c.oid AND contype <> 'n' ORDER BY conname) AS parts,
      array(SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = c.oid
        AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u')) ORDER BY 1) AS indexes
    FROM pg_class c WHERE c.relnamespace = 'delivery'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'migrations' ORDER BY c.relname`);
  const texts = tables.map(({ name, partitionOf, partitionBy, parts, indexes }) =>
    // A partition has the columns and indexes of the whole.
    partitionOf ? `CREATE TABLE ${name}${partitionOf};` : [`CREATE TABLE ${name} (\n  ${parts.join(',\n  ')}\n)${partitionBy ?? ''};`, ...indexes.map((index) => `${index};`)].join('\n'),
  );
  return `-- What the migrations make; written by the tests, never by hand.\n\n${texts.join('\n\n')}\n`;
}
