import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { SetupFailure } from '../failure.ts';
import { rootDirectory } from '../paths.ts';
import { databaseOwners, type DatabaseOwner } from '../stack/databases.ts';

const databaseName = 'latchkey';
const migrationFolders: Record<DatabaseOwner, string> = {
  auth: 'services/auth/migrations',
  codes: 'services/code-issuance/src/migrations',
  delivery: 'services/delivery/src/migrations',
  devices: 'services/device-trust/src/migrations',
};

/** The database that Latchkey has on a server, as its administrator. */
export function latchkeyDatabase(adminUrl: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${databaseName}`;
  return url.toString();
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'latchkey-recovery' });
  await client.connect().catch((error: Error) => {
    throw new SetupFailure(`The database does not answer: ${error.message}`);
  });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export function hasDatabase(adminUrl: string): Promise<boolean> {
  return withClient(adminUrl, async (admin) => (await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName])).rowCount === 1);
}

/** Database, roles and schemas, where they are missing. */
export async function prepareSchemas(adminUrl: string): Promise<void> {
  if (!(await hasDatabase(adminUrl))) await withClient(adminUrl, (admin) => admin.query(`CREATE DATABASE ${databaseName}`));
  await withClient(latchkeyDatabase(adminUrl), (admin) => admin.query(readFileSync(join(rootDirectory, 'deploy/postgres/init.sql'), 'utf8')));
}

/** The tables that Latchkey's schemas have, partitions among them. */
export async function tablesOf(client: pg.Client): Promise<{ schema: DatabaseOwner; table: string }[]> {
  const { rows } = await client.query<{ schema: DatabaseOwner; table: string }>(
    `SELECT nspname AS schema, relname AS table FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname = ANY($1) AND relkind IN ('r', 'p') ORDER BY 1, 2`,
    [databaseOwners],
  );
  return rows;
}

/** How many rows each table has; partitioned ones have none of their own. */
export async function countRows(client: pg.Client): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const { schema, table } of await tablesOf(client)) {
    const counted = await client.query<{ count: string }>(`SELECT count(*) FROM ONLY ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`);
    rows[`${schema}.${table}`] = Number(counted.rows[0]?.count);
  }
  return rows;
}

/** The migrations that ran, by schema. */
export async function migrationsRun(client: pg.Client): Promise<Record<DatabaseOwner, string[]>> {
  const found: [DatabaseOwner, string[]][] = [];
  for (const owner of databaseOwners) found.push([owner, (await client.query<{ name: string }>(`SELECT name FROM ${owner}.migrations ORDER BY id`)).rows.map(({ name }) => name)]);
  return Object.fromEntries(found) as Record<DatabaseOwner, string[]>;
}

/** The files of the migrations that this checkout has, by schema, in their order. */
export const migrationFiles = (owner: DatabaseOwner): string[] =>
  readdirSync(join(rootDirectory, migrationFolders[owner]))
    .filter((file) => /^\d+-.+\.ts$/.test(file))
    .sort()
    .map((file) => join(migrationFolders[owner], file));

/** Those that ran in a backup and that this checkout does not have: it is of a later version. They end with their time. */
export function unknownMigrations(ran: Record<DatabaseOwner, string[]>): string[] {
  return databaseOwners.flatMap((owner) => {
    const known = new Set(migrationFiles(owner).map((path) => /(\d+)-[^/]+$/.exec(path)?.[1]));
    return ran[owner].filter((name) => !known.has(/\d+$/.exec(name)?.[0])).map((name) => `${owner}: ${name}`);
  });
}
