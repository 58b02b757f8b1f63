import { setTimeout as wait } from 'node:timers/promises';
import { type RunningSystem } from '@latchkey/tools';
import { Redis } from 'ioredis';
import pg from 'pg';
import { managementApi } from './harness.ts';

/** Since it was opened: how often a server saw each thing, by kind and name. The servers count, not the services. */
export type Counts = { kind: Kind; name: string; count: number }[];
export type Kind = 'request' | 'reply' | 'event' | 'redis' | 'redisInScripts' | 'sql' | 'sqlTransactionControl';
export type Counter = { read(): Promise<Counts>; close(): Promise<void> };

class Tally {
  private readonly counts = new Map<string, Counts[number]>();

  add(kind: Kind, name: string): void {
    const entry = this.counts.get(`${kind} ${name}`);
    if (entry) entry.count += 1;
    else this.counts.set(`${kind} ${name}`, { kind, name, count: 1 });
  }

  snapshot = (): Counts => [...this.counts.values()].map((entry) => ({ ...entry }));
}

/** Every message that comes into the broker, through its firehose: the broker copies each one to a queue of ours. */
export async function countMessages(system: RunningSystem): Promise<Counter> {
  const call = managementApi(system);
  const [vhost, queue] = ['latchkey', 'bench.firehose'];
  await call('PUT', `/queues/${vhost}/${queue}`, { durable: true, auto_delete: false, arguments: {} });
  await call('POST', `/bindings/${vhost}/e/amq.rabbitmq.trace/q/${queue}`, { routing_key: 'publish.#' });
  await call('PUT', `/vhosts/${vhost}`, { tracing: true });
  const tally = new Tally();
  return {
    async read() {
      const answer = await call('POST', `/queues/${vhost}/${queue}/get`, { count: 100_000, ackmode: 'ack_requeue_false', encoding: 'auto' });
      for (const { payload, properties } of (await answer.json()) as TracedMessage[]) {
        const [routingKey = ''] = properties.headers.routing_keys;
        if (properties.headers.exchange_name !== '') tally.add('event', routingKey);
        else if (routingKey.startsWith('amq.rabbitmq.reply-to')) tally.add('reply', 'reply');
        else tally.add('request', (JSON.parse(payload) as { name: string }).name);
      }
      return tally.snapshot();
    },
    close: async () => void (await call('PUT', `/vhosts/${vhost}`, { tracing: false })),
  };
}

type TracedMessage = { payload: string; properties: { headers: { exchange_name: string; routing_keys: string[] } } };

/** What clients send to Redis, and apart from it what scripts call inside, which costs no round trip. */
export async function countCommands(system: RunningSystem): Promise<Counter> {
  const redis = new Redis(system.stack.redis.url);
  const monitor = await redis.monitor();
  const tally = new Tally();
  monitor.on('monitor', (_time: string, [command = '', ...args]: string[], source: string) => {
    const word = command.toUpperCase();
    if (source === 'lua') return tally.add('redisInScripts', word);
    const isScript = word.startsWith('EVAL');
    const key = (isScript ? args[2] : args[0]) ?? '';
    // Scripts are told apart by their digests; of a key, the first word is told and no id.
    tally.add('redis', [word, ...(isScript ? [(args[0] ?? '').slice(0, 7)] : []), /^\{?([\w-]+)/.exec(key)?.[1] ?? ''].join(' '));
  });
  return {
    read: async () => tally.snapshot(),
    async close() {
      monitor.disconnect();
      redis.disconnect();
    },
  };
}

/**
 * Every statement of the services' roles, and of others that are named, by pg_stat_statements, which counts at once (pg_stat_database is up to 10 s
 * behind). It has to be loaded when Postgres starts, so Postgres is restarted for it; the services connect again.
 */
export async function countStatements(system: RunningSystem, otherRoles: readonly string[] = []): Promise<Counter> {
  await withPostgres(system, (client) => client.query("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'"));
  await system.stack.postgres.stop();
  await system.stack.postgres.start();
  for (const service of Object.values(system.services)) await service.untilReady();
  const client = new pg.Client({ connectionString: system.stack.postgres.url });
  await client.connect();
  await client.query('CREATE EXTENSION pg_stat_statements');
  return {
    async read() {
      const { rows } = await client.query<{ role: string; query: string; calls: string }>(
        `SELECT replace(rolname, 'latchkey_', '') AS role, query, calls FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid
         WHERE rolname LIKE 'latchkey\\_%' OR rolname = ANY($1) ORDER BY role, queryid`,
        [otherRoles],
      );
      return rows.map(({ role, query, calls }) => {
        const statement = query.replace(/\s+/g, ' ').trim();
        const kind = /^(START TRANSACTION|BEGIN|COMMIT|ROLLBACK)\b/i.test(statement) ? 'sqlTransactionControl' : 'sql';
        return { kind, name: `${role}: ${statement}`, count: Number(calls) };
      });
    },
    close: () => client.end(),
  };
}

async function withPostgres(system: RunningSystem, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: system.stack.postgres.url });
  await client.connect();
  await work(client).finally(() => client.end());
}

/** What the system does by itself, in counts for each millisecond: polls of the outbox, for example. */
export async function restingRate(read: () => Promise<Counts>, overMs: number): Promise<Map<string, number>> {
  const before = await read();
  await wait(overMs);
  return new Map(difference(await read(), before).map(({ kind, name, count }) => [`${kind} ${name}`, count / overMs]));
}

/** What came since. */
export function difference(now: Counts, before: Counts): Counts {
  const earlier = new Map(before.map(({ kind, name, count }) => [`${kind} ${name}`, count]));
  return now.map((entry) => ({ ...entry, count: entry.count - (earlier.get(`${entry.kind} ${entry.name}`) ?? 0) })).filter(({ count }) => count > 0);
}

/** What one flow costs on average, by kind, and in detail. `run` gives how many there were. */
export async function costOf(read: () => Promise<Counts>, resting: Map<string, number>, run: () => Promise<number>): Promise<Cost> {
  await wait(settleMs);
  const before = await read();
  const startedAt = performance.now();
  const flows = await run();
  await wait(settleMs);
  const after = await read();
  const tookMs = performance.now() - startedAt;
  const each: Record<Kind, number> = { request: 0, reply: 0, event: 0, redis: 0, redisInScripts: 0, sql: 0, sqlTransactionControl: 0 };
  const what: Cost['what'] = {};
  for (const { kind, name, count } of difference(after, before)) {
    const average = Math.round(((count - (resting.get(`${kind} ${name}`) ?? 0) * tookMs) / flows) * 10) / 10;
    if (average <= 0) continue;
    each[kind] = Math.round((each[kind] + average) * 10) / 10;
    (what[kind] ??= {})[name] = average;
  }
  return { each, what };
}

export type Cost = { each: Record<Kind, number>; what: Record<string, Record<string, number>> };
/** Long enough for what a login leaves to be done after its answer: the ledger of a text, its event. */
const settleMs = 1_000;
