import { setTimeout as wait } from 'node:timers/promises';
import { latestCode } from '@latchkey/testing';
import type { StartedSystem } from '@latchkey/tools';
import { Redis } from 'ioredis';
import pg from 'pg';
import { ApiClient, demoPassword } from '../e2e/api-client.ts';
import { addLogins } from '../e2e/many-logins.ts';
import { versionsOf, withSystem, writeResult } from './harness.ts';

const logins = 1_000;
const atOnce = 8;
/** Long enough for the ledger, the timeline and the outbox to be at rest. */
const settleMs = 5_000;

type Stored = { name: string; rows: number; bytes: number };

/** What a login leaves behind: rows, bytes and write-ahead log in Postgres, keys and bytes in Redis. */
export async function benchFootprint(): Promise<void> {
  await withSystem('footprint', async (system) => {
    const url = new URL(system.stack.postgres.url);
    url.pathname = '/latchkey';
    const database = new pg.Client({ connectionString: url.toString() });
    const redis = new Redis(system.stack.redis.url);
    await database.connect();
    try {
      const people = await addLogins(system, logins);
      const browsers = people.map(() => new ApiClient(system.baseUrl));
      // What is made once: connections, partitions, prepared statements.
      const [first] = await addLogins(system, 1, 90_000);
      if (first) await byText(system, new ApiClient(system.baseUrl), first);

      const flows = {
        'texted code, new browser': (index: number) => byText(system, browsers[index]!, people[index]!),
        'texted code, known browser': (index: number) => byText(system, browsers[index]!, people[index]!),
      };
      const measured: Record<string, { walBytes: number; postgres: Stored[]; redis: Stored[] }> = {};
      for (const [name, flow] of Object.entries(flows)) {
        await wait(settleMs);
        const [tables, keys, log] = [await tablesOf(database), await keysOf(redis), await logPosition(database)];
        await eachOf(logins, flow);
        await wait(settleMs);
        measured[name] = {
          walBytes: Math.round(((await logPosition(database)) - log) / logins),
          postgres: perLogin(tables, await tablesOf(database)),
          redis: perLogin(keys, await keysOf(redis)),
        };
        console.log(`\n${name}: ${measured[name].walBytes} bytes of write-ahead log a login`);
        console.table(Object.fromEntries([...measured[name].postgres, ...measured[name].redis].map(({ name: what, rows, bytes }) => [what, { 'a login': rows, 'bytes a login': bytes }])));
      }
      writeResult('footprint', await versionsOf(system), { logins, measured });
    } finally {
      redis.disconnect();
      await database.end();
    }
  });
}

async function byText({ inboxUrl }: StartedSystem, client: ApiClient, { loginName, phoneNumber }: { loginName: string; phoneNumber: string }): Promise<void> {
  const after = new Date();
  const login = await client.post('/v1/login', { loginName, password: demoPassword });
  const code = await latestCode(inboxUrl, phoneNumber, { after });
  const { status, body } = await client.post('/v1/login/verify-code', { attempt: login.body.attempt, methodId: login.body.sent?.methodId, code });
  if (status !== 200) throw new Error(`${loginName} is not signed in: ${status} ${JSON.stringify(body)}`);
}

async function eachOf(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < count) await work(next++);
  }));
}

/** Rows and bytes with indexes; a partitioned table counts with its partitions. */
async function tablesOf(database: pg.Client): Promise<Stored[]> {
  const { rows } = await database.query<{ name: string; rows: string; bytes: string }>(`
    SELECT root::regclass::text AS name, sum(pg_total_relation_size(relid)) AS bytes,
      sum((xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM ONLY %s', relid::regclass), false, true, '')))[1]::text::bigint) AS rows
    FROM pg_class root_class, LATERAL (SELECT root_class.oid AS root) r, LATERAL pg_partition_tree(root_class.oid) tree
    WHERE root_class.relkind IN ('r', 'p') AND NOT root_class.relispartition AND relnamespace::regnamespace::text IN ('auth', 'codes', 'delivery', 'devices')
    GROUP BY root`);
  // pg_partition_tree knows nothing of a table without partitions.
  const plain = await database.query<{ name: string; rows: string; bytes: string }>(`
    SELECT oid::regclass::text AS name, pg_total_relation_size(oid) AS bytes,
      (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %s', oid::regclass), false, true, '')))[1]::text AS rows
    FROM pg_class WHERE relkind = 'r' AND NOT relispartition AND relnamespace::regnamespace::text IN ('auth', 'codes', 'delivery', 'devices')`);
  const found = new Map([...rows, ...plain.rows].map((row) => [row.name, { name: row.name, rows: Number(row.rows), bytes: Number(row.bytes) }]));
  return [...found.values()];
}

const logPosition = async (database: pg.Client) => Number((await database.query<{ at: string }>("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS at")).rows[0]?.at);

/** Keys by the word they begin with, with what Redis says that each takes. */
async function keysOf(redis: Redis): Promise<Stored[]> {
  const found = new Map<string, Stored>();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', 1_000);
    const bytes = await Promise.all(keys.map((key) => redis.memory('USAGE', key)));
    keys.forEach((key, index) => {
      const name = `redis ${key.replace(/^\{[^}]*\}:?/, '').replace(/[:{].*$/s, '')}`;
      const kind = found.get(name) ?? { name, rows: 0, bytes: 0 };
      found.set(name, { name, rows: kind.rows + 1, bytes: kind.bytes + (bytes[index] ?? 0) });
    });
    cursor = next;
  } while (cursor !== '0');
  return [...found.values()];
}

function perLogin(before: Stored[], after: Stored[]): Stored[] {
  return after
    .map(({ name, rows, bytes }) => {
      const earlier = before.find((one) => one.name === name) ?? { rows: 0, bytes: 0 };
      return { name, rows: Number(((rows - earlier.rows) / logins).toFixed(2)), bytes: Math.round((bytes - earlier.bytes) / logins) };
    })
    .filter(({ rows, bytes }) => rows !== 0 || bytes !== 0)
    .sort((one, other) => other.bytes - one.bytes);
}
