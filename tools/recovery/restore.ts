import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectRedis, createLogger, serversOf } from '@latchkey/platform';
import { SetupFailure } from '../failure.ts';
import { databaseOwners } from '../stack/databases.ts';
import { type BrokerAccess, importDefinitions, type VhostDefinitions } from './broker-definitions.ts';
import { countRows, hasDatabase, latchkeyDatabase, migrationsRun, prepareSchemas, tablesOf, unknownMigrations, withClient } from './database.ts';
import { definitionsFile, dumpFile, type Manifest } from './manifest.ts';
import { restoreSchemas } from './postgres-programs.ts';

export type RestoreTarget = { postgresUrl: string; redisUrl: string | undefined; broker: BrokerAccess | undefined };

/** Brings a backup, whose manifest was read and whose keys are at hand, into an empty system. */
export async function restore({ postgresUrl, redisUrl, broker }: RestoreTarget, folder: string, manifest: Manifest): Promise<void> {
  const later = unknownMigrations(manifest.postgres.migrations);
  if (later.length > 0) throw new SetupFailure(`The backup is of a later version (${manifest.product.version}): this one does not know\n  ${later.join('\n  ')}`);
  const url = latchkeyDatabase(postgresUrl);
  if (await hasDatabase(postgresUrl)) await requireNoTables(url);
  if (redisUrl) await requireEmptyRedis(redisUrl);
  await prepareSchemas(postgresUrl);
  // Before the data: what fails here can be done again.
  if (broker) await importDefinitions(broker, definitionsIn(folder));
  await restoreSchemas(url, databaseOwners, join(folder, dumpFile));
  await requireSame(url, manifest);
}

async function requireNoTables(url: string): Promise<void> {
  const found = await withClient(url, tablesOf);
  const names = found.slice(0, 5).map(({ schema, table }) => `${schema}.${table}`);
  if (found.length > 0) throw new SetupFailure(`The system is not empty: its database has ${found.length} tables (${names.join(', ')} …). Nothing was changed. Restore into a new one.`);
}

/**
 * Sessions and epochs in Redis are of another history than the backup: an ended session might count again, or a new login
 * be taken for one from before a change.
 */
async function requireEmptyRedis(url: string): Promise<void> {
  const redis = connectRedis(url, createLogger('restore', 'fatal'));
  try {
    const sizes = serversOf(redis).then((servers) => Promise.all(servers.map((server) => server.dbsize())));
    const keys = await sizes.then((each) => each.reduce((sum, size) => sum + size, 0), (error: Error) => {
      throw new SetupFailure(`Redis does not answer: ${error.message}`);
    });
    if (keys > 0) throw new SetupFailure(`The system is not empty: its Redis has ${keys} keys, which do not belong to this backup. Nothing was changed. Empty it (FLUSHDB) or give another one.`);
  } finally {
    redis.disconnect();
  }
}

/** Only what lies in a vhost: the vhost itself is there, and may have another name. */
function definitionsIn(folder: string): VhostDefinitions {
  const read = JSON.parse(readFileSync(join(folder, definitionsFile), 'utf8')) as Record<string, Record<string, unknown>[]>;
  const inVhost = Object.entries(read).filter(([part]) => part !== 'vhosts');
  return Object.fromEntries(inVhost.map(([part, entries]) => [part, entries.map(({ vhost: _, ...entry }) => entry)])) as VhostDefinitions;
}

async function requireSame(url: string, { postgres }: Manifest): Promise<void> {
  const [rows, migrations] = await withClient(url, async (client) => [await countRows(client), await migrationsRun(client)] as const);
  const names = new Set([...Object.keys(rows), ...Object.keys(postgres.rows)]);
  const differing = [...names].filter((name) => rows[name] !== postgres.rows[name]).map((name) => `${name}: ${rows[name] ?? 'missing'} rows, not ${postgres.rows[name] ?? 'there'}`);
  for (const owner of databaseOwners) if (migrations[owner].join() !== postgres.migrations[owner].join()) differing.push(`${owner}: other migrations`);
  if (differing.length > 0) throw new SetupFailure(`What was restored is not what was backed up; do not use it:\n  ${differing.join('\n  ')}`);
}
