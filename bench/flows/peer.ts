import { execFileSync, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningSystem } from '@latchkey/tools';
import pg from 'pg';
import { unusedPort } from '../../tools/stack/ports.ts';
import { rootDirectory } from '../harness.ts';
import type { People } from './plan.ts';

const folder = join(rootDirectory, 'bench/peers/better-auth');
export const peerRole = 'better_auth';
export type Peer = { pid: number; baseUrl: string; stop(): Promise<void> };

/** Better Auth on the servers of our system, in a database and a Redis number of its own, with the same people. */
export async function startPeer(system: RunningSystem, people: People, passwordHash: string, snsUrl: string): Promise<Peer> {
  install();
  const port = await unusedPort();
  const child = fork(join(folder, 'server.mjs'), {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      PEER_PORT: String(port),
      PEER_DATABASE_URL: await createDatabase(system.stack.postgres.url),
      PEER_REDIS_URL: `${system.stack.redis.url}/1`,
      PEER_SECRET: randomBytes(32).toString('base64'),
      PEER_SNS_URL: snsUrl,
    },
    stdio: ['ignore', 'ignore', openSync(system.instance.logFile('better-auth'), 'a'), 'ipc'],
    execArgv: [],
  });
  const ended = once(child, 'exit');
  const says = async (word: string) => {
    const [said] = (await Promise.race([once(child, 'message'), ended.then(() => ['nothing and ended'])])) as [unknown];
    if (said !== word) throw new Error(`Better Auth says ${String(said)}:\n${readFileSync(system.instance.logFile('better-auth'), 'utf8').slice(-2_000)}`);
  };
  await says('listening');
  child.send({ passwordHash, people: Object.values(people).flat().map((person) => ({ ...person, emailAddress: `${person.name}@example.com` })) });
  await says('seeded');
  return {
    pid: child.pid ?? 0,
    baseUrl: `http://localhost:${port}`,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** What its own lock file says, at the first run and whenever that changed. */
function install(): void {
  const [installed, lock] = [join(folder, 'node_modules/.package-lock.json'), join(folder, 'package-lock.json')];
  if (existsSync(installed) && statSync(installed).mtimeMs > statSync(lock).mtimeMs) return;
  console.log('Installing Better Auth (npm ci in bench/peers/better-auth) …');
  // Under `npm run`, npm is told which folder it works on, and would install there: in the root.
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_)|npm_config_local_prefix$|INIT_CWD$)/.test(name)));
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
}

export function peerVersions(): Record<string, string> {
  const version = (name: string) => (JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
  return { 'Better Auth': version('better-auth'), '@node-rs/argon2': version('@node-rs/argon2') };
}

async function createDatabase(adminUrl: string): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`CREATE ROLE ${peerRole} LOGIN PASSWORD '${password}'`);
    await admin.query(`CREATE DATABASE ${peerRole} OWNER ${peerRole}`);
  } finally {
    await admin.end();
  }
  const url = new URL(adminUrl);
  [url.username, url.password, url.pathname] = [peerRole, password, `/${peerRole}`];
  return url.toString();
}
