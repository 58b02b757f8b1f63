import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from '../failure.ts';
import type { BackingPart } from './backing-part.ts';
import type { Instance } from './instance.ts';
import { privatePart } from './private-part.ts';
import { requireProgram } from './programs.ts';

type SystemUser = { uid: number; gid: number };

export function postgresUrl(instance: Instance): string {
  return `postgres://postgres:${instance.state.secrets.postgres}@127.0.0.1:${instance.port('postgres')}/postgres`;
}

/** A private Postgres; run as the system's user `postgres` when this is root, since it refuses to run as root. */
export function privatePostgres(instance: Instance): BackingPart {
  return privatePart(instance, {
    name: 'postgres',
    url: postgresUrl(instance),
    // Fast shutdown: open transactions are rolled back, clients are sent away. SIGTERM would wait for them.
    stopSignal: 'SIGINT',
    stopWithinMs: 15_000,
    startWithinMs: 30_000,
    async prepare() {
      const user = process.getuid?.() === 0 ? postgresUser() : undefined;
      const directory = dataDirectory(instance, user);
      if (!existsSync(join(directory, 'PG_VERSION'))) initialise(instance, directory, user);
      return {
        command: requireProgram('postgres'),
        args: ['-D', directory, ...settings(instance)],
        environment: process.env,
        directory,
        logFile: instance.logFile('postgres'),
        pidFile: instance.pidFile('postgres'),
        user,
      };
    },
  });
}

function settings(instance: Instance): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port: instance.port('postgres'),
    unix_socket_directories: '',
    max_connections: 300,
    shared_buffers: '64MB',
  };
  // What a test wrote need not survive a power failure.
  if (instance.name.startsWith('test-')) Object.assign(values, { fsync: 'off', full_page_writes: 'off' });
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function initialise(instance: Instance, directory: string, user: SystemUser | undefined): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { mode: 0o700 });
  if (user) chownSync(directory, user.uid, user.gid);
  const passwordFile = `${directory}.password`;
  writeFileSync(passwordFile, instance.state.secrets.postgres, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'en_US.UTF-8';
  const answer = spawnSync(
    requireProgram('initdb'),
    ['-D', directory, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', `--locale=${locale}`, '--no-instructions'],
    { encoding: 'utf8', cwd: directory, ...user },
  );
  rmSync(passwordFile, { force: true });
  if (answer.status === 0) return;
  rmSync(directory, { recursive: true, force: true });
  throw new SetupFailure(`The Postgres data folder ${directory} could not be set up:\n${answer.error?.message ?? answer.stderr.trim()}`);
}

function postgresUser(): SystemUser {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number.parseInt(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout, 10));
    if (uid !== undefined && gid !== undefined && uid > 0) return { uid, gid };
  }
  throw new SetupFailure('Postgres refuses to run as root, and this machine has no user `postgres` to run it as. Create one: useradd --system postgres');
}

/** In the instance's folder; elsewhere when Postgres' user cannot get there (a checkout under /root, for example). */
function dataDirectory(instance: Instance, user: SystemUser | undefined): string {
  if (instance.state.postgresDirectory) return join(instance.state.postgresDirectory, 'data');
  const home = join(instance.directory, 'postgres');
  if (!user || canReach(instance.directory, user)) {
    mkdirSync(home, { recursive: true });
    chmodSync(home, 0o711);
    return join(home, 'data');
  }
  const name = `latchkey-${createHash('sha256').update(instance.directory).digest('hex').slice(0, 12)}`;
  for (const parent of ['/var/lib', '/var/tmp', '/tmp']) {
    if (!existsSync(parent) || !canReach(parent, user)) continue;
    const directory = join(parent, name);
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true, mode: 0o711 });
    instance.state.postgresDirectory = directory;
    instance.save();
    return join(directory, 'data');
  }
  throw new SetupFailure(`The user that Postgres runs as (uid ${user.uid}) can reach neither ${instance.directory} nor /var/lib, /var/tmp or /tmp.`);
}

function canReach(directory: string, user: SystemUser): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$0"', directory], { ...user, cwd: '/' }).status === 0;
}
