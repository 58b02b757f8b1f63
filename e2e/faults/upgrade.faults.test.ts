import { databaseOwners, type DatabaseOwner, recordedReleases, statementsOf } from '@latchkey/tools';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { system } from '../demo.ts';

type RequiredColumns = Map<string, string[]>;

/** What the schema of a service, as this build's migrations made it, answers to statements of another build. */
async function refusals(owner: DatabaseOwner, statements: readonly string[], change?: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: system().roleUrls[owner] });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL plan_cache_mode = force_generic_plan`);
    if (change !== undefined) await client.query(change);
    const required = await requiredColumns(client, owner);
    const refused: string[] = [];
    for (const statement of statements) {
      const reason = (await planned(client, statement)) ?? missingColumns(statement, required);
      if (reason !== undefined) refused.push(`${reason}: ${statement}`);
    }
    return refused;
  } finally {
    await client.query('ROLLBACK');
    await client.end();
  }
}

/** Has it parsed, checked and planned, not run; names and types that are wrong show, and indexes that ON CONFLICT needs. */
async function planned(client: pg.Client, statement: string): Promise<string | undefined> {
  const parameters = Math.max(0, ...[...statement.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  try {
    await client.query('SAVEPOINT before');
    await client.query(`PREPARE asked AS ${statement}`);
    await client.query(`EXPLAIN EXECUTE asked${parameters > 0 ? `(${Array.from({ length: parameters }, () => 'NULL').join(', ')})` : ''}`);
    await client.query('DEALLOCATE asked');
    return undefined;
  } catch (error) {
    await client.query('ROLLBACK TO before');
    await client.query('DEALLOCATE ALL');
    return (error as Error).message;
  }
}

async function requiredColumns(client: pg.Client, owner: DatabaseOwner): Promise<RequiredColumns> {
  const { rows } = await client.query<{ table_name: string; columns: string[] }>(
    `SELECT table_name, array_agg(column_name::text) AS columns FROM information_schema.columns
     WHERE table_schema = $1 AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER' GROUP BY table_name`,
    [owner],
  );
  return new Map(rows.map(({ table_name: table, columns }) => [table, columns]));
}

/** An older build does not fill a column that it does not know. */
function missingColumns(statement: string, required: RequiredColumns): string | undefined {
  for (const [, table = '', columns = ''] of statement.matchAll(/INSERT INTO (\w+)(?: AS \w+)?\s*\(([^)]*)\)/gi)) {
    const filled = new Set(columns.split(',').map((column) => column.trim().replaceAll('"', '')));
    const missing = (required.get(table) ?? []).filter((column) => !filled.has(column));
    if (missing.length > 0) return `${missing.join(', ')} of ${table} would be null`;
  }
  return undefined;
}

it('statements of at least one release are kept, of every service', () => {
  expect(recordedReleases().length).toBeGreaterThan(0);
  for (const release of recordedReleases()) for (const owner of databaseOwners) expect(statementsOf(release)[owner].length, `${release} ${owner}`).toBeGreaterThan(5);
});

describe.each(recordedReleases())('the services of %s work on the schema of this build', (release) => {
  it.each([...databaseOwners])('every statement that it asks of %s is taken', async (owner) => {
    expect(await refusals(owner, statementsOf(release)[owner])).toEqual([]);
  });
});

it.each([
  ['a column that is gone', 'ALTER TABLE logins DROP COLUMN locale', 'column'],
  ['a column by another name', 'ALTER TABLE logins RENAME COLUMN trust_epoch TO epoch', 'does not exist'],
  ['a table that is gone', 'DROP TABLE links', 'relation "links" does not exist'],
  ['a column that has to be filled', 'ALTER TABLE outbox ADD COLUMN tenant uuid NOT NULL', 'tenant of outbox would be null'],
  ['another type', 'ALTER TABLE logins ALTER COLUMN session_epoch TYPE text', ''],
  ['an index that ON CONFLICT needs', 'ALTER TABLE logins DROP CONSTRAINT logins_login_name_key_key', 'ON CONFLICT'],
])('%s would be found', async (_what, change, reason) => {
  const [release = ''] = recordedReleases();
  const refused = await refusals('auth', statementsOf(release).auth, `DELETE FROM outbox; ${change}`);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toContain(reason);
});
