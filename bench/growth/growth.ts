import { setTimeout as wait } from 'node:timers/promises';
import type { RunningSystem } from '@latchkey/tools';
import type pg from 'pg';
import { demoPassword } from '../../e2e/api-client.ts';
import { countStatements } from '../counters.ts';
import { quantile } from '../flows/figures.ts';
import { hashBound } from '../flows/hash-bound.ts';
import { passwordHash } from '../flows/people.ts';
import { type Driver, startDriver } from '../flows/start-driver.ts';
import { versionsOf, withCleanUp, withSystem, writeResult } from '../harness.ts';
import { listOf, type Options } from '../options.ts';
import { asAdministrator, growTo, refuseWhatDoesNotFit, takePeople } from './grow.ts';

const defaultSizes = ['10000', '1000000', '10000000'];
const flows = ['trusted', 'text'] as const;
type FlowOfLogin = (typeof flows)[number];
const people: Record<FlowOfLogin, number> = { trusted: 100, text: 350 };
const warmUp = 50;
const counted = 300;
const restMs = 10_000;
/** Until what logins leave to be done is done: timeline, outbox, ledger. */
const settleMs = 3_000;
const hashMs = 3_000;
const firstNumber = 14_152_000_000;
/** Of the times, from the smallest size to the largest. Blocks grow with the depth of the indexes: one more for each, where they are a hundred times as large. */
const target = 1.3;
const timed = ['p50Ms', 'p95Ms'];

/** What the statements of all services took; blocks have 8 kB, and come from Postgres' own buffers or, `read`, from the system. */
const kinds = ['sqlMs', 'blocks', 'blocksRead', 'rows'] as const;
type Work = Record<(typeof kinds)[number], number>;
type Measured = { p50Ms: number; p95Ms: number; hashAloneMs: number; p50BeyondHashMs: number } & Work;
type Size = { logins: number; databaseMB: number } & Record<FlowOfLogin, Measured>;

/** Whether a login takes longer, or reads more, for there being a thousand times as many. One at a time, so that waiting for others is not measured. */
export async function benchGrowth(options: Options): Promise<void> {
  const sizes = listOf('sizes', options, defaultSizes).map(Number).sort((one, other) => one - other);
  if (!sizes.every((size) => size >= 1_000)) throw new Error('--sizes are numbers of logins from 1000 on, with commas between');
  const driver = await startDriver();
  await withCleanUp(async () => driver.stop(), () =>
    withSystem('growth', async (system) => {
      refuseWhatDoesNotFit(system, Math.max(...sizes));
      // Loads pg_stat_statements, for which Postgres is started again.
      await (await countStatements(system)).close();
      const measured = await asAdministrator(system, (client) => measureSizes(client, system, driver, sizes));
      report(measured);
      writeResult('growth', await versionsOf(system), { target, counted, sizes: measured, ratios: ratios(measured) });
    }, { AWS_ENDPOINT_URL_SNS: driver.snsUrl }),
  );
}

async function measureSizes(client: pg.Client, system: RunningSystem, driver: Driver, sizes: number[]): Promise<Size[]> {
  await client.query('CREATE EXTENSION pg_stat_statements');
  const stored = await passwordHash(system);
  const measured: Size[] = [];
  let number = firstNumber;
  for (const logins of sizes) {
    await growTo(client, system, logins);
    // All at once: nobody is in both groups.
    const taken = await takePeople(client, system, logins, people.trusted + people.text, number);
    number += taken.length;
    await driver.ask({ kind: 'introduce', side: 'latchkey', baseUrl: system.baseUrl, people: { trusted: taken.slice(people.text), text: taken.slice(0, people.text) }, password: demoPassword }, 'introduced');
    await wait(settleMs);
    const resting = await workWithin(client, () => wait(restMs));
    const { rows } = await client.query<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes');
    const measureOf = (flow: FlowOfLogin) => measureFlow(client, driver, stored, flow, resting);
    const size: Size = { logins, databaseMB: Math.round(Number(rows[0]?.bytes) / 1e6), trusted: await measureOf('trusted'), text: await measureOf('text') };
    console.log(`${logins.toLocaleString('en')} logins, ${size.databaseMB} MB: ${flows.map((flow) => `${flow} ${size[flow].p50Ms} ms, ${size[flow].blocks} blocks`).join('; ')}`);
    measured.push(size);
  }
  return measured;
}

async function measureFlow(client: pg.Client, driver: Driver, stored: string, flow: FlowOfLogin, resting: Work): Promise<Measured> {
  const run = async (times: number) => {
    const { outcome } = await driver.ask({ kind: 'run', side: 'latchkey', flow, load: { kind: 'counted', flows: times } }, 'outcome');
    if (outcome.completed < times) throw new Error(`${flow}: ${JSON.stringify(outcome.failures)}`);
    return outcome;
  };
  await run(warmUp);
  const { aloneMs } = await hashBound(demoPassword, stored, hashMs);
  let tookMs: number[] = [];
  const startedAt = performance.now();
  const work = await workWithin(client, async () => {
    ({ tookMs } = await run(counted));
    await wait(settleMs);
  });
  const share = (performance.now() - startedAt) / restMs;
  const each = Object.fromEntries(kinds.map((kind) => [kind, round(Math.max(0, work[kind] - resting[kind] * share) / counted, 2)])) as Work;
  const p50 = quantile(tookMs, 0.5);
  return { p50Ms: round(p50), p95Ms: round(quantile(tookMs, 0.95)), hashAloneMs: round(aloneMs), p50BeyondHashMs: round(p50 - aloneMs), ...each };
}

async function workWithin(client: pg.Client, work: () => Promise<unknown>): Promise<Work> {
  const read = async () => {
    const { rows } = await client.query<Work>(
      `SELECT sum(total_exec_time)::float AS "sqlMs", sum(shared_blks_hit + shared_blks_read)::float AS blocks, sum(shared_blks_read)::float AS "blocksRead", sum(rows)::float AS rows
       FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid WHERE rolname LIKE 'latchkey\\_%'`,
    );
    return rows[0] as Work;
  };
  const before = await read();
  await work();
  const after = await read();
  return Object.fromEntries(kinds.map((kind) => [kind, after[kind] - before[kind]])) as Work;
}

/** Of the largest size to the smallest. */
function ratios(sizes: Size[]): Record<FlowOfLogin, Partial<Measured>> {
  const [least, most] = [sizes[0], sizes.at(-1)];
  const of = (flow: FlowOfLogin) => Object.fromEntries((['p50Ms', 'p95Ms', 'sqlMs', 'blocks'] as const).map((kind) => [kind, round((most?.[flow][kind] ?? 0) / (least?.[flow][kind] ?? 0), 2)]));
  return { trusted: of('trusted'), text: of('text') };
}

function report(sizes: Size[]): void {
  for (const flow of flows) {
    console.log(`\n${flow}:`);
    console.table(Object.fromEntries(sizes.map((size) => [size.logins.toLocaleString('en'), { 'database MB': size.databaseMB, ...size[flow] }])));
  }
  for (const [flow, each] of Object.entries(ratios(sizes)))
    console.log(`${flow}: ${Object.entries(each).map(([kind, ratio]) => `${kind} × ${ratio}${timed.includes(kind) && ratio > target ? ' (missed)' : ''}`).join(', ')}`);
  console.log(`Target of the times: at most × ${target} from the smallest size to the largest.`);
}

const round = (value: number, digits = 1) => Number(value.toFixed(digits));
