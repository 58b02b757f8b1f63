import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from '../failure.ts';
import { rootDirectory } from '../paths.ts';
import { databaseOwners } from '../stack/databases.ts';
import { type BrokerAccess, readDefinitions } from './broker-definitions.ts';
import { countRows, latchkeyDatabase, migrationsRun, tablesOf, withClient } from './database.ts';
import { checksOf } from './key-checks.ts';
import { definitionsFile, dumpFile, type Manifest, writeManifest } from './manifest.ts';
import { dumpSchemas, programVersion } from './postgres-programs.ts';

export type BackupSource = { postgresUrl: string; broker: BrokerAccess | undefined; sealingKeys: string };

/** Writes what lasts of a running system into a new folder, as of one moment over all services. */
export async function backUp({ postgresUrl, broker, sealingKeys }: BackupSource, folder: string): Promise<Manifest> {
  const startedAt = new Date().toISOString();
  makeFolder(folder);
  const definitions = broker ? await readDefinitions(broker) : (JSON.parse(readFileSync(join(rootDirectory, 'deploy/rabbitmq/definitions.json'), 'utf8')) as object);
  writeFileSync(join(folder, definitionsFile), `${JSON.stringify(definitions, null, 2)}\n`, { mode: 0o600 });
  const postgres = await backUpDatabase(latchkeyDatabase(postgresUrl), join(folder, dumpFile));
  return writeManifest(folder, {
    product: { name: 'latchkey', version: productVersion() },
    startedAt,
    madeAt: new Date().toISOString(),
    postgres,
    broker: { definitionsOf: broker ? 'broker' : 'release' },
    sealingKeys: checksOf(sealingKeys),
  });
}

/** The dump, the list of migrations and the counts are of one snapshot; services go on writing meanwhile. */
function backUpDatabase(url: string, file: string): Promise<Manifest['postgres']> {
  return withClient(url, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const schemas = new Set((await tablesOf(client)).map(({ schema }) => schema));
    const missing = databaseOwners.filter((owner) => !schemas.has(owner));
    if (missing.length > 0) throw new SetupFailure(`The database has no tables of ${missing.join(', ')}: there is nothing to back up.`);
    const { rows } = await client.query<{ snapshot: string; server: string }>(`SELECT pg_export_snapshot() AS snapshot, current_setting('server_version') AS server`);
    const { snapshot = '', server = '' } = rows[0] ?? {};
    writeFileSync(file, '', { mode: 0o600 });
    await dumpSchemas(url, databaseOwners, { snapshot, file });
    return { server, program: await programVersion('pg_dump'), migrations: await migrationsRun(client), rows: await countRows(client) };
  });
}

function makeFolder(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new SetupFailure(`${folder} is not empty: give each backup a folder of its own.`);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
}

const productVersion = () => (JSON.parse(readFileSync(join(rootDirectory, 'package.json'), 'utf8')) as { version: string }).version;
