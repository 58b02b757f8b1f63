import type { Logger } from '@latchkey/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { deleteOldLinks } from '../notices/links.ts';

const everyMs = 3_600_000;
const monthsAhead = 2;
/** Anything, but the same in every process of this service. */
const lock = 4_227_002;

/**
 * The timeline's partitions, one a month (UTC): made ahead, dropped whole when all in them is too old. A line for which
 * there is none lands in the default one. Links that work no more are deleted too. One process at a time does it.
 */
export class Upkeep {
  private readonly database: DataSource;
  private readonly keepDays: number;
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | undefined;

  constructor(parts: { database: DataSource; keepDays: number; logger: Logger }) {
    this.database = parts.database;
    this.keepDays = parts.keepDays;
    this.logger = parts.logger;
  }

  /** Once now, then every hour. */
  async start(): Promise<void> {
    await this.maintain(new Date()).catch((error: Error) => this.logger.warn({ reason: error.message }, 'timelines not looked after, trying again in an hour'));
    this.timer = setTimeout(() => void this.start(), everyMs).unref();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  async maintain(now: Date): Promise<void> {
    const there = await this.alone(monthsThere);
    for (let ahead = -1; ahead <= monthsAhead; ahead += 1) {
      const month = monthOf(now, ahead);
      if (!there.has(nameOf(month))) await this.alone((transaction) => makeMonth(transaction, month));
    }
    const oldestMonth = monthOf(new Date(now.getTime() - this.keepDays * 86_400_000), 0);
    const oldest = nameOf(oldestMonth);
    for (const name of there) if (name < oldest) await this.alone((transaction) => transaction.query(`DROP TABLE IF EXISTS ${name}`));
    // Lines that came late, when their month was dropped already.
    await this.database.query('DELETE FROM activity_default WHERE at < $1', [oldestMonth]);
    await deleteOldLinks(this.database, now);
  }

  /** After any other process that is at it; lines never wait long for a lock that it does not get. */
  private alone<T>(work: (transaction: EntityManager) => Promise<T>): Promise<T> {
    return this.database.transaction(async (transaction) => {
      await transaction.query(`SET LOCAL lock_timeout = '1s'`);
      await transaction.query('SELECT pg_advisory_xact_lock($1)', [lock]);
      return work(transaction);
    });
  }
}

async function monthsThere(transaction: EntityManager): Promise<Set<string>> {
  const rows = await transaction.query<{ name: string }[]>(
    `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'activity'::regclass AND relname ~ '^activity_[0-9]{6}$'`,
  );
  return new Set(rows.map(({ name }) => name));
}

async function makeMonth(transaction: EntityManager, month: Date): Promise<void> {
  const [name, from, to] = [nameOf(month), month.toISOString(), monthOf(month, 1).toISOString()];
  if ((await monthsThere(transaction)).has(name)) return;
  await transaction.query(`CREATE TABLE ${name} (LIKE activity INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
  // For the moment that the rest takes nothing is written: a line on its way into the default one would be refused there.
  await transaction.query('LOCK TABLE activity IN SHARE ROW EXCLUSIVE MODE');
  await transaction.query(`WITH moved AS (DELETE FROM activity_default WHERE at >= '${from}' AND at < '${to}' RETURNING *) INSERT INTO ${name} SELECT * FROM moved`);
  await transaction.query(`ALTER TABLE activity ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`);
}

const monthOf = (moment: Date, later: number): Date => new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + later, 1));
const nameOf = (month: Date): string => `activity_${month.toISOString().slice(0, 7).replace('-', '')}`;
