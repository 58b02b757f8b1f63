import { setTimeout as wait } from 'node:timers/promises';
import { eventually, readInbox } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoPassword } from '../api-client.ts';
import { newClient, ownerPhone, signInOwner, system } from '../demo.ts';
import { addLogins, type LoadLogin } from '../many-logins.ts';
import { running } from './faults.ts';
import { SteadyLoad, textsOf } from './steady-load.ts';

/** `npm run faults` has each part away for as long as the documentation says, `npm test` for a shorter time. */
const outageMs = Number(process.env['LATCHKEY_FAULT_OUTAGE_MS'] ?? 6_000);
const perSecond = 4;

let logins: LoadLogin[];
/** Who needs which part, and what its readiness calls it. */
const needs = {
  rabbitmq: { check: 'broker', by: ['gateway', 'auth', 'code-issuance', 'device-trust', 'delivery-sms', 'delivery-email'] },
  redis: { check: 'redis', by: ['auth', 'code-issuance'] },
  postgres: { check: 'database', by: ['auth', 'code-issuance', 'device-trust', 'delivery-sms', 'delivery-email'] },
} as const;
const table: Record<string, object> = {};
beforeAll(async () => {
  logins = await addLogins(running(), 4_000, 10_000);
});
afterAll(() => console.table(table));

it.each(['rabbitmq', 'redis', 'postgres'] as const)(
  '%s away under a steady load: 503 within 5 s or success, all resumes by itself within 5 s, each promised text comes once',
  { timeout: outageMs + 120_000 },
  async (part) => {
    const { stack, services } = running();
    const pids = Object.values(services).map(({ pid }) => pid);
    const load = new SteadyLoad(logins.splice(0, 600), () => [system().baseUrl]);
    load.start(perSecond);
    await wait(2_000);
    await stack[part].kill9();
    await wait(outageMs);
    const health = await Promise.all(Object.entries(services).filter(([name]) => name !== 'inbox').map(async ([name, { internalUrl }]) => [name, await healthAt(internalUrl)] as const));
    await stack[part].start();
    const backAt = performance.now();
    await eventually(async () => load.results.some(({ status, startedAt }) => status === 200 && startedAt > backAt), { timeoutMs: 30_000, what: 'a login after the return' });
    await wait(5_000);
    await load.stop();

    const firstGood = Math.min(...load.results.filter(({ status, startedAt }) => status === 200 && startedAt > backAt).map(({ startedAt, tookMs }) => startedAt + tookMs));
    const recoveredMs = Math.round(firstGood - backAt);
    const texts = await textsOf(system().inboxUrl, load.promised.map(({ login }) => login), 30_000);
    const refused = load.results.filter(({ status }) => status === 503);
    table[`${part} away ${outageMs / 1000} s`] = {
      logins: load.results.length,
      refused: refused.length,
      'slowest answer ms': Math.round(Math.max(...load.results.map(({ tookMs }) => tookMs))),
      lost: texts.filter((count) => count === 0).length,
      second: texts.filter((count) => count > 1).length,
      'recovered after ms': recoveredMs,
    };
    expect(load.results.map(({ status }) => status).filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ retryAfter }) => retryAfter > 0)).toBe(true);
    expect(Math.max(...load.results.map(({ tookMs }) => tookMs))).toBeLessThan(5_500);
    expect(texts).toEqual(load.promised.map(() => 1));
    expect(recoveredMs).toBeLessThan(5_000);
    // Alive all the while, and not ready who needs what was away.
    const { check, by } = needs[part];
    const told = Object.fromEntries(health);
    expect(Object.values(told).map(({ live }) => live)).toEqual(health.map(() => 200));
    expect(health.filter(([, { ready }]) => ready === 503).map(([name]) => name).sort()).toEqual([...by].sort());
    for (const name of by) expect(told[name]?.checks[check], name).toBe(false);
    await Promise.all(Object.values(services).map((service) => service.untilReady(5_000)));
    // By itself: nobody restarted anything.
    expect(Object.values(services).map(({ pid }) => pid)).toEqual(pids);
  },
);

async function healthAt(internalUrl: string): Promise<{ live: number; ready: number; checks: Record<string, boolean> }> {
  const [live, ready] = await Promise.all(['live', 'ready'].map((name) => fetch(`${internalUrl}/health/${name}`, { signal: AbortSignal.timeout(3_000) })));
  return { live: live!.status, ready: ready!.status, checks: ((await ready!.json()) as { checks: Record<string, boolean> }).checks };
}

it('with the delivery worker away no text is lost: it goes out once when the worker is back', async () => {
  const worker = running().services['delivery-sms'];
  await worker.stop('SIGKILL');
  const chosen = logins.splice(0, 5);
  const answers = await Promise.all(chosen.map(({ loginName }) => newClient().post('/v1/login', { loginName, password: demoPassword })));
  expect(answers.every(({ body }) => body.status === 'code_required' && body.sent.state === 'queued')).toBe(true);
  await worker.start();
  expect(await textsOf(system().inboxUrl, chosen, 20_000)).toEqual([1, 1, 1, 1, 1]);
});

it('services that start before broker, cache and database are there become ready when these come', { timeout: 90_000 }, async () => {
  const { services, stack } = running();
  const started = ['gateway', 'auth', 'code-issuance', 'device-trust', 'delivery-sms'] as const;
  for (const name of started) await services[name].stop();
  for (const part of ['rabbitmq', 'redis', 'postgres'] as const) await stack[part].kill9();
  const becomingReady = Promise.all(started.map((name) => services[name].start()));
  await wait(3_000);
  expect(await Promise.all(started.map((name) => services[name].isReady()))).toEqual(started.map(() => false));
  await Promise.all((['rabbitmq', 'redis', 'postgres'] as const).map((part) => stack[part].start()));
  await becomingReady;
  const before = (await readInbox(system().inboxUrl, ownerPhone)).length;
  await signInOwner(newClient());
  expect((await readInbox(system().inboxUrl, ownerPhone)).length).toBe(before + 1);
});
