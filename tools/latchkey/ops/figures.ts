import type { LatchkeyClient, Schemas } from '@latchkey/client';
import { printable } from '@latchkey/platform';
import { tableLines } from './table.ts';

type Figures = { answer: unknown; lines: string[] };

const time = (moment: string | null) => moment?.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
const perSecond = (rate: number | null) => (rate === null ? null : Number(rate.toFixed(1)));

export async function queues(client: LatchkeyClient): Promise<Figures> {
  const answer = await client.get('/v1/ops/queues');
  const rows = answer.queues.map((queue) => [queue.name, queue.ready, queue.unacked, queue.consumers, perSecond(queue.publishPerSecond), perSecond(queue.deliverPerSecond), queue.oldestSeconds]);
  return { answer, lines: tableLines(['queue', 'ready', 'unacked', 'consumers', 'in/s', 'out/s', 'oldest s'], rows) };
}

export async function workers(client: LatchkeyClient): Promise<Figures> {
  const { workers: answer } = await client.get('/v1/ops/queues');
  const rows = answer.map(({ worker, channels, inFlight, draining, startedAt, seenAt }) => [worker, channels.join(', '), inFlight, draining ? 'draining' : 'working', time(startedAt), time(seenAt)]);
  return { answer, lines: tableLines(['worker', 'channels', 'in hand', 'state', 'started', 'seen'], rows) };
}

export async function providers(client: LatchkeyClient): Promise<Figures> {
  const answer = await client.get('/v1/ops/providers');
  const circuits = answer.providers.flatMap(({ provider, on, workers: asking }) =>
    (asking.length > 0 ? asking : [undefined]).map((one) => [provider, on ? 'on' : 'off', one?.circuit, one?.worker, one?.channels.join(', '), time(one?.changedAt ?? null)]),
  );
  const channels = answer.channels.map(({ channel, paused }) => [channel, paused ? 'paused' : 'sending']);
  return { answer, lines: [...tableLines(['provider', 'state', 'circuit', 'worker', 'channels', 'changed'], circuits), '', ...tableLines(['channel', 'state'], channels)] };
}

export async function deadLetters(client: LatchkeyClient, queue: string): Promise<Figures> {
  const answer = await client.get('/v1/ops/dead-letters', { query: { queue } });
  const rows = answer.letters.map(({ id, event, reason, tries, diedAt, expiresAt, correlationId }) => [id, event, reason, tries, time(diedAt), time(expiresAt), correlationId]);
  const shown = answer.letters.length < answer.total ? [`${answer.letters.length} of ${answer.total}, the oldest.`] : [];
  return { answer, lines: [...tableLines(['id', 'event', 'reason', 'tries', 'died', 'expires', 'correlation'], rows), ...shown] };
}

type Filter = { state?: Schemas['OpsDeliveries']['deliveries'][number]['state']; provider?: string; channel?: 'sms' | 'email'; loginId?: string };

export async function deliveries(client: LatchkeyClient, filter: Filter, last: number): Promise<Figures> {
  const answer = await upTo(last, async (before) => {
    const page = await client.get('/v1/ops/deliveries', { query: { ...filter, ...(before && { before }) } });
    return { entries: page.deliveries, before: page.before };
  });
  const rows = answer.map((sent) => [time(sent.queuedAt), sent.purpose, sent.maskedDestination, sent.state, sent.provider, sent.asks, secondsBetween(sent.queuedAt, sent.askedAt), secondsBetween(sent.askedAt, sent.settledAt), sent.costMicros === null ? null : sent.costMicros / 1_000_000, sent.failure]);
  return { answer, lines: tableLines(['queued', 'purpose', 'to', 'state', 'provider', 'asks', 'waited s', 'settled s', 'cost', 'failure'], rows) };
}

export async function story(client: LatchkeyClient, of: { correlationId: string } | { loginId: string }, last: number): Promise<Figures> {
  const answer = await upTo(last, async (before) => {
    const page = await client.get('/v1/ops/activity', { query: { ...of, ...(before && { before }) } });
    return { entries: page.activities, before: page.before };
  });
  const lines = answer.map(({ at, kind, by, method, device, ip, reason, attemptId }) =>
    printable([time(at), kind, method && `${method.kind} ${method.hint}`, by.kind !== 'self' && `by ${by.name ?? by.kind}`, device?.name, ip, reason, attemptId && `attempt ${attemptId}`].filter(Boolean).join('  ')),
  );
  return { answer, lines: lines.length > 0 ? lines.reverse() : ['Nothing is recorded.'] };
}

export async function audit(client: LatchkeyClient, last: number): Promise<Figures> {
  const answer = await upTo(last, async (before) => {
    const page = await client.get('/v1/ops/audit', { query: before ? { before } : {} });
    return { entries: page.entries, before: page.before };
  });
  return { answer, lines: tableLines(['when', 'who', 'what', 'on'], answer.map(({ at, by, action, target }) => [time(at), by.loginName, action, Object.entries(target).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ')])) };
}

/** Page by page, newest first. */
async function upTo<Entry>(count: number, pageBefore: (before: string | null) => Promise<{ entries: Entry[]; before: string | null }>): Promise<Entry[]> {
  const found: Entry[] = [];
  let before: string | null = null;
  do {
    const page: { entries: Entry[]; before: string | null } = await pageBefore(before);
    found.push(...page.entries);
    before = page.before;
  } while (before !== null && found.length < count);
  return found.slice(0, count);
}

const secondsBetween = (from: string, to: string | null) => (to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000);
