import type { Logger } from '@latchkey/platform';
import type { DataSource, EntityManager } from 'typeorm';
import type { AcceptedMessages } from './accepted-messages.ts';

const dayMs = 86_400_000;
/** Made ahead, so that workers which can make none for a week lose no speed. */
const daysAhead = 7;
/** How often it is looked at: what was missed is made up for long before it matters. */
const everyMs = 3_600_000;
/** Anything, but the same in every worker. */
const lock = 4_227_001;

/**
 * The ledger's partitions, one a day (UTC): made ahead, dropped whole when they are too old. Whatever has no partition
 * lands in the default one, so a message never waits for this. One worker at a time does it.
 */
export class Partitions {
  private readonly source: DataSource;
  private readonly messages: AcceptedMessages;
  private readonly keepDays: number;
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | undefined;

  constructor(parts: { source: DataSource; messages: AcceptedMessages; keepDays: number; logger: Logger }) {
    this.source = parts.source;
    this.messages = parts.messages;
    this.keepDays = parts.keepDays;
    this.logger = parts.logger;
  }

  /** Once now, then every hour. */
  async start(): Promise<void> {
    await this.maintain(new Date()).catch((error: Error) => this.logger.warn({ reason: error.message }, 'partitions of the ledger not looked after, trying again in an hour'));
    this.timer = setTimeout(() => void this.start(), everyMs);
    this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  async maintain(now: Date): Promise<void> {
    const today = Math.floor(now.getTime() / dayMs);
    const wanted = Array.from({ length: daysAhead + 2 }, (_, index) => today - 1 + index);
    const there = await this.alone(daysThere);
    for (const day of wanted) if (!there.has(nameOf(day))) await this.alone((transaction) => makeDay(transaction, day));
    for (const name of there) if (name < nameOf(today - this.keepDays)) await this.alone((transaction) => transaction.query(`DROP TABLE IF EXISTS ${name}`));
    await this.source.query('DELETE FROM deliveries_default WHERE greatest(queued_at, asked_at) < $1', [new Date((today - this.keepDays) * dayMs)]);
    await this.messages.letGoOfOld(now);
  }

  /** In a transaction of its own, after any other worker that is at it; deliveries never wait for long for a lock that it does not get. */
  private alone<T>(work: (transaction: EntityManager) => Promise<T>): Promise<T> {
    return this.source.transaction(async (transaction) => {
      await transaction.query(`SET LOCAL lock_timeout = '1s'`);
      await transaction.query('SELECT pg_advisory_xact_lock($1)', [lock]);
      return work(transaction);
    });
  }
}

async function daysThere(transaction: EntityManager): Promise<Set<string>> {
  const rows = (await transaction.query(
    `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'deliveries'::regclass AND relname ~ '^deliveries_[0-9]{8}$'`,
  )) as { name: string }[];
  return new Set(rows.map(({ name }) => name));
}

async function makeDay(transaction: EntityManager, day: number): Promise<void> {
  const [name, from, to] = [nameOf(day), isoDay(day), isoDay(day + 1)];
  if ((await daysThere(transaction)).has(name)) return;
  // Every row is changed once, soon after it is written: with room on its page that leaves the indexes alone.
  await transaction.query(`CREATE TABLE ${name} (LIKE deliveries INCLUDING DEFAULTS INCLUDING CONSTRAINTS) WITH (fillfactor = 60)`);
  // For the moment that the rest takes nothing is written: a row on its way into the default one would be refused there.
  await transaction.query('LOCK TABLE deliveries IN SHARE ROW EXCLUSIVE MODE');
  await transaction.query(`WITH moved AS (DELETE FROM deliveries_default WHERE queued_at >= '${from}' AND queued_at < '${to}' RETURNING *) INSERT INTO ${name} SELECT * FROM moved`);
  await transaction.query(`ALTER TABLE deliveries ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`);
}

const isoDay = (day: number): string => new Date(day * dayMs).toISOString();
const nameOf = (day: number): string => `deliveries_${isoDay(day).slice(0, 10).replaceAll('-', '')}`;
