import { stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { hash, verify } from '@node-rs/argon2';
import { demoPassword } from '../../e2e/api-client.ts';
import { Replica } from '../../e2e/faults/replica.ts';
import type { StartedSystem } from '@latchkey/tools';
import { perSecond, quantile } from '../flows/figures.ts';
import { addPeople } from '../flows/people.ts';
import { type Driver, startDriver } from '../flows/start-driver.ts';
import { versionsOf, withCleanUp, withSystem, writeResult } from '../harness.ts';
import { processorSeconds } from '../processes.ts';

const rounds = 3;
const secondsEach = 5;
const users = 16;

/** `tickLateMs`: p99 of how late the event loop was. `poolMs`: p99 of a file's `stat`, which waits for a thread of the pool. */
type Hashing = { perSecond: number; cpuMs: number; tickLateMs: number; poolMs: number };
interface Judges {
  judge(): Promise<boolean>;
  stop(): Promise<unknown>;
}

/** Password hashes in libuv's pool and in worker threads, and auth as one process and as two. */
export async function benchHashing(): Promise<void> {
  const driver = await startDriver();
  await withCleanUp(async () => driver.stop(), () => withSystem('hashing', (system) => measureAll(system, driver), { AWS_ENDPOINT_URL_SNS: driver.snsUrl }));
}

async function measureAll(system: StartedSystem, driver: Driver): Promise<void> {
  const where = await poolBesideWorkers();
  console.table(where);
  const processes = await oneProcessBesideTwo(system, driver);
  console.table(processes);
  writeResult('hashing', await versionsOf(system), { rounds, secondsEach, users, where, processes });
}

/** Two at once, as auth does, and four, which is every thread of the pool. */
async function poolBesideWorkers() {
  const stored = await hash(demoPassword, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  const rows = [];
  for (const atOnce of [cpus().length, 4]) {
    const measured: Record<'pool' | 'workers', Hashing[]> = { pool: [], workers: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const kind of round % 2 === 0 ? (['pool', 'workers'] as const) : (['workers', 'pool'] as const)) {
        const judges = kind === 'pool' ? inPool(stored) : await inWorkers(stored, atOnce);
        measured[kind].push(await measureHashing(judges, atOnce));
        await judges.stop();
      }
    }
    for (const kind of ['pool', 'workers'] as const) rows.push({ atOnce, kind, ...medians(measured[kind]) });
  }
  return rows;
}

const inPool = (stored: string): Judges => ({ judge: () => verify(stored, demoPassword), stop: async () => undefined });

async function inWorkers(stored: string, count: number): Promise<Judges> {
  const waiting = new Map<number, (right: boolean) => void>();
  const workers = Array.from({ length: count }, () => new Worker(new URL('hash-worker.ts', import.meta.url), { workerData: { stored, password: demoPassword } }));
  for (const worker of workers)
    worker.on('message', ({ ticket, right }: { ticket: number; right: boolean }) => {
      waiting.get(ticket)?.(right);
      waiting.delete(ticket);
    });
  let last = 0;
  const judge = () =>
    new Promise<boolean>((resolve) => {
      const ticket = (last += 1);
      waiting.set(ticket, resolve);
      workers[ticket % count]?.postMessage(ticket);
    });
  await Promise.all(workers.map(judge)); // They have started.
  return { judge, stop: () => Promise.all(workers.map((worker) => worker.terminate())) };
}

async function measureHashing({ judge }: Judges, atOnce: number): Promise<Hashing> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const until = performance.now() + secondsEach * 1_000;
  const pool: number[] = [];
  let judged = 0;
  const one = async () => {
    while (performance.now() < until) {
      if (!(await judge())) throw new Error('the right password was refused');
      judged += 1;
    }
  };
  const lookAtFile = async () => {
    while (performance.now() < until) {
      const startedAt = performance.now();
      await stat(import.meta.filename);
      pool.push(performance.now() - startedAt);
      await wait(20);
    }
  };
  const [startedAt, cpu] = [performance.now(), processorSeconds(process.pid)];
  loop.enable();
  await Promise.all([lookAtFile(), ...Array.from({ length: atOnce }, one)]);
  loop.disable();
  return {
    perSecond: (judged * 1_000) / (performance.now() - startedAt),
    cpuMs: ((processorSeconds(process.pid) - cpu) * 1_000) / judged,
    // The histogram counts from its own tick of a millisecond.
    tickLateMs: loop.percentile(99) / 1e6 - 1,
    poolMs: quantile(pool, 0.99),
  };
}

/** Logins on trusted devices, which are little else than the hash. */
async function oneProcessBesideTwo(system: StartedSystem, driver: Driver) {
  const people = await addPeople(system);
  await driver.ask({ kind: 'introduce', side: 'latchkey', baseUrl: system.baseUrl, people: { trusted: people.trusted }, password: demoPassword }, 'introduced');
  const run = async (seconds: number) => (await driver.ask({ kind: 'run', side: 'latchkey', flow: 'trusted', load: { kind: 'closed', users, ms: seconds * 1_000 } }, 'outcome')).outcome;
  await run(secondsEach);
  const measured: Record<'one' | 'two', { perSecond: number; p50Ms: number }[]> = { one: [], two: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of round % 2 === 0 ? (['one', 'two'] as const) : (['two', 'one'] as const)) {
      const second = kind === 'two' ? await Replica.of(system.services.auth) : undefined;
      await withCleanUp(
        async () => second?.stop(),
        async () => {
          await run(2);
          const outcome = await run(secondsEach * 2);
          measured[kind].push({ perSecond: perSecond(outcome), p50Ms: quantile(outcome.tookMs, 0.5) });
        },
      );
    }
  }
  return (['one', 'two'] as const).map((kind) => ({ processes: kind, ...medians(measured[kind]) }));
}

function medians<T extends Record<string, number>>(all: readonly T[]): T {
  const keys = Object.keys(all[0] ?? {});
  return Object.fromEntries(keys.map((key) => [key, Number(quantile(all.map((one) => one[key] ?? 0), 0.5).toFixed(2))])) as T;
}
