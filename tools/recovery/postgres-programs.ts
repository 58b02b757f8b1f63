import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupFailure } from '../failure.ts';
import { runCommand } from '../run-command.ts';
import { findProgram } from '../stack/programs.ts';
import type { DatabaseOwner } from '../stack/databases.ts';

type Program = 'pg_dump' | 'pg_restore';

/** Writes these schemas as they are in a snapshot that the caller's transaction exported, with what they hold. */
export async function dumpSchemas(databaseUrl: string, schemas: readonly DatabaseOwner[], { snapshot, file }: { snapshot: string; file: string }): Promise<void> {
  const wanted = schemas.map((schema) => `--schema=${schema}`);
  await run('pg_dump', databaseUrl, ['--format=custom', `--snapshot=${snapshot}`, `--file=${file}`, '--lock-wait-timeout=30s', ...wanted]);
}

/** All of a dump or nothing of it, into schemas that are there and empty: naming them leaves out their CREATE SCHEMA. */
export async function restoreSchemas(databaseUrl: string, schemas: readonly DatabaseOwner[], file: string): Promise<void> {
  const wanted = schemas.map((schema) => `--schema=${schema}`);
  await run('pg_restore', databaseUrl, ['--single-transaction', '--exit-on-error', ...wanted, file]);
}

/** Which pg_dump a backup was made with, as it says itself. */
export async function programVersion(program: Program): Promise<string> {
  const { output } = await runCommand(pathOf(program), ['--version']);
  return output.trim();
}

async function run(program: Program, databaseUrl: string, args: string[]): Promise<void> {
  const url = new URL(databaseUrl);
  // Arguments can be read by everybody on the machine.
  const password = decodeURIComponent(url.password);
  url.password = '';
  const { code, output } = await runCommand(pathOf(program), [`--dbname=${url}`, '--no-password', ...args], { ...process.env, PGPASSWORD: password });
  if (code !== 0) throw new SetupFailure(`${program} failed (exit code ${code}):\n${output.trim().split('\n').slice(0, 15).join('\n')}`);
}

/** Beside the server's own program if that is here, since it is of the same version. */
function pathOf(program: Program): string {
  const server = findProgram('postgres');
  const beside = server && join(dirname(server), program);
  const path = beside && existsSync(beside) ? beside : findProgram(program);
  if (!path) throw new SetupFailure(`${program} is not on this machine: install the client programs of PostgreSQL (Debian: postgresql-client).`);
  return path;
}
