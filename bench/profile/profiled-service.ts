import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceControl } from '@latchkey/tools';
import { rootDirectory } from '../harness.ts';

const intervalMicroseconds = 500;

export type Profiled = { name: string; pid: number; /** Ends it in good order, which writes its profile. */ stop(): Promise<void>; /** Once it was stopped. */ readonly file: string };

/** Runs a service that was stopped as a process of our own that samples itself, and waits until it is ready. */
export async function startProfiled({ name, mainFile, env, logPath, internalUrl }: ServiceControl, folder: string): Promise<Profiled> {
  const log = openSync(logPath, 'a', 0o600);
  const child = spawn(process.execPath, ['--cpu-prof', `--cpu-prof-dir=${join(folder, name)}`, `--cpu-prof-interval=${intervalMicroseconds}`, mainFile], {
    cwd: rootDirectory,
    env: { PATH: process.env['PATH'], TZ: process.env['TZ'], ...env },
    stdio: ['ignore', log, log],
  });
  const ended = once(child, 'exit');
  await ready(`${internalUrl}/health/ready`);
  return {
    name,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
    get file() {
      const [file] = readdirSync(join(folder, name));
      if (file === undefined) throw new Error(`${name} wrote no profile`);
      return join(folder, name, file);
    },
  };
}

async function ready(url: string, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    if (await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(({ ok }) => ok, () => false)) return;
    if (performance.now() > deadline) throw new Error(`${url}: not ready after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
