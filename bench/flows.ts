import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { StartedSystem } from '@latchkey/tools';
import { demoPassword } from '../e2e/api-client.ts';
import { type Cost, type Counts, costOf, countCommands, countMessages, countStatements, restingRate } from './counters.ts';
import { type Measured, measured, medians, perSecond, quantile, type Spread, spread } from './flows/figures.ts';
import { type HashBound, hashBound } from './flows/hash-bound.ts';
import { addPeople, passwordHash } from './flows/people.ts';
import { type Peer, peerRole, peerVersions, startPeer } from './flows/peer.ts';
import { type FlowName, flowNames, flowTitles, type Load, type Outcome, type Side, sides, sideTitles, withHash } from './flows/plan.ts';
import { flowsPlot } from './flows/plot.ts';
import { type ProcessorTime, processorTime } from './flows/processor-time.ts';
import { type Driver, startDriver } from './flows/start-driver.ts';
import { rootDirectory, versionsOf, withCleanUp, withSystem, writeResult } from './harness.ts';
import { listOf, numberOf, type Options } from './options.ts';

const countedFlows = 20;
const restMs = 5_000;

export type SideResult = {
  /** By the number of users. */
  closed: Record<string, Measured>;
  /** At half of the lower of both peaks. */
  open: Measured & { offeredPerSecond: number; p50BeyondHashMs?: number };
  /** Milliseconds of processor time a flow, by process, under the most users. */
  processorMs: Record<string, number>;
  counts: Cost['each'];
};
export type FlowsResult = { settings: Settings; hash: { perSecond: Spread; aloneMs: Spread }; restingProcessorMsPerSecond: Record<string, number>; flows: Partial<Record<FlowName, Record<Side, SideResult>>> };
type Settings = { rounds: number; seconds: number; users: number[] };
type Bench = { settings: Settings; driver: Driver; processors: ProcessorTime; hash: () => Promise<HashBound> };
type Timed = Omit<SideResult, 'counts'>;

/** What people do, with Latchkey and with Better Auth in turn, on the same servers, under the same load. */
export async function benchFlows(options: Options): Promise<void> {
  const settings: Settings = { rounds: numberOf('rounds', options, 3), seconds: numberOf('seconds', options, 8), users: listOf('users', options, ['16', '64']).map(Number) };
  const names = listOf('only', options, flowNames) as FlowName[];
  for (const name of names) if (!flowNames.includes(name)) throw new Error(`there is no flow ${name}; there are ${flowNames.join(', ')}`);
  const driver = await startDriver();
  await withCleanUp(async () => driver.stop(), () =>
    withSystem('flows', (system) => withPeer(system, driver, (peer, stored) => compare(system, peer, driver, stored, settings, names)), {
      AWS_ENDPOINT_URL_SNS: driver.snsUrl,
    }),
  );
}

async function withPeer(system: StartedSystem, driver: Driver, work: (peer: Peer, stored: string) => Promise<void>): Promise<void> {
  const people = await addPeople(system);
  const stored = await passwordHash(system);
  const peer = await startPeer(system, people, stored, driver.snsUrl);
  await withCleanUp(peer.stop, async () => {
    console.log('Signing in those who have to be …');
    for (const [side, { baseUrl }] of [['latchkey', system], ['peer', peer]] as const) await driver.ask({ kind: 'introduce', side, baseUrl, people, password: demoPassword }, 'introduced');
    await work(peer, stored);
  });
}

async function compare(system: StartedSystem, peer: Peer, driver: Driver, stored: string, settings: Settings, names: FlowName[]): Promise<void> {
  await wait(2_000);
  const processors = await processorTime(system, peer, driver);
  const bounds: HashBound[] = [];
  const hash = async () => {
    const bound = await hashBound(demoPassword, stored, settings.seconds * 500);
    bounds.push(bound);
    return bound;
  };
  const bench: Bench = { settings, driver, processors, hash };
  const timed = new Map<FlowName, Record<Side, Timed>>();
  for (const name of names) timed.set(name, await timeFlow(bench, name));
  const counts = await countAll(system, driver, names);

  const flows: FlowsResult['flows'] = {};
  for (const [name, results] of timed) {
    const of = (side: Side): SideResult => ({ ...results[side], counts: counts[name]?.[side] as Cost['each'] });
    flows[name] = { latchkey: of('latchkey'), peer: of('peer') };
  }
  const result: FlowsResult = {
    settings,
    hash: { perSecond: spread(bounds.map((bound) => bound.perSecond)), aloneMs: spread(bounds.map(({ aloneMs }) => aloneMs)) },
    restingProcessorMsPerSecond: processors.resting,
    flows,
  };
  printTables(result);
  if (names.length < flowNames.length) return console.log('Only some of the flows: bench/results stays as it is.');
  writeResult('flows', { ...(await versionsOf(system)), ...peerVersions() }, result);
  writeFileSync(join(rootDirectory, 'bench/results/flows.svg'), flowsPlot(result));
}

