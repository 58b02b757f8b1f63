import amqp from 'amqplib';
import { Redis } from 'ioredis';
import pg from 'pg';
import { testPostgres, testRedis, testStack, testVhost } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let database: Awaited<ReturnType<typeof testPostgres>>;
beforeAll(async () => {
  database = await testPostgres({ schema: 'auth' });
});
afterAll(() => database.drop());

async function query(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

function asRole(owner: 'auth' | 'codes'): string {
  const url = new URL(testStack().roleUrls[owner]);
  url.pathname = new URL(database.url).pathname;
  return url.toString();
}

test('a role creates its tables in its own schema', async () => {
  await query(database.url, 'CREATE TABLE logins (id int)');
  const found = await query(database.adminUrl, `SELECT schemaname FROM pg_tables WHERE tablename = 'logins'`);
  expect(found.rows).toEqual([{ schemaname: 'auth' }]);
});

test.each(['SELECT * FROM auth.logins', 'CREATE TABLE auth.mine (id int)', 'CREATE TABLE public.mine (id int)', 'CREATE SCHEMA mine', 'CREATE TEMP TABLE t (id int)', 'SET ROLE latchkey_auth'])(
  'the role of another service is refused: %s',
  async (sql) => {
    await query(database.url, 'CREATE TABLE IF NOT EXISTS logins (id int)');
    await expect(query(asRole('codes'), sql)).rejects.toThrow(/permission denied/);
  },
);

test('a role is refused without its password', async () => {
  const url = new URL(testStack().roleUrls.auth);
  url.password = 'wrong';
  await expect(query(url.toString(), 'SELECT 1')).rejects.toThrow(/password authentication failed/);
});

test('a vhost is made, used and deleted', async () => {
  const vhost = await testVhost();
  const connection = await amqp.connect(vhost.url, { noDelay: true });
  const channel = await connection.createChannel();
  await channel.assertQueue('q', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await connection.close();
  expect(await (await vhost.manage('GET', 'queues/q')).json()).toMatchObject({ name: 'q', vhost: vhost.name });
  await vhost.delete();
  await expect(amqp.connect(vhost.url)).rejects.toThrow();
});

test('two Redis databases do not see each other, and a new one is empty', async () => {
  const [one, two] = await Promise.all([testRedis(), testRedis()]);
  const first = new Redis(one.url);
  const second = new Redis(two.url);
  await first.set('key', '1');
  expect(await second.get('key')).toBeNull();
  first.disconnect();
  second.disconnect();
  await Promise.all([one.release(), two.release()]);
});

test('Redis refuses whoever has no password, and never evicts', async () => {
  const { redisUrl } = testStack();
  const { host } = new URL(redisUrl);
  const stranger = new Redis(`redis://${host}`, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  stranger.on('error', () => undefined);
  await expect(stranger.get('key')).rejects.toThrow(/NOAUTH|Connection is closed/);
  stranger.disconnect();
  const redis = new Redis(redisUrl);
  expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  redis.disconnect();
});

test('the broker has no guest', async () => {
  const url = new URL(testStack().amqpUrl);
  url.username = 'guest';
  url.password = 'guest';
  await expect(amqp.connect(url.toString())).rejects.toThrow(/ACCESS_REFUSED|403/);
});
