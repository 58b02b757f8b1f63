import pg from 'pg';

export type Statement = { text: string; values: unknown[] };
type Asking = { query(text: string, values?: unknown[]): Promise<unknown> };
type Plan = { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; 'Total Cost': number; Plans?: Plan[] };

/** A table that is larger can't be read whole at each login. */
const growingFrom = 1_000;
/** In Postgres' own unit. A few rows by an index take 8 to 60; all of a hundred thousand, by whatever way, takes thousands. */
const mostCost = 500;

/** Has a database run what may take longer than a service waits, and then learn how large its tables are. */
export async function growTables(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of [...statements, 'ANALYZE']) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Every statement that anything in this process sends to Postgres from now until `stop`, once, with the values of its last time. */
export function listenToStatements(): { stop(): Statement[] } {
  const heard = new Map<string, Statement>();
  const prototype = pg.Client.prototype as unknown as { query(...args: unknown[]): unknown };
  const query = prototype.query;
  prototype.query = function (this: unknown, ...args: unknown[]) {
    const [asked, given] = args as [string | { text?: string; values?: unknown[] }, unknown];
    const text = typeof asked === 'string' ? asked : (asked.text ?? '');
    const values = Array.isArray(given) ? given : typeof asked === 'string' ? [] : (asked.values ?? []);
    if (/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(text)) heard.set(text, { text, values });
    return query.apply(this, args);
  };
  return {
    stop() {
      prototype.query = query;
      return [...heard.values()];
    },
  };
}

/** What the planner would do that takes longer the more rows a table has; and the indexes that it goes by. */
export async function planStatements(database: Asking, statements: readonly Statement[]): Promise<{ faults: string[]; indexes: string[] }> {
  const growing = new Set(((await database.query('SELECT relname FROM pg_class WHERE reltuples >= $1', [growingFrom])) as { relname: string }[]).map(({ relname }) => relname));
  const [faults, indexes] = [new Set<string>(), new Set<string>()];
  const look = (plan: Plan, statement: string) => {
    const table = plan['Relation Name'];
    if (plan['Index Name'] !== undefined) indexes.add(plan['Index Name']);
    if (table !== undefined && growing.has(table) && plan['Node Type'] === 'Seq Scan') faults.add(`reads all of ${table}: ${statement}`);
    for (const part of plan.Plans ?? []) look(part, statement);
  };
  for (const { text, values } of statements) {
    const [row] = (await database.query(`EXPLAIN (FORMAT JSON) ${text}`, values)) as { 'QUERY PLAN': { Plan: Plan }[] }[];
    const statement = text.replace(/\s+/g, ' ').trim();
    for (const { Plan: plan } of row?.['QUERY PLAN'] ?? []) {
      look(plan, statement);
      if (plan['Total Cost'] > mostCost) faults.add(`costs ${plan['Total Cost']}: ${statement}`);
    }
  }
  return { faults: [...faults], indexes: [...indexes].sort() };
}

/**
 * The indexes that the statements go by and whose loss `planStatements` would not tell: each is dropped, with the constraint that
 * it is of, in a transaction that is not committed. A partition's is its whole table's.
 */
export async function indexesNotMissed(url: string, statements: readonly Statement[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const database = { query: async (text: string, values?: unknown[]) => (await client.query(text, values)).rows };
  try {
    const { indexes } = await planStatements(database, statements);
    const notMissed: string[] = [];
    for (const index of indexes) {
      await client.query('BEGIN');
      await dropIndex(client, index);
      const { faults } = await planStatements(whereNothingConflicts(client), statements);
      await client.query('ROLLBACK');
      if (faults.length === 0) notMissed.push(index);
    }
    return notMissed;
  } finally {
    await client.end();
  }
}

async function dropIndex(client: pg.Client, index: string): Promise<void> {
  const { rows } = await client.query<{ index: string; constraint: string | null; table: string }>(
    `SELECT root::regclass::text AS index, quote_ident(conname) AS constraint, indrelid::regclass::text AS table
     FROM (SELECT coalesce(pg_partition_root($1::regclass), $1::regclass) AS root) r JOIN pg_index ON indexrelid = root
     LEFT JOIN pg_constraint ON conindid = root AND contype IN ('p', 'u')`,
    [index],
  );
  const found = rows[0];
  if (!found) throw new Error(`there is no index ${index}`);
  await client.query(found.constraint ? `ALTER TABLE ${found.table} DROP CONSTRAINT ${found.constraint} CASCADE` : `DROP INDEX ${found.index}`);
}

/** An insert that says ON CONFLICT fails without its index: that it does proves nothing of reads, so it has no plan here. */
function whereNothingConflicts(client: pg.Client): Asking {
  const noSuchConflict = '42P10';
  return {
    async query(text, values) {
      await client.query('SAVEPOINT before');
      try {
        return (await client.query(text, values)).rows;
      } catch (error) {
        if ((error as { code?: string }).code !== noSuchConflict) throw error;
        await client.query('ROLLBACK TO before');
        return [];
      }
    },
  };
}
