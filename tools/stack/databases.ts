import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { rootDirectory } from '../paths.ts';
import type { Instance } from './instance.ts';

export type DatabaseOwner = 'auth' | 'codes' | 'delivery' | 'devices';
export const databaseOwners: readonly DatabaseOwner[] = ['auth', 'codes', 'delivery', 'devices'];
const databaseName = 'latchkey';

/** Creates the database with a role and schema for each service that keeps something; changes nothing when all is there. */
export async function prepareDatabases(instance: Instance, adminUrl: string): Promise<void> {
  await withClient(adminUrl, async (admin) => {
    const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (found.rowCount === 0) await admin.query(`CREATE DATABASE ${databaseName}`);
  });
  await withClient(withDatabase(adminUrl, databaseName), async (admin) => {
    await admin.query(readFileSync(join(rootDirectory, 'deploy/postgres/init.sql'), 'utf8'));
    for (const owner of databaseOwners)
      await admin.query(`ALTER ROLE latchkey_${owner} PASSWORD ${pg.escapeLiteral(rolePassword(instance, adminUrl, owner))}`);
  });
}

/** The URL of one service's role. */
export function roleUrl(instance: Instance, adminUrl: string, owner: DatabaseOwner, database = databaseName): string {
  const url = new URL(withDatabase(adminUrl, database));
  url.username = `latchkey_${owner}`;
  url.password = rolePassword(instance, adminUrl, owner);
  return url.toString();
}

/**
 * Derived, so that two checkouts that use one server (given by its administrator's URL) give its roles the same
 * passwords; on a private server the key is the instance's own.
 */
function rolePassword(instance: Instance, adminUrl: string, owner: DatabaseOwner): string {
  const key = instance.state.sources.postgres === 'environment' ? adminUrl : instance.state.secrets.roles;
  return createHmac('sha256', key).update(`role ${owner}`).digest('base64url');
}

function withDatabase(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.toString();
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