/** Rounds with all numbers of users, then rounds at a fixed rate; who comes first alternates. */
async function timeFlow({ settings: { rounds, seconds, users }, driver, processors, hash }: Bench, flow: FlowName): Promise<Record<Side, Timed>> {
  const ms = seconds * 1_000;
  const run = async (side: Side, load: Load): Promise<Outcome> => (await driver.ask({ kind: 'run', side, flow, load }, 'outcome')).outcome;
  const most = Math.max(...users);
  const closed = forBoth(() => new Map(users.map((count) => [count, [] as Outcome[]])));
  const used = forBoth(() => [] as Record<string, number>[]);
  for (const side of sides) await run(side, { kind: 'closed', users: most, ms: Math.max(3_000, ms / 2) });
  for (let round = 0; round < rounds; round += 1) {
    for (const side of inTurn(round)) {
      for (const count of users) {
        await wait(500);
        const before = processors.read();
        const startedAt = performance.now();
        const outcome = await run(side, { kind: 'closed', users: count, ms });
        // What a login leaves to be done after its answer is part of what it costs.
        await wait(500);
        const after = processors.read();
        closed[side].get(count)?.push(outcome);
        const spent = Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]));
        if (count === most) used[side].push(processors.perFlow(side, spent, performance.now() - startedAt, outcome.completed));
        say(flow, side, `round ${round + 1} of ${rounds}, ${count} users`, outcome);
      }
    }
    if (withHash.includes(flow)) await hash();
  }
  const peak = (side: Side) => Math.max(...[...closed[side].values()].map((outcomes) => measured(outcomes).perSecond.median));
  const offered = Number((Math.min(...sides.map(peak)) / 2).toFixed(1));
  const open = forBoth(() => [] as Outcome[]);
  // Beside the logins that it is taken off from: on a shared machine a hash takes now this long, now that.
  const bounds: HashBound[] = [];
  for (let round = 0; round < rounds; round += 1)
    for (const side of inTurn(round)) {
      await wait(500);
      const outcome = await run(side, { kind: 'open', perSecond: offered, ms });
      open[side].push(outcome);
      say(flow, side, `round ${round + 1} of ${rounds}, ${offered} a second`, outcome);
      if (withHash.includes(flow)) bounds.push(await hash());
    }
  const aloneMs = quantile(bounds.map((bound) => bound.aloneMs), 0.5);
  return forBoth((side) => {
    const atRate = measured(open[side]);
    return {
      closed: Object.fromEntries([...closed[side]].map(([count, outcomes]) => [count, measured(outcomes)])),
      open: { ...atRate, offeredPerSecond: offered, ...(withHash.includes(flow) ? { p50BeyondHashMs: Number((atRate.p50.median - aloneMs).toFixed(1)) } : {}) },
      processorMs: medians(used[side]),
    };
  });
}

const forBoth = <T>(make: (side: Side) => T): Record<Side, T> => ({ latchkey: make('latchkey'), peer: make('peer') });
const inTurn = (round: number): readonly Side[] => (round % 2 === 0 ? sides : [...sides].reverse());

function say(flow: FlowName, side: Side, what: string, outcome: Outcome): void {
  const deferred = outcome.deferred > 0 ? `; ${outcome.deferred} times asked to come back later` : '';
  const failed = Object.entries(outcome.failures).map(([message, count]) => `${count} × ${message}`);
  const figures = `${perSecond(outcome).toFixed(1)}/s, p50 ${quantile(outcome.tookMs, 0.5).toFixed(1)} ms, p99 ${quantile(outcome.tookMs, 0.99).toFixed(1)} ms`;
  console.log(`${flow.padEnd(13)}${sideTitles[side].padEnd(12)} ${what.padEnd(28)} ${figures}${deferred}${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}`);
}

/** After all that is timed, since counting takes time: one flow after the other, with the servers' own counts. */
async function countAll(system: StartedSystem, driver: Driver, names: FlowName[]): Promise<Partial<Record<FlowName, Record<Side, Cost['each']>>>> {
  console.log('Counting messages, commands and statements …');
  const statements = await countStatements(system, [peerRole]);
  const counters = [await countMessages(system), await countCommands(system), statements];
  const read = async (): Promise<Counts> => (await Promise.all(counters.map((counter) => counter.read()))).flat();
  const run = async (side: Side, flow: FlowName, flows: number) => {
    const { outcome } = await driver.ask({ kind: 'run', side, flow, load: { kind: 'counted', flows } }, 'outcome');
    return outcome;
  };
  // Connections and prepared scripts are made once, and again after the restart that counting statements takes.
  for (const side of sides) for (const flow of names) await run(side, flow, 5);
  const resting = await restingRate(read, restMs);
  const counts: Partial<Record<FlowName, Record<Side, Cost['each']>>> = {};
  for (const flow of names) {
    const of = async (side: Side) => {
      const cost = await costOf(read, resting, async () => {
        const { completed, failures } = await run(side, flow, countedFlows);
        if (completed < countedFlows) throw new Error(`${sideTitles[side]}, ${flow}: ${JSON.stringify(failures)}`);
        return completed;
      });
      return cost.each;
    };
    counts[flow] = { latchkey: await of('latchkey'), peer: await of('peer') };
  }
  await Promise.all(counters.map((counter) => counter.close()));
  return counts;
}

function printTables({ hash, flows }: FlowsResult): void {
  console.log(`\nPasswords judged, nothing else: ${hash.perSecond.median}/s on two processors, ${hash.aloneMs.median} ms one at a time.`);
  for (const [flow, results] of Object.entries(flows)) {
    console.log(`\n${flowTitles[flow as FlowName]}:`);
    console.table(
      Object.fromEntries(
        sides.map((side) => {
          const { closed, open, processorMs } = results[side];
          const peaks = Object.entries(closed).map(([users, { perSecond: rate }]) => [`${users} users/s`, `${rate.median} (${rate.least}–${rate.most})`]);
          return [sideTitles[side], { ...Object.fromEntries(peaks), [`p50 at ${open.offeredPerSecond}/s`]: open.p50.median, 'p99 ms': open.p99.median, 'less the hash': open.p50BeyondHashMs, 'CPU ms': processorMs['all servers'] }];
        }),
      ),
    );
  }
}
