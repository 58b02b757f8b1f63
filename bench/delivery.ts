import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type StartedSystem, startSystem } from '@latchkey/tools';
import { ApiClient, demoPassword } from '../e2e/api-client.ts';
import { Replica } from '../e2e/faults/replica.ts';
import { addLogins } from '../e2e/many-logins.ts';
import { versionsOf, withCleanUp, writeResult } from './harness.ts';
import { processorSeconds } from './processes.ts';
import { type StandInSns, standInSns } from './stand-in-sns.ts';
import { TextPublisher } from './text-publisher.ts';

/** Messages that a worker asks for at once: few enough that two cores are not full with four workers. */
const prefetch = 10;
const providerMs = 100;

/** Messages a second with one, two and four workers, processor time for each, against a provider that takes 100 ms. */
export async function benchDeliveryWorkers(): Promise<void> {
  await withProvider('delivery-workers', providerMs, { LATCHKEY_DELIVERY_PREFETCH: String(prefetch) }, async (system, provider) => {
    const first = system.services['delivery-sms'];
    const others: Replica[] = [];
    const rows = [];
    for (const workers of [1, 2, 4]) {
      while (others.length < workers - 1) others.push(await Replica.of(first));
      const pids = [first.pid, ...others.map(({ pid }) => pid)].filter((pid) => pid !== undefined);
      const count = workers * 1_500;
      await drain(system, provider, 200);
      const before = pids.map(processorSeconds);
      const seconds = await drain(system, provider, count);
      const used = pids.map(processorSeconds).reduce((sum, now, index) => sum + now - (before[index] ?? 0), 0);
      rows.push({ workers, messages: count, 'messages/s': Number((count / seconds).toFixed(1)), 'CPU ms/message': Number(((used * 1000) / count).toFixed(2)) });
    }
    await Promise.all(others.map((replica) => replica.stop()));
    const alone = rows[0]?.['messages/s'] ?? 0;
    const table = rows.map((row) => ({ ...row, 'times one worker': Number((row['messages/s'] / alone).toFixed(2)) }));
    console.table(table);
    console.log(`A worker asks for ${prefetch} messages at once and the provider takes ${providerMs} ms: at most ${(prefetch * 1000) / providerMs}/s each.`);
    writeResult('delivery-workers', await versionsOf(system), { prefetch, providerMs, rows: table });
  });
}

/** Memory of a worker while a long queue drains. */
export async function benchDeliveryBacklog(): Promise<void> {
  const backlog = Number(process.env['LATCHKEY_BENCH_BACKLOG'] ?? 200_000);
  await withProvider('delivery-backlog', 5, { LATCHKEY_DELIVERY_PREFETCH: '50' }, async (system, provider) => {
    const worker = system.services['delivery-sms'];
    await drain(system, provider, 2_000);
    await worker.stop();
    const target = provider.asked.length + backlog;
    await TextPublisher.with(system, (texts) => texts.publish(backlog));
    await worker.start();
    const startedAt = performance.now();
    const megabytes: number[] = [];
    while (provider.asked.length < target) {
      await wait(1_000);
      if (worker.pid !== undefined) megabytes.push(residentMegabytes(worker.pid));
    }
    const seconds = (performance.now() - startedAt) / 1000;
    // What it takes to warm up (code compiled, sockets opened) is no growth.
    const warm = megabytes.slice(Math.floor(megabytes.length * 0.1)).sort((one, other) => one - other);
    const median = warm[Math.floor(warm.length / 2)] ?? 0;
    const row = { messages: backlog, 'messages/s': Math.round(backlog / seconds), 'median MB': median, 'least MB': warm[0], 'most MB': warm.at(-1) };
    console.table([row]);
    writeResult('delivery-backlog', await versionsOf(system), { ...row, megabytesBySecond: megabytes });
  });
}

