import type { DataSource, EntityManager } from 'typeorm';
import type { Logger } from './logger.ts';

const dayMs = 86_400_000;
/** What was missed is made up for long before it matters. */
const everyMs = 3_600_000;

/** How long a partition is; the names of partitions sort as time does. */
export type Period = { startOf(moment: Date, periodsLater?: number): Date; nameOf(start: Date): string; digits: number };

/** Days and months in UTC. */
export const periods = {
  day: {
    startOf: (moment, later = 0) => new Date((Math.floor(moment.getTime() / dayMs) + later) * dayMs),
    nameOf: (start) => start.toISOString().slice(0, 10).replaceAll('-', ''),
    digits: 8,
  },
  month: {
    startOf: (moment, later = 0) => new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + later, 1)),
    nameOf: (start) => start.toISOString().slice(0, 7).replace('-', ''),
    digits: 6,
  },
} satisfies Record<string, Period>;

export type PartitionedTable = {
  name: string;
  /** The column it is partitioned by. */
  by: string;
  /** Tells the age of a row in the default partition. */
  age: string;
  period: Period;
  periodsAhead: number;
  keepDays: number;
  /** How a partition is stored, as SQL. */
  storage?: string;
  /** Of an advisory lock: anything, but the same in every process and of no other table. */
  lock: number;
};

/**
 * The partitions of a table, one a period: made ahead, dropped whole when all in them is too old. Whatever has no partition
 * lands in the default one, so nothing ever waits for this. One process at a time does it.
 */
export class TimePartitions {
  private readonly database: DataSource;
  private readonly table: PartitionedTable;
  private readonly logger: Logger;
  private readonly alongside: (now: Date) => Promise<unknown>;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  /** `alongside` is what else has to go with time. */
  constructor(parts: { database: DataSource; table: PartitionedTable; logger: Logger; alongside: (now: Date) => Promise<unknown> }) {
    this.database = parts.database;
    this.table = parts.table;
    this.logger = parts.logger;
    this.alongside = parts.alongside;
  }

  /** Once now, then every hour. */
  async start(): Promise<void> {
    await this.maintain(new Date()).catch((error: Error) => this.logger.warn({ table: this.table.name, reason: error.message }, 'partitions not looked after, trying again in an hour'));
    if (!this.stopped) this.timer = setTimeout(() => void this.start(), everyMs).unref();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  async maintain(now: Date): Promise<void> {
    const { name: table, age, period, periodsAhead, keepDays } = this.table;
    const there = await this.alone((transaction) => this.partitionsThere(transaction));
    for (let ahead = -1; ahead <= periodsAhead; ahead += 1) {
      const start = period.startOf(now, ahead);
      if (!there.has(this.nameOf(start))) await this.alone((transaction) => this.make(transaction, start));
    }
    const oldest = period.startOf(new Date(now.getTime() - keepDays * dayMs));
    for (const name of there) if (name < this.nameOf(oldest)) await this.alone((transaction) => transaction.query(`DROP TABLE IF EXISTS ${name}`));
    // What came late, when its partition was dropped already.
    await this.database.query(`DELETE FROM ${table}_default WHERE ${age} < $1`, [oldest]);
    await this.alongside(now);
  }

  /** In a transaction of its own, after any other process that is at it; nothing written waits long for a lock that it does not get. */
  private alone<T>(work: (transaction: EntityManager) => Promise<T>): Promise<T> {
    return this.database.transaction(async (transaction) => {
      await transaction.query(`SET LOCAL lock_timeout = '1s'`);
      await transaction.query('SELECT pg_advisory_xact_lock($1)', [this.table.lock]);
      return work(transaction);
    });
  }

  private async partitionsThere(transaction: EntityManager): Promise<Set<string>> {
    const { name: table, period } = this.table;
    const rows = await transaction.query<{ name: string }[]>(
      `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = '${table}'::regclass AND relname ~ '^${table}_[0-9]{${period.digits}}$'`,
    );
    return new Set(rows.map(({ name }) => name));
  }

  private async make(transaction: EntityManager, start: Date): Promise<void> {
    const { name: table, by, period, storage = '' } = this.table;
    const [name, from, to] = [this.nameOf(start), start.toISOString(), period.startOf(start, 1).toISOString()];
    if ((await this.partitionsThere(transaction)).has(name)) return;
    await transaction.query(`CREATE TABLE ${name} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS) ${storage}`);
    // For the moment that the rest takes nothing is written: a row on its way into the default one would be refused there.
    await transaction.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
    await transaction.query(`WITH moved AS (DELETE FROM ${table}_default WHERE ${by} >= '${from}' AND ${by} < '${to}' RETURNING *) INSERT INTO ${name} SELECT * FROM moved`);
    await transaction.query(`ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`);
  }

  private nameOf(start: Date): string {
    return `${this.table.name}_${this.table.period.nameOf(start)}`;
  }
}
