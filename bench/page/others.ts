import type { FlowsResult } from '../flows.ts';
import { type FlowName, withHash } from '../flows/plan.ts';
import type { Sample } from '../soak/soak.ts';
import { type Circumstances, circumstances, table } from './parts.ts';

export type VerifyCode = Circumstances & { seconds: number; 'offered/s': number; 'accepted/s': number; 'p50 ms': number; 'p99 ms': number; entered: number; accepted: number };
export type Messaging = Circumstances & { rows: { what: string; 'ours/s': number; 'amqplib/s': number; ratio: number; target: number }[] };
export type Hashing = Circumstances & {
  where: { atOnce: number; kind: 'pool' | 'workers'; perSecond: number; cpuMs: number; tickLateMs: number; poolMs: number }[];
  processes: { processes: string; perSecond: number; p50Ms: number }[];
};
type Size = { p50Ms: number; p95Ms: number; hashAloneMs: number; p50BeyondHashMs: number; sqlMs: number; blocks: number; rows: number };
export type Growth = Circumstances & { sizes: { logins: number; databaseMB: number; trusted: Size; text: Size }[] };
type Trend = { middle: number; perHour: number; orSo: number; verdict: string };
export type Soak = Circumstances & { minutes: number; logins: { offeredPerSecond: number; p50Ms: number; p99Ms: number; ended: number; deferred: number; failures: Record<string, number> }; rule: string; trends: Record<string, { rss: Trend; heap: Trend }>; samples: Sample[] };

const times = (value: number) => `${value.toFixed(2)} ×`;
const percent = (value: number) => `${Math.round(value * 100)} %`;

/** What was aimed at, and what came of it. */
export function targetsTable(flows: FlowsResult, verifyCode: VerifyCode, messaging: Messaging): string {
  const ratio = (name: FlowName, users: number) => rateOf(flows, name, 'latchkey', users) / rateOf(flows, name, 'peer', users);
  const bound = (name: FlowName) => rateOf(flows, name, 'latchkey', Math.max(...flows.settings.users)) / flows.hash.perSecond.median;
  const login = (name: FlowName, title: string, aims: [number, number][], least: number) => [
    ...aims.map(([users, aim]) => row(`${title}, ${users} users, of Better Auth's flows/s`, `≥ ${aim} ×`, times(ratio(name, users)), ratio(name, users) >= aim)),
    row(`${title}, of what the hash alone allows`, `≥ ${percent(least)}`, percent(bound(name)), bound(name) >= least),
  ];
  const open = (name: FlowName) => flows.flows[name]?.latchkey.open;
  const names = withHash.join(', ');
  const tail = withHash.map((name) => (open(name)?.p99.median ?? NaN) / (open(name)?.p50.median ?? NaN));
  const beyond = withHash.map((name) => open(name)?.p50BeyondHashMs ?? NaN);
  // Of the same flows: what two processors give for one password.
  const hashMs = 2_000 / flows.hash.perSecond.median;
  const texted = (name: FlowName, title: string) => {
    const besidesMs = (flows.flows[name]?.latchkey.processorMs['all servers'] ?? NaN) - hashMs;
    return [...login(name, title, [[16, 1.5], [64, 1.3]], 0.75), row(`${title}, processor time besides the hash`, '≤ 5 ms', `${besidesMs.toFixed(1)} ms`, besidesMs <= 5)];
  };
  return table(
    ['', 'aim', 'measured', ''],
    [
      ...texted('text', 'login by texted code'),
      ...texted('text-new', 'login by texted code from a new browser, with its notice'),
      ...login('app', 'login by authenticator app', [[16, 1.3], [64, 1.3]], 0.75),
      ...login('trusted', 'login on a trusted device', [[16, 1.3], [64, 1.3]], 0.82),
      ...(['session', 'forward-auth'] as const).map((name) => row(`${name === 'session' ? 'session read' : 'session check for a gateway'}, 64 users`, '≥ 3.5 ×', times(ratio(name, 64)), ratio(name, 64) >= 3.5)),
      ...(['session', 'forward-auth'] as const).map((name) => row(`${name === 'session' ? 'session reads' : 'session checks for a gateway'}, 64 users`, '≥ 5,000/s', `${Math.round(rateOf(flows, name, 'latchkey', 64))}/s`, rateOf(flows, name, 'latchkey', 64) >= 5_000)),
      row(`p99 of p50 at half of the peak: ${names}`, '≤ 3 ×', tail.map(times).join(', '), tail.every((value) => value <= 3)),
      row(`p50 beyond the hash alone at half of the peak: ${names}`, '≤ 8 ms', `${beyond.join(', ')} ms`, beyond.every((value) => value <= 8)),
      row(`code alone at ${verifyCode['offered/s']}/s, p99`, '≤ 15 ms', `${verifyCode['p99 ms']} ms`, verifyCode['p99 ms'] <= 15),
      ...messaging.rows.map(({ what, ratio: of, target }) => row(`${what}, of amqplib alone`, `≥ ${percent(target)}`, percent(of), of >= target)),
    ],
  );
}