/** From the answer to the person until the provider is asked, at fifty codes a second; step-up asks for no password. */
export async function benchCodeLatency(): Promise<void> {
  const perSecond = 50;
  const seconds = 20;
  await withProvider('code-latency', 5, {}, async (system, provider) => {
    const logins = await addLogins(system, 50);
    const clients = [];
    for (const { loginName, phoneNumber } of logins) clients.push({ phoneNumber, client: await signedIn(system, provider, loginName, phoneNumber) });
    for (const { client } of clients) await client.post('/v1/session/step-up');
    await wait(2_000);

    const answered: { to: string; at: number; tookMs: number }[] = [];
    const startedAt = performance.now();
    const underWay: Promise<void>[] = [];
    for (let turn = 0; turn < perSecond * seconds; turn += 1) {
      const dueAt = startedAt + (turn / perSecond) * 1000;
      if (dueAt > performance.now()) await wait(dueAt - performance.now());
      const { client, phoneNumber } = clients[turn % clients.length] as (typeof clients)[number];
      underWay.push(
        client.post('/v1/session/step-up').then(({ status }) => {
          if (status !== 200) throw new Error(`step-up answers ${status}`);
          answered.push({ to: phoneNumber, at: performance.now(), tookMs: performance.now() - dueAt });
        }),
      );
    }
    await Promise.all(underWay);
    await wait(2_000);
    const lags = answered.map(({ to, at }, index) => {
      const nth = answered.slice(0, index).filter((earlier) => earlier.to === to).length;
      const asked = provider.asked.filter((request) => request.to === to && request.at > startedAt)[nth];
      if (!asked) throw new Error(`no text for ${to}`);
      return Math.max(0, asked.at - at);
    });
    const row = { 'codes/s': perSecond, 'answer p50 ms': at(answered.map(({ tookMs }) => tookMs), 0.5), 'answer p99 ms': at(answered.map(({ tookMs }) => tookMs), 0.99), 'until asked p50 ms': at(lags, 0.5), 'until asked p99 ms': at(lags, 0.99) };
    console.table([row]);
    writeResult('code-latency', await versionsOf(system), row);
  });
}

async function signedIn(system: StartedSystem, provider: StandInSns, loginName: string, phoneNumber: string): Promise<ApiClient> {
  const client = new ApiClient(system.baseUrl);
  const login = await client.post('/v1/login', { loginName, password: demoPassword });
  for (let tries = 0; tries < 200; tries += 1) {
    const code = /#(\d{6})$/.exec(provider.asked.findLast(({ to }) => to === phoneNumber)?.text ?? '')?.[1];
    if (code) {
      const verified = await client.post('/v1/login/verify-code', { attempt: login.body.attempt, methodId: login.body.methods[0].id, code });
      if (verified.status === 200) return client;
      throw new Error(`code refused: ${JSON.stringify(verified.body)}`);
    }
    await wait(25);
  }
  throw new Error(`no code came for ${loginName}`);
}

export async function withProvider(name: string, answerAfterMs: number, env: Record<string, string>, work: (system: StartedSystem, provider: StandInSns) => Promise<void>): Promise<void> {
  const provider = await standInSns(answerAfterMs);
  await withCleanUp(
    async () => provider.close(),
    async () => {
      const system = await startSystem({ instance: `bench-${name}`, ports: 'free', quiet: true, throwAway: true, env: { ...env, AWS_ENDPOINT_URL_SNS: provider.url } });
      await withCleanUp(() => system.stop(), () => work(system, provider));
    },
  );
}

/** Queues so many texts and gives the seconds until the provider was asked for the last of them. */
async function drain(system: StartedSystem, provider: StandInSns, count: number): Promise<number> {
  const target = provider.asked.length + count;
  const startedAt = performance.now();
  await TextPublisher.with(system, (texts) => texts.publish(count));
  while (provider.asked.length < target) await wait(5);
  await wait(200);
  return (performance.now() - startedAt - 200) / 1000;
}

function residentMegabytes(pid: number): number {
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}

export function at(values: number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1));
}
