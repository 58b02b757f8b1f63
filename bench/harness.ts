import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rabbitmqManagementUrl, type RunningSystem, type StartedSystem, startSystem, stopAllSystems } from '@latchkey/tools';
import { latestCode } from '@latchkey/testing';
import { Redis } from 'ioredis';
import pg from 'pg';
import { type ApiClient, demoPassword } from '../e2e/api-client.ts';

export const rootDirectory = dirname(dirname(fileURLToPath(import.meta.url)));
const ownerPhone = '+14155550123';

/** Before the bench adds its own: tells how much else the machine had to do. */
const loadAtStart = loadavg()[0] ?? 0;

const cleanUps = new Set<() => Promise<void>>();

/** Runs at the end of `work`, and also when somebody breaks the bench off. */
export async function withCleanUp<T>(cleanUp: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  let cleaned: Promise<void> | undefined;
  const once = () => (cleaned ??= cleanUp());
  cleanUps.add(once);
  try {
    return await work();
  } finally {
    await once();
    cleanUps.delete(once);
  }
}

/** Leaves nothing running: for signals. */
export async function breakOff(): Promise<void> {
  await Promise.allSettled([stopAllSystems(), ...[...cleanUps].map((cleanUp) => cleanUp())]);
}

/** A whole system of the bench's own, thrown away afterwards. */
export async function withSystem<T>(name: string, work: (system: StartedSystem) => Promise<T>, env: Record<string, string> = {}): Promise<T> {
  const system = await startSystem({ instance: `bench-${name}`, ports: 'free', quiet: true, throwAway: true, env });
  try {
    return await work(system);
  } finally {
    await system.stop();
  }
}

/** The demo owner's login, from the password to the session. */
export async function signInByText(client: ApiClient, inboxUrl: string): Promise<{ device: { id: string } }> {
  const after = new Date();
  const login = await client.post('/v1/login', { loginName: 'owner', password: demoPassword });
  if (login.body.status !== 'code_required') throw new Error(`no code asked: ${login.status} ${JSON.stringify(login.body)}`);
  const code = await latestCode(inboxUrl, ownerPhone, { after });
  const verified = await client.post('/v1/login/verify-code', { attempt: login.body.attempt, methodId: login.body.methods[0].id, code });
  if (verified.status !== 200) throw new Error(`code refused: ${verified.status} ${JSON.stringify(verified.body)}`);
  return verified.body.session;
}

/** What the backing servers say they are. */
export async function versionsOf(system: RunningSystem): Promise<Record<string, string>> {
  const redis = new Redis(system.stack.redis.url);
  const postgres = new pg.Client({ connectionString: system.stack.postgres.url });
  await postgres.connect();
  try {
    const overview = (await (await managementApi(system)('GET', '/overview')).json()) as { rabbitmq_version: string; erlang_version: string };
    const shown = await postgres.query<{ server_version: string }>('SHOW server_version');
    return {
      RabbitMQ: `${overview.rabbitmq_version} on Erlang ${overview.erlang_version}`,
      Redis: /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? '',
      PostgreSQL: shown.rows[0]?.server_version ?? '',
    };
  } finally {
    redis.disconnect();
    await postgres.end();
  }
}

/** RabbitMQ's management API; anything but success is an error. */
export function managementApi(system: RunningSystem) {
  const url = new URL(rabbitmqManagementUrl(system.instance));
  const authorization = `Basic ${Buffer.from(`${url.username}:${url.password}`).toString('base64')}`;
  return async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(`${url.origin}/api${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answers ${response.status}: ${await response.text()}`);
    return response;
  };
}

/** Keeps what was measured in results/<name>.json, with where and on what; `checkout` is what was measured. */
export function writeResult(name: string, versions: Record<string, string>, measured: object, checkout = rootDirectory): void {
  const folder = join(rootDirectory, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const result = { bench: name, measuredAt: new Date().toISOString(), commit: commitOf(checkout), machine: machine(), versions: { Node: process.versions.node, ...versions }, ...measured };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  console.log(`Written to bench/results/${name}.json`);
}

/** The commit, and whether what was measured differs from it. */
function commitOf(checkout: string): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: checkout, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'libs', 'services', 'tools', 'deploy', 'package-lock.json');
  return `${git('rev-parse', 'HEAD')}${changed === '' ? '' : ' and changes that are not committed'}`;
}

function machine(): Record<string, string | number> {
  const system = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
  return { processors: cpus().length, model: cpus()[0]?.model ?? '', memoryGB: Math.round(totalmem() / 1e9), system: `${system}, Linux ${release()}`, loadAtStart: Number(loadAtStart.toFixed(2)) };
}