const rateOf = (flows: FlowsResult, name: FlowName, side: 'latchkey' | 'peer', users: number) => flows.flows[name]?.[side].closed[String(users)]?.perSecond.median ?? NaN;
const row = (what: string, aim: string, measured: string, reached: boolean) => [what, aim, measured, reached ? 'reached' : 'missed'];

export function hashingTables(result: Hashing): string {
  const kinds = { pool: "libuv's pool", workers: 'worker threads' };
  return [
    circumstances(result),
    '',
    table(
      ['at once', 'where', 'passwords/s', 'processor time each, ms', 'event loop late, p99 ms', 'a file looked at meanwhile, p99 ms'],
      result.where.map(({ atOnce, kind, perSecond, cpuMs, tickLateMs, poolMs }) => [`${atOnce}`, kinds[kind], ...[perSecond, cpuMs, tickLateMs, poolMs].map(String)]),
    ),
    '',
    table(['processes of auth', 'logins on a trusted device, a second, 16 users', 'p50 ms'], result.processes.map(({ processes, perSecond, p50Ms }) => [processes, `${perSecond}`, `${p50Ms}`])),
  ].join('\n');
}

export function growthTable(result: Growth): string {
  const titles = { trusted: 'login on a trusted device', text: 'login by texted code' };
  const rows = (['trusted', 'text'] as const).flatMap((name) =>
    result.sizes.map(({ logins, databaseMB, [name]: { p50Ms, hashAloneMs, sqlMs, blocks, rows: read } }) => [titles[name], logins.toLocaleString('en'), `${databaseMB}`, ...[p50Ms, hashAloneMs, sqlMs, blocks, read].map(String)]),
  );
  return [circumstances(result), '', table(['', 'logins and devices', 'database, MB', 'p50 ms', 'the hash alone, ms', 'in statements, ms', 'blocks touched', 'rows'], rows)].join('\n');
}

export function soakTable({ minutes, logins, rule, trends, samples, ...where }: Soak): string {
  const halfway = minutes * 30;
  const halves = [samples.filter(({ second }) => second <= halfway), samples.filter(({ second }) => second > halfway)];
  const mostOf = (name: string) => halves.map((half) => Math.max(...half.map(({ services }) => services[name]?.rssMB ?? 0))).join(', ');
  const rate = ({ perHour, orSo }: Trend) => `${perHour} ± ${orSo}`;
  return [
    circumstances(where),
    `${logins.offeredPerSecond} logins a second for ${minutes} minutes, ${logins.ended} in all; p50 ${logins.p50Ms} ms, p99 ${logins.p99Ms} ms; ${logins.deferred} times asked to come back later, ${Object.values(logins.failures).reduce((sum, count) => sum + count, 0)} failed.`,
    '',
    table(
      ['', 'resident, MB', 'an hour, MB', '', 'most in the first half, in the second', 'used heap, MB', 'an hour, MB', ''],
      Object.entries(trends).map(([name, { rss, heap }]) => [name, `${rss.middle}`, rate(rss), rss.verdict, mostOf(name), `${heap.middle}`, rate(heap), heap.verdict]),
    ),
    '',
    rule,
  ].join('\n');
}
