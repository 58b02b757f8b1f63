import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type RunningSystem, type StartedSystem, startSystem } from '@latchkey/tools';
import { ApiClient } from '../e2e/api-client.ts';
import { signInByText, versionsOf, withCleanUp, writeResult } from './harness.ts';
import { processorSeconds } from './processes.ts';

const blocks = 10;
const requestsPerBlock = 400;
const loginsPerBlock = 6;
/** What is exported once the work is done is part of what it costs. */
const settleMs = 1_500;

type Kind = 'off' | 'a tenth kept' | 'all kept';
type Row = { work: string; tracing: Kind; processorMs: number; times: number; p50Ms: number };
type Work = { name: string; perBlock: number; once(client: ApiClient, system: RunningSystem): Promise<unknown> };

const works: Work[] = [
  // One request over the broker and hardly anything else: where tracing shows most.
  { name: 'who is signed in', perBlock: requestsPerBlock, once: (client) => client.get('/v1/session') },
  { name: 'login by texted code', perBlock: loginsPerBlock, once: (client, system) => signInByText(new ApiClient(client.baseUrl), system.inboxUrl) },
];

/** What traces cost the services: the same work on three systems at the same time of day, block by block in turn. */
export async function benchTracing(): Promise<void> {
  const systems = new Map<Kind, StartedSystem>();
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-traces-'));
  await withCleanUp(
    async () => {
      await Promise.all([...systems.values()].map((system) => system.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
    async () => {
      systems.set('off', await started('off', {}));
      const file = (system: string) => ({ LATCHKEY_TRACE_FILE: join(folder, `${system}.jsonl`) });
      systems.set('a tenth kept', await started('tenth', { ...file('tenth'), OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' }));
      systems.set('all kept', await started('all', file('all')));
      const rows: Row[] = [];
      for (const work of works) rows.push(...(await measure(work, systems)));
      console.table(rows);
      writeResult('tracing', await versionsOf(systems.get('off')!), { blocks, requestsPerBlock, loginsPerBlock, rows });
    },
  );
}

async function started(name: string, env: Record<string, string>): Promise<StartedSystem> {
  // The OpenTelemetry variables are inherited by the services, as those of npm start are.
  const inherited = Object.entries(env).filter(([variable]) => variable.startsWith('OTEL_'));
  Object.assign(process.env, Object.fromEntries(inherited));
  try {
    return await startSystem({ instance: `bench-tracing-${name}`, ports: 'free', quiet: true, throwAway: true, env });
  } finally {
    for (const [variable] of inherited) delete process.env[variable];
  }
}

async function measure(work: Work, systems: Map<Kind, StartedSystem>): Promise<Row[]> {
  const clients = new Map<Kind, ApiClient>();
  for (const [kind, system] of systems) {
    const client = new ApiClient(system.baseUrl);
    await signInByText(client, system.inboxUrl);
    clients.set(kind, client);
    for (let warm = 0; warm < work.perBlock; warm += 1) await work.once(client, system);
  }
  const spent = new Map<Kind, number>([...systems.keys()].map((kind) => [kind, 0]));
  const took = new Map<Kind, number[]>([...systems.keys()].map((kind) => [kind, []]));
  for (let block = 0; block < blocks; block += 1) {
    for (const [kind, system] of systems) {
      const before = processorMs(system);
      for (let count = 0; count < work.perBlock; count += 1) {
        const startedAt = performance.now();
        await work.once(clients.get(kind)!, system);
        took.get(kind)!.push(performance.now() - startedAt);
      }
      await wait(settleMs);
      spent.set(kind, spent.get(kind)! + processorMs(system) - before);
    }
  }
  const off = spent.get('off')!;
  return [...systems.keys()].map((kind) => {
    const latencies = took.get(kind)!.sort((one, other) => one - other);
    return {
      work: work.name,
      tracing: kind,
      processorMs: Number((spent.get(kind)! / (blocks * work.perBlock)).toFixed(2)),
      times: Number((spent.get(kind)! / off).toFixed(3)),
      p50Ms: Number((latencies[Math.floor(latencies.length / 2)] ?? 0).toFixed(2)),
    };
  });
}

/** User and system time of the services. */
function processorMs({ services }: RunningSystem): number {
  return Object.values(services).filter(({ name }) => name !== 'inbox').reduce((sum, { pid }) => sum + processorSeconds(pid) * 1_000, 0);
}
