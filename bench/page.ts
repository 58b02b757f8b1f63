import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowsResult, SideResult } from './flows.ts';
import { type FlowName, flowNames, flowTitles, type Side, sides, sideTitles, withHash } from './flows/plan.ts';
import { rootDirectory } from './harness.ts';
import { type Growth, growthTable, type Hashing, hashingTables, type Messaging, type Soak, soakTable, targetsTable, type VerifyCode } from './page/others.ts';
import { type Circumstances, circumstances, table, withSpread } from './page/parts.ts';

const page = join(rootDirectory, 'docs/performance.md');

/** Makes the tables of docs/performance.md anew from bench/results; the words around them stay. */
export function writePage(): void {
  let document = readFileSync(page, 'utf8');
  for (const [part, content] of Object.entries(generatedParts())) document = withPart(document, part, content);
  writeFileSync(page, document);
  console.log('docs/performance.md is as bench/results.');
}

function generatedParts(): Record<string, string> {
  const flows = readResult<Circumstances & FlowsResult>('flows');
  const verifyCode = readResult<VerifyCode>('verify-code');
  const messaging = readResult<Messaging>('messaging');
  const hashing = readResult<Hashing>('hashing');
  const growth = readResult<Growth>('growth');
  const soak = readResult<Soak>('soak');
  return {
    'flows: where': flows ? circumstances(flows) : notMeasured,
    'flows: rates': flows ? rates(flows) : notMeasured,
    'flows: times': flows ? times(flows) : notMeasured,
    'flows: processor': flows ? processor(flows) : notMeasured,
    'flows: counts': flows ? counts(flows) : notMeasured,
    targets: flows && verifyCode && messaging ? targetsTable(flows, verifyCode, messaging) : notMeasured,
    hashing: hashing ? hashingTables(hashing) : notMeasured,
    growth: growth ? growthTable(growth) : notMeasured,
    soak: soak ? soakTable(soak) : notMeasured,
    'verify-code': verifyCode ? verifyCodeTable(verifyCode) : notMeasured,
  };
}
const notMeasured = 'Not measured yet.';

function readResult<T>(name: string): T | undefined {
  const file = join(rootDirectory, 'bench/results', `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

type Flows = Circumstances & FlowsResult;
const eachSide = <T>({ flows }: Flows, row: (flow: FlowName, side: Side, result: SideResult) => T): T[] =>
  flowNames.flatMap((flow) => sides.flatMap((side) => (flows[flow] ? [row(flow, side, flows[flow][side])] : [])));

function rates(result: Flows): string {
  const { users, rounds, seconds } = result.settings;
  const rows = eachSide(result, (flow, side, { closed }) => [
    flowTitles[flow],
    sideTitles[side],
    ...users.flatMap((count) => {
      const at = closed[String(count)];
      return at ? [withSpread(at.perSecond), `${at.p50.median} / ${at.p99.median}`] : ['', ''];
    }),
    problems(Object.values(closed)),
  ]);
  const { perSecond, aloneMs } = result.hash;
  return [
    `Median of ${rounds} rounds of ${seconds} s each (least–most). Passwords judged and nothing else: ${withSpread(perSecond)} a second on two processors, ${withSpread(aloneMs)} ms one at a time.`,
    '',
    table(['', '', ...users.flatMap((count) => [`${count} users: flows/s`, 'p50 / p99 ms']), 'asked to come back later; failed'], rows),
  ].join('\n');
}

const problems = (all: { ended: number; deferred: number; failures: Record<string, number> }[]) => {
  const sum = (of: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + of(one), 0);
  return `${sum(({ deferred }) => deferred)}; ${sum(({ failures }) => Object.values(failures).reduce((total, count) => total + count, 0))} (of ${sum(({ ended }) => ended)})`;
};

function times(result: Flows): string {
  const rows = eachSide(result, (flow, side, { open }) => [
    flowTitles[flow],
    sideTitles[side],
    `${open.offeredPerSecond}`,
    withSpread(open.p50),
    withSpread(open.p99),
    withHash.includes(flow) ? `${open.p50BeyondHashMs}` : '–',
    problems([open]),
  ]);
  return table(['', '', 'starts/s', 'p50 ms', 'p99 ms', 'p50 less the hash alone', 'asked to come back later; failed'], rows);
}

function processor(result: Flows): string {
  const names = [...new Set(eachSide(result, (_flow, _side, { processorMs }) => Object.keys(processorMs)).flat())].filter((name) => name !== 'all servers' && name !== 'driver');
  const heads = [...names, 'all servers', 'driver'];
  const rows = eachSide(result, (flow, side, { processorMs }) => [flowTitles[flow], sideTitles[side], ...heads.map((name) => `${processorMs[name] ?? '–'}`)]);
  const resting = Object.entries(result.restingProcessorMsPerSecond).map(([name, ms]) => `${name} ${ms}`).join(', ');
  return [table(['', '', ...heads], rows), '', `At rest, in milliseconds of processor time a second (already taken off above): ${resting}.`].join('\n');
}

function counts(result: Flows): string {
  const rows = eachSide(result, (flow, side, { counts: each }) => [flowTitles[flow], sideTitles[side], `${each.request} + ${each.reply}`, `${each.event}`, `${each.redis} (${each.redisInScripts})`, `${each.sql} (${each.sqlTransactionControl})`]);
  return table(['', '', 'requests + replies', 'events', 'Redis commands (and within scripts)', 'SQL statements (and BEGIN, COMMIT)'], rows);
}

function verifyCodeTable(result: VerifyCode): string {
  const row = [result['offered/s'], result['accepted/s'], result['p50 ms'], result['p99 ms'], `${result.accepted} of ${result.entered}`];
  return [circumstances(result), '', table(['codes/s offered', 'codes/s accepted', 'p50 ms', 'p99 ms', 'accepted'], [row.map(String)])].join('\n');
}

function withPart(document: string, part: string, content: string): string {
  const [begin, end] = [`<!-- ${part}: made by npm run bench -- page -->\n`, `\n<!-- end of ${part} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for ${part}: ${begin.trim()} … ${end.trim()}`);
  return `${document.slice(0, from + begin.length)}${content}${document.slice(to)}`;
}
