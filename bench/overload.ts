import { setTimeout as wait } from 'node:timers/promises';
import { ApiClient, demoPassword } from '../e2e/api-client.ts';
import { addLogins, type LoadLogin } from '../e2e/many-logins.ts';
import { withSystem } from './harness.ts';

const users = 16;
const warmUpMs = 4_000;
const peakMs = 10_000;
const overloadMs = 20_000;

type Answer = { status: number; tookMs: number; retryAfter: number };

/** What is left of the peak when three times as many come as can be carried. */
export async function benchOverload(): Promise<void> {
  await withSystem('overload', async (system) => {
    const logins = await addLogins(system, 500);
    await closedLoop(system.baseUrl, logins, warmUpMs);
    const peak = goodput(await closedLoop(system.baseUrl, logins, peakMs), peakMs);
    const rate = peak.perSecond * 3;
    const answers = await openLoop(system.baseUrl, logins, rate, overloadMs);
    const over = goodput(answers, overloadMs);
    const refused = answers.filter(({ status }) => status === 503);
    console.table({
      [`peak: ${users} users`]: { 'offered/s': '', 'good/s': peak.perSecond.toFixed(1), 'p50 ms': peak.p50, 'p99 ms': peak.p99, 'refused %': 0 },
      'three times the peak': { 'offered/s': rate.toFixed(0), 'good/s': over.perSecond.toFixed(1), 'p50 ms': over.p50, 'p99 ms': over.p99, 'refused %': Math.round((refused.length / answers.length) * 100) },
    });
    console.log(`Goodput is ${((over.perSecond / peak.perSecond) * 100).toFixed(0)} % of the peak (target 90 %), p99 of what was accepted ${over.p99} ms (target 2000 ms).`);
    console.log(`Other answers than 200 and 503: ${answers.filter(({ status }) => status !== 200 && status !== 503).length}; 503 without Retry-After: ${refused.filter(({ retryAfter }) => !(retryAfter > 0)).length}; slowest 503 ${Math.round(Math.max(0, ...refused.map(({ tookMs }) => tookMs)))} ms.`);
  });
}

function goodput(answers: Answer[], ms: number): { perSecond: number; p50: number; p99: number } {
  const good = answers.filter(({ status }) => status === 200).map(({ tookMs }) => tookMs).sort((one, other) => one - other);
  const at = (share: number) => Math.round(good[Math.min(good.length - 1, Math.floor(good.length * share))] ?? 0);
  return { perSecond: good.length / (ms / 1000), p50: at(0.5), p99: at(0.99) };
}

async function closedLoop(baseUrl: string, logins: readonly LoadLogin[], ms: number): Promise<Answer[]> {
  const until = performance.now() + ms;
  const answers: Answer[] = [];
  await Promise.all(
    Array.from({ length: users }, async (_, user) => {
      for (let turn = user; performance.now() < until; turn += users) answers.push(await logIn(baseUrl, logins[turn % logins.length] as LoadLogin, performance.now()));
    }),
  );
  return answers;
}

/** Starts logins at their times, however late the answers are; the time of a login counts from when it was due. */
async function openLoop(baseUrl: string, logins: readonly LoadLogin[], perSecond: number, ms: number): Promise<Answer[]> {
  const startedAt = performance.now();
  const underWay: Promise<Answer>[] = [];
  for (let turn = 0; ; turn += 1) {
    const dueAt = startedAt + (turn / perSecond) * 1000;
    if (dueAt > startedAt + ms) break;
    if (dueAt > performance.now()) await wait(dueAt - performance.now());
    underWay.push(logIn(baseUrl, logins[turn % logins.length] as LoadLogin, dueAt));
  }
  return Promise.all(underWay);
}

async function logIn(baseUrl: string, { loginName }: LoadLogin, dueAt: number): Promise<Answer> {
  const answer = await new ApiClient(baseUrl)
    .post('/v1/login', { loginName, password: demoPassword })
    .catch(() => ({ status: 0, headers: new Headers() }));
  return { status: answer.status, tookMs: performance.now() - dueAt, retryAfter: Number(answer.headers.get('retry-after') ?? 0) };
}
