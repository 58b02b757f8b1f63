import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { oneNodeRequestQueue } from '../../libs/messaging/src/topology.ts';
import { quantile } from '../flows/figures.ts';
import { versionsOf, withCleanUp, withSystem, writeResult } from '../harness.ts';
import { event, eventPayload, ourParty, rawParty, request, requestPayload, service } from './parties.ts';

const rounds = 5;
const secondsEach = 4;
const atOnce = 64;
/** Published before they are consumed, each round. */
const events = 10_000;

type Kind = 'ours' | 'raw';
type Work = { requests: number; publishes: number; consumes: number };
const targets: Record<keyof Work, number> = { requests: 0.9, publishes: 0.8, consumes: 0.8 };

/** Our requests, publishes and consumers beside amqplib alone: the same broker, queues and messages, in turn. */
export async function benchMessaging(): Promise<void> {
  await withSystem('messaging', async (system) => {
    const url = system.stack.rabbitmq.url;
    // Ours answers from here on: the queue is for its stand-in alone.
    await system.services['code-issuance'].stop();
    const measured: Record<Kind, Work[]> = { ours: [], raw: [] };
    for (let round = 0; round <= rounds; round += 1) {
      // Who comes first changes from round to round.
      for (const kind of round % 2 === 0 ? (['ours', 'raw'] as const) : (['raw', 'ours'] as const)) {
        const work = await measure(kind, url);
        // The first is to warm the broker up.
        if (round > 0) measured[kind].push(work);
        console.log(`round ${round} ${kind}: ${JSON.stringify(work)}`);
      }
    }
    const rows = (Object.keys(targets) as (keyof Work)[]).map((what) => {
      const [ours, raw] = (['ours', 'raw'] as const).map((kind) => quantile(measured[kind].map((work) => work[what]), 0.5)) as [number, number];
      return { what, 'ours/s': Math.round(ours), 'amqplib/s': Math.round(raw), ratio: Number((ours / raw).toFixed(2)), target: targets[what] };
    });
    console.table(rows);
    writeResult('messaging', await versionsOf(system), { request, event, atOnce, rounds, secondsEach, rows, measured });
  });
}

async function measure(kind: Kind, url: string): Promise<Work> {
  const party = kind === 'ours' ? await asOurs(url) : await rawParty(url, oneNodeRequestQueue(service).name);
  let answering = await startAnswering(kind, url);
  return withCleanUp(
    async () => {
      answering.kill();
      await party.close();
    },
    async () => {
      await perSecond(party.ask, 500);
      const requests = await perSecond(party.ask, secondsEach * 1_000);
      // Nobody consumes meanwhile.
      answering.kill();
      await once(answering, 'exit');
      const startedAt = performance.now();
      await atMostAtOnce(events, party.publish);
      const publishes = events / ((performance.now() - startedAt) / 1_000);
      answering = await startAnswering(kind, url);
      const consumes = await consumedPerSecond(answering);
      return { requests: Math.round(requests), publishes: Math.round(publishes), consumes: Math.round(consumes) };
    },
  );
}

async function asOurs(url: string) {
  const { requester, publisher, close } = await ourParty(url);
  return { ask: () => requester.request(request, requestPayload), publish: () => publisher.publish(event, eventPayload), close };
}

async function startAnswering(kind: Kind, url: string): Promise<ChildProcess> {
  const answering = fork(join(import.meta.dirname, 'answering.ts'), [kind, url]);
  await once(answering, 'message');
  return answering;
}

async function perSecond(ask: () => Promise<unknown>, ms: number): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  const loop = async () => {
    while (performance.now() < startedAt + ms) {
      await ask();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, loop));
  return done / ((performance.now() - startedAt) / 1_000);
}

async function atMostAtOnce(count: number, work: () => Promise<unknown>): Promise<void> {
  let left = count;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (left-- > 0) await work();
  }));
}

/** From the first event that is seen to be consumed to the last. */
async function consumedPerSecond(answering: ChildProcess): Promise<number> {
  let first: { at: number; consumed: number } | undefined;
  for (;;) {
    answering.send({});
    const [{ consumed }] = (await once(answering, 'message')) as [{ consumed: number }];
    if (consumed > 0) first ??= { at: performance.now(), consumed };
    if (first && consumed === events) return (consumed - first.consumed) / ((performance.now() - first.at) / 1_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
