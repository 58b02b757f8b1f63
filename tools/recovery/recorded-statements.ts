import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from '../failure.ts';
import { rootDirectory } from '../paths.ts';
import { databaseOwners, type DatabaseOwner } from '../stack/databases.ts';

const folder = join(rootDirectory, 'tools/recovery/statements');
const between = '\n;\n';

export type Recorded = Record<DatabaseOwner, string[]>;

/** The releases whose statements are kept, oldest first. */
export const recordedReleases = (): string[] => (existsSync(folder) ? readdirSync(folder).sort((one, other) => one.localeCompare(other, 'en', { numeric: true })) : []);

/** What the services of a release asked the database, each in its own schema. */
export function statementsOf(release: string): Recorded {
  const read = (owner: DatabaseOwner) => readFileSync(join(folder, release, `${owner}.sql`), 'utf8').split(between).filter((statement) => statement.trim() !== '');
  return Object.fromEntries(databaseOwners.map((owner) => [owner, read(owner)])) as Recorded;
}

/** Keeps those of a release, once. */
export function keepStatements(release: string, recorded: Recorded): void {
  if (existsSync(join(folder, release))) throw new SetupFailure(`The statements of ${release} are kept already. A release that was published does not ask otherwise.`);
  mkdirSync(join(folder, release), { recursive: true });
  for (const owner of databaseOwners) writeFileSync(join(folder, release, `${owner}.sql`), recorded[owner].map((statement) => statement + between).join(''));
}
