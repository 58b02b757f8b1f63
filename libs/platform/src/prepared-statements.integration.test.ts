import { eventually, testPostgres, type TestDatabase } from '@latchkey/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource, prepared } from './index.ts';

let database: TestDatabase;
let source: DataSource;
beforeAll(async () => {
  database = await testPostgres({ schema: 'auth' });
  source = await createDataSource({ url: database.url, schema: 'auth', service: 'test', migrations: [], poolSize: 1 }).initialize();
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

const preparedHere = async () => (await source.query<{ statement: string }[]>('SELECT statement FROM pg_prepared_statements')).map(({ statement }) => statement);

it('a connection has a hot statement parsed once, whatever its values, and no other statement', async () => {
  const [hot, cold] = [prepared('SELECT $1::int + 1 AS next'), 'SELECT $1::int + 2 AS next'];
  for (const value of [1, 2, 3]) {
    expect(await source.query(hot, [value])).toEqual([{ next: value + 1 }]);
    expect(await source.query(cold, [value])).toEqual([{ next: value + 2 }]);
  }
  expect(await preparedHere()).toEqual([hot]);
});

it('a hot statement goes on inside a transaction, after an error, and on a connection that is new', async () => {
  const hot = prepared('SELECT 10 / $1::int AS tenth');
  await expect(source.transaction((executor) => executor.query(hot, [0]))).rejects.toThrow('division by zero');
  expect(await source.transaction((executor) => executor.query(hot, [5]))).toEqual([{ tenth: 2 }]);
  await source.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
  await eventually(() => source.query('SELECT 1').then(() => true, () => false), { what: 'a new connection' });
  expect(await source.query(hot, [2])).toEqual([{ tenth: 5 }]);
});

it('a table that gets a column and an index meanwhile is read as before', async () => {
  await source.query('CREATE TABLE seen (id int PRIMARY KEY, name text)');
  await source.query(`INSERT INTO seen VALUES (1, 'one')`);
  const hot = prepared('SELECT id, name FROM seen WHERE id = $1');
  const read = () => source.query(hot, [1]);
  for (let time = 0; time < 7; time += 1) expect(await read()).toEqual([{ id: 1, name: 'one' }]);
  await source.query('ALTER TABLE seen ADD COLUMN more text');
  await source.query('CREATE INDEX ON seen (name)');
  expect(await read()).toEqual([{ id: 1, name: 'one' }]);
});
