import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readMetrics } from '@latchkey/testing';
import type { ServiceControl, StartedSystem } from '@latchkey/tools';
import { demoPassword } from '../../e2e/api-client.ts';
import { measured, perSecond } from '../flows/figures.ts';
import { addPeople } from '../flows/people.ts';
import type { FlowName, Load } from '../flows/plan.ts';
import { type Driver, startDriver } from '../flows/start-driver.ts';
import { rootDirectory, versionsOf, withCleanUp, withSystem, writeResult } from '../harness.ts';
import { rollup } from '../memory.ts';
import { numberOf, type Options } from '../options.ts';
import { soakPlot } from './soak-plot.ts';
import { rule, type Trend, trendOf } from './trend.ts';

/** Seven of ten come from a trusted device, as in docs/operations/sizing.md. */
const mix: FlowName[] = ['trusted', 'trusted', 'text', 'trusted', 'trusted', 'app', 'trusted', 'trusted', 'text', 'trusted'];
const users = 16;
const peakMs = 15_000;
const shareOfPeak = 0.7;
const sampleMs = 10_000;
/** Shorter is a look. */
const leastMinutes = 20;

type Memory = { rssMB: number; heapMB: number };
export type Sample = { second: number; services: Record<string, Memory> };

/** Logins at a fixed rate, for long, and what memory each service takes meanwhile. */
export async function benchSoak(options: Options): Promise<void> {
  const minutes = numberOf('minutes', options, leastMinutes);
  const driver = await startDriver();
  await withCleanUp(async () => driver.stop(), () => withSystem('soak', (system) => soak(system, driver, minutes), { AWS_ENDPOINT_URL_SNS: driver.snsUrl }));
}

async function soak(system: StartedSystem, driver: Driver, minutes: number): Promise<void> {
  const people = await addPeople(system);
  console.log('Signing in those who have to be …');
  await driver.ask({ kind: 'introduce', side: 'latchkey', baseUrl: system.baseUrl, people, password: demoPassword }, 'introduced');
  const run = async (load: Load) => (await driver.ask({ kind: 'run', side: 'latchkey', flow: mix, load }, 'outcome')).outcome;
  await run({ kind: 'closed', users, ms: peakMs / 3 });
  const peak = perSecond(await run({ kind: 'closed', users, ms: peakMs }));
  const offered = Number((peak * shareOfPeak).toFixed(1));
  console.log(`Peak with ${users} users: ${peak.toFixed(1)} logins a second. From now on ${offered} a second, for ${minutes} minutes.`);

  const load = run({ kind: 'open', perSecond: offered, ms: minutes * 60_000 });
  const samples = await samplesWhile(Object.values(system.services).filter(({ name, pid }) => pid !== undefined && name !== 'inbox'), load);
  const { perSecond: rates, p50, p99, ended, deferred, failures } = measured([await load]);
  const logins = { offeredPerSecond: offered, perSecond: rates.median, p50Ms: p50.median, p99Ms: p99.median, ended, deferred, failures };
  const lasted = samples.at(-1)?.second ?? 0;
  const trends = Object.fromEntries(Object.keys(samples[0]?.services ?? {}).map((name) => [name, trendsOf(samples, name, lasted)]));

  console.log(`${logins.perSecond} logins a second, p50 ${logins.p50Ms} ms, p99 ${logins.p99Ms} ms; ${deferred} times asked to come back later; failed: ${JSON.stringify(failures)}`);
  const row = (what: string, { middle, perHour, orSo, verdict }: Trend) => ({ [`${what} MB`]: middle, [`${what} MB an hour`]: `${perHour} ± ${orSo}`, [what]: verdict });
  console.table(Object.fromEntries(Object.entries(trends).map(([name, { rss, heap }]) => [name, { ...row('resident', rss), ...row('heap', heap) }])));
  console.log(rule);
  if (minutes < leastMinutes) return console.log(`Less than ${leastMinutes} minutes: bench/results stays as it is.`);
  writeResult('soak', await versionsOf(system), { minutes, users, peakPerSecond: Number(peak.toFixed(1)), logins, rule, trends, samples });
  writeFileSync(join(rootDirectory, 'bench/results/soak.svg'), soakPlot(samples));
}

async function samplesWhile(services: ServiceControl[], load: Promise<unknown>): Promise<Sample[]> {
  const started = new Map(services.map(({ name, pid }) => [name, pid]));
  const origin = performance.now();
  const samples: Sample[] = [];
  for (let due = sampleMs; ; due += sampleMs) {
    const over = await Promise.race([load.then(() => true), wait(origin + due - performance.now(), false)]);
    if (over) return samples;
    const memories = await Promise.all(services.map(async (service) => [service.name, await memoryOf(service, started.get(service.name))] as const));
    samples.push({ second: Math.round((performance.now() - origin) / 1_000), services: Object.fromEntries(memories) });
  }
}

/** A process that was started anew would hide what the one before it took. */
async function memoryOf({ name, pid, internalUrl }: ServiceControl, started: number | undefined): Promise<Memory> {
  if (pid === undefined || pid !== started) throw new Error(`${name} has ended meanwhile`);
  const heap = (await readMetrics(internalUrl)).value('nodejs_heap_size_used_bytes');
  if (heap === undefined) throw new Error(`${name} does not tell its heap`);
  return { rssMB: round(rollup(pid).Rss / 1024), heapMB: round(heap / 1024 ** 2) };
}

function trendsOf(samples: Sample[], name: string, lasted: number): { rss: Trend; heap: Trend } {
  const of = (kind: keyof Memory) => trendOf(samples.map(({ second, services }) => ({ second, value: services[name]?.[kind] ?? 0 })), lasted);
  return { rss: of('rssMB'), heap: of('heapMB') };
}

const round = (value: number) => Number(value.toFixed(1));
