import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { ApiClient } from '../e2e/api-client.ts';
import { unusedPort } from '../tools/stack/ports.ts';
import { rootDirectory, signInByText, withCleanUp, writeResult } from './harness.ts';

const restarts = 3;

/** One thing that was waited for; `npm start` does several at the same time. */
type Stage = { stage: string; fromSeconds: number; tookSeconds: number };
type Started = { stages: Stage[]; readyAt: number };

/**
 * From nothing to the first login: `git clone` of what is committed, `npm start`, and a login by texted code; then what a
 * later `npm start` takes. npm's cache and the machine's packages are as they are.
 */
export async function benchFirstLogin(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  // Postgres' own user has to get through, as it would to any ordinary checkout.
  chmodSync(folder, 0o755);
  const checkout = join(folder, 'latchkey');
  const environment = await freshEnvironment(checkout);
  const baseUrl = `http://localhost:${environment.LATCHKEY_HTTP_PORT}`;
  const inboxUrl = `http://localhost:${environment.LATCHKEY_INBOX_PORT}`;
  let running: ChildProcess | undefined;
  const start = (origin: number) => npmStart(checkout, environment, origin, (child) => (running = child));
  const stop = async () => {
    if (running) await interrupt(running);
    running = undefined;
  };
  const cleanUp = async () => {
    await stop();
    try {
      execFileSync('npm', ['run', '--silent', 'reset'], { cwd: checkout, env: environment, stdio: 'ignore' });
    } catch {
      // Broken off before there was anything to reset.
    }
    rmSync(folder, { recursive: true, force: true });
  };

  await withCleanUp(cleanUp, async () => {
    const origin = performance.now();
    // As over a network: nothing shared with the origin's files.
    execFileSync('git', ['clone', '--quiet', '--no-local', rootDirectory, checkout], { stdio: ['ignore', 'ignore', 'inherit'] });
    const cloned = performance.now();
    const first = await start(origin);
    await signInByText(new ApiClient(baseUrl), inboxUrl);
    const signedIn = performance.now();

    const stages: Stage[] = [
      { stage: 'git clone', fromSeconds: 0, tookSeconds: seconds(cloned - origin) },
      ...first.stages,
      { stage: 'first login by text', fromSeconds: seconds(first.readyAt - origin), tookSeconds: seconds(signedIn - first.readyAt) },
    ];
    const minutes = Math.round(((signedIn - origin) / 60_000) * 100) / 100;
    console.table(stages);
    console.log(`From git clone to the first login: ${minutes} minutes.`);

    const restartRuns: { readySeconds: number; stages: Stage[] }[] = [];
    for (let run = 0; run < restarts; run += 1) {
      await stop();
      const again = performance.now();
      const { readyAt, stages: ofRestart } = await start(again);
      restartRuns.push({ readySeconds: seconds(readyAt - again), stages: ofRestart });
    }
    console.log(`npm start again, from the command to ready: ${restartRuns.map(({ readySeconds }) => `${readySeconds} s`).join(', ')}.`);
    console.table(restartRuns.at(-1)?.stages);
    await signInByText(new ApiClient(baseUrl), inboxUrl);

    const version = (program: string) => execFileSync(program, ['--version'], { encoding: 'utf8', env: environment }).trim();
    writeResult('first-login', { npm: version('npm'), 'Node of the machine': version('node'), git: version('git') }, { minutesToFirstLogin: minutes, stages, restarts: restartRuns }, checkout);
  });
}

/** What a person's shell has: nothing that this run of npm added. Own public ports, so that a running Latchkey is not in the way. */
async function freshEnvironment(checkout: string): Promise<NodeJS.ProcessEnv> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_)|npm_config_local_prefix$|INIT_CWD$|NODE$|LATCHKEY_|DELIVERY_|AWS_)/.test(name));
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return {
    ...Object.fromEntries(inherited),
    PATH: path.join(delimiter),
    // Else Nx takes what it built in any other clone on this machine, from the home directory.
    NX_CACHE_DIRECTORY: join(checkout, '.nx/cache'),
    LATCHKEY_HTTP_PORT: String(await unusedPort()),
    LATCHKEY_INBOX_PORT: String(await unusedPort()),
  };
}

/** Runs until it says that it is ready; `origin` is what the times count from. */
async function npmStart(directory: string, environment: NodeJS.ProcessEnv, origin: number, spawned: (child: ChildProcess) => void): Promise<Started> {
  // A session of its own, so that it can be sent what a terminal's Ctrl-C sends: the signal, to all of the group.
  const child = spawn('npm', ['start'], { cwd: directory, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  spawned(child);
  const stages: Stage[] = [];
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${lines.slice(-20).join('\n')}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const at = performance.now();
      const [, stage, took] = /^✓ (.+) \((\d+\.\d) s\)$/.exec(line) ?? [];
      if (stage && took) stages.push({ stage, fromSeconds: Math.max(0, seconds(at - origin - Number(took) * 1_000)), tookSeconds: Number(took) });
      if (line.startsWith('Latchkey is ready')) resolve({ stages, readyAt: at });
    });
  });
}

/** Ctrl-C, and until everything has ended. */
async function interrupt(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  process.kill(-child.pid, 'SIGINT');
  if ((await Promise.race([ended.then(() => 'ended'), wait(90_000, 'still running')])) !== 'ended') throw new Error('npm start did not end after Ctrl-C');
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 100) / 10;
}
