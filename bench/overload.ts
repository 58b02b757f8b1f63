import { demoPassword } from '../e2e/api-client.ts';
import { addLogins } from '../e2e/many-logins.ts';
import { versionsOf, withSystem, writeResult } from './harness.ts';
import { drive, goodput } from './load/drive.ts';
import type { Plan } from './load/plan.ts';

const users = 16;
const warmUpMs = 4_000;
const peakMs = 10_000;
const overloadMs = 20_000;
const rounds = 3;

type Round = { peak: ReturnType<typeof goodput>; over: ReturnType<typeof goodput>; offered: number; refused: number; others: number; withoutRetryAfter: number; slowest503: number };

/** What is left of the peak when three times as many come as can be carried; rounds alternate, the median counts. */
export async function benchOverload(): Promise<void> {
  await withSystem('overload', async (system) => {
    const logins = await addLogins(system, 500);
    const requests = logins.map(({ loginName }) => ({ method: 'POST', path: '/v1/login', body: { loginName, password: demoPassword } }));
    const plan = (load: Plan['load'], ms: number): Plan => ({ baseUrl: system.baseUrl, requests, load, ms });
    await drive(plan({ kind: 'closed', users }, warmUpMs));
    const all: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const peak = goodput(await drive(plan({ kind: 'closed', users }, peakMs)), peakMs);
      const offered = peak.perSecond * 3;
      const answers = await drive(plan({ kind: 'open', perSecond: offered }, overloadMs));
      const refused = answers.filter(({ status }) => status === 503);
      all.push({
        peak,
        over: goodput(answers, overloadMs),
        offered,
        refused: refused.length / answers.length,
        others: answers.filter(({ status }) => status !== 200 && status !== 503).length,
        withoutRetryAfter: refused.filter(({ retryAfter }) => !(retryAfter > 0)).length,
        slowest503: Math.round(Math.max(0, ...refused.map(({ tookMs }) => tookMs))),
      });
    }
    const table = all.map(({ peak, over, offered, refused, others, withoutRetryAfter, slowest503 }) => ({
      'peak/s': round1(peak.perSecond),
      'peak p50 ms': peak.p50,
      'offered/s': round1(offered),
      'good/s': round1(over.perSecond),
      '% of peak': Math.round((over.perSecond / peak.perSecond) * 100),
      'p99 ms': over.p99,
      'refused %': Math.round(refused * 100),
      'slowest 503 ms': slowest503,
      'other answers': others,
      '503 without Retry-After': withoutRetryAfter,
    }));
    console.table(table);
    console.log(`Targets: 90 % of the peak with ${users} users, p99 of what is accepted below 2000 ms. Driver and servers share the machine.`);
    writeResult('overload', await versionsOf(system), { users, rounds: table });
  });
}

const round1 = (value: number) => Number(value.toFixed(1));
