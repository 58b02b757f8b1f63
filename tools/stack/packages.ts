import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { SetupFailure } from '../failure.ts';
import { findProgram } from './programs.ts';

const units: Record<string, readonly string[]> = {
  'rabbitmq-server': ['rabbitmq-server.service', 'epmd.socket', 'epmd.service'],
  'redis-server': ['redis-server.service'],
  postgresql: ['postgresql.service'],
  nginx: ['nginx.service'],
  caddy: ['caddy.service'],
  haproxy: ['haproxy.service'],
  prometheus: ['prometheus.service'],
};
const policyFile = '/usr/sbin/policy-rc.d';

/** Whether this user may install packages with apt-get without being asked anything. */
export function canInstallPackages(): boolean {
  return findProgram('apt-get') !== undefined && sudoPrefix() !== undefined;
}

function sudoPrefix(): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  if (findProgram('sudo') && spawnSync('sudo', ['-n', 'true']).status === 0) return ['sudo', '-n'];
  return undefined;
}

/** Installs Debian packages, without ever starting the daemons that they bring. */
export async function installPackages(packages: readonly string[], note: (text: string) => void): Promise<void> {
  const { bavail, bsize } = statfsSync('/usr');
  if (bavail * bsize < 800e6) throw new SetupFailure(`The disk of /usr has ${Math.floor((bavail * bsize) / 1e6)} MB free; installing ${packages.join(', ')} needs 800 MB.`);
  await aptGet(['update', '-qq'], note);
  await withDaemonsHeldBack(packages, async () => {
    await aptGet(['install', '-y', '--no-install-recommends', ...packages], note);
  });
}

/** Debian starts a daemon as soon as its package is unpacked, unless this file says no (`invoke-rc.d(8)`). */
async function withDaemonsHeldBack(packages: readonly string[], work: () => Promise<void>): Promise<void> {
  const mine = !existsSync(policyFile);
  const remove = () => spawnSync(...asRoot(['rm', '-f', policyFile]), { stdio: 'ignore' });
  if (mine) {
    const answer = spawnSync(...asRoot(['install', '-m', '755', '/dev/stdin', policyFile]), { input: '#!/bin/sh\nexit 101\n', encoding: 'utf8' });
    if (answer.status !== 0) throw new SetupFailure(`${policyFile}, which holds back the daemons of packages, could not be written: ${answer.stderr.trim()}`);
    process.once('exit', remove);
  }
  try {
    await work();
    // Nor are they to come up at the machine's next start.
    if (existsSync('/run/systemd/system'))
      for (const name of packages) for (const unit of units[name] ?? []) spawnSync(...asRoot(['systemctl', 'disable', '--quiet', unit]), { stdio: 'ignore' });
  } finally {
    if (mine) {
      remove();
      process.off('exit', remove);
    }
  }
}

function asRoot(command: string[]): [string, string[]] {
  const [program, ...args] = [...(sudoPrefix() ?? []), ...command];
  return [program ?? '', args];
}

async function aptGet(args: string[], note: (text: string) => void): Promise<void> {
  const environment = ['DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C'];
  const [program, rest] = asRoot(['env', ...environment, 'apt-get', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0', ...args]);
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let setUp = 0;
  let unpacked = 0;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      output += text;
      unpacked += text.match(/^Unpacking /gm)?.length ?? 0;
      setUp += text.match(/^Setting up /gm)?.length ?? 0;
    });
  const heartbeat = setInterval(() => {
    const doing = args[0] === 'update' ? 'reading package lists' : unpacked === 0 ? 'downloading' : `${unpacked} packages unpacked, ${setUp} set up`;
    note(doing);
  }, 5_000);
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', resolve);
  });
  clearInterval(heartbeat);
  if (code === 0) return;
  if (/No space left/i.test(output)) throw new SetupFailure('The disk is full: apt-get could not install what is missing.');
  throw new SetupFailure(`apt-get ${args.join(' ')} failed:\n${output.trim().split('\n').slice(-12).join('\n')}`);
}

/** What to type where this program cannot install the parts itself. */
export const installationAdvice = [
  'Latchkey needs RabbitMQ, Redis and PostgreSQL. Any one of these gives it to you:',
  '  Debian, Ubuntu:  apt-get install rabbitmq-server redis-server postgresql   (npm start does it itself when run as root)',
  '  Fedora:          dnf install rabbitmq-server valkey postgresql-server',
  '  macOS:           brew install rabbitmq redis postgresql@17',
  '  Docker:          a running Docker engine; docker-compose.yml is used by itself',
  '  Servers you have: set LATCHKEY_AMQP_URL, LATCHKEY_REDIS_URL and LATCHKEY_POSTGRES_URL (with administrator rights)',
].join('\n');
