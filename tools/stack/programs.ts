import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupFailure } from '../failure.ts';
import type { PartName } from './instance.ts';

export type ProgramName = 'rabbitmq-server' | 'erl' | 'epmd' | 'redis-server' | 'postgres' | 'initdb';

/** The programs each backing part needs to run as a private instance. */
export const programsOf: Record<PartName, readonly ProgramName[]> = {
  rabbitmq: ['rabbitmq-server', 'erl', 'epmd'],
  redis: ['redis-server'],
  postgres: ['postgres', 'initdb'],
};

/** Where a program lies; undefined when this machine does not have it. Distributions hide some outside of PATH. */
export function findProgram(name: ProgramName | string): string | undefined {
  return candidates(name).find(isExecutable);
}

export function requireProgram(name: ProgramName): string {
  const path = findProgram(name);
  if (!path) throw new SetupFailure(`The program ${name} is not on this machine any more.`);
  return path;
}

function candidates(name: string): string[] {
  const onPath = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/opt/homebrew/bin', '/opt/homebrew/sbin']
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name));
  switch (name) {
    case 'rabbitmq-server':
      // Debian's wrapper in /usr/sbin changes to another user and cookie: the program itself comes first.
      return ['/usr/lib/rabbitmq/bin/rabbitmq-server', ...onPath];
    case 'postgres':
    case 'initdb':
      return [...newestFirst('/usr/lib/postgresql', ''), ...newestFirst('/usr', 'pgsql-'), ...newestFirst('/opt/homebrew/opt', 'postgresql@'), ...newestFirst('/usr/local/opt', 'postgresql@')]
        .map((folder) => join(folder, 'bin', name))
        .concat(onPath);
    case 'redis-server':
      return [...onPath, ...onPath.map((path) => path.replace(/redis-server$/, 'valkey-server'))];
    case 'epmd':
    case 'erl':
      return [...onPath, join('/usr/lib/erlang/bin', name), join('/usr/lib64/erlang/bin', name), join('/opt/homebrew/opt/erlang/lib/erlang/bin', name)];
    default:
      return onPath;
  }
}

function newestFirst(parent: string, prefix: string): string[] {
  if (!existsSync(parent)) return [];
  const version = (name: string) => Number.parseFloat(name.slice(prefix.length));
  return readdirSync(parent)
    .filter((name) => name.startsWith(prefix) && version(name) > 0)
    .sort((a, b) => version(b) - version(a))
    .map((name) => join(parent, name));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
