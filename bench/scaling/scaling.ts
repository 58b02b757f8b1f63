import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { StartedSystem } from '@latchkey/tools';
import { parseAllDocuments } from 'yaml';
import { Replica } from '../../e2e/faults/replica.ts';
import { Autoscaler, type ScaledObject } from '../../tools/deploy/autoscaler.ts';
import { at, withProvider } from '../delivery.ts';
import { managementApi, rootDirectory, versionsOf, withCleanUp, writeResult } from '../harness.ts';
import { TextPublisher } from '../text-publisher.ts';
import { PrometheusServer } from './prometheus-server.ts';
import { writeScalingPlot } from './scaling-plot.ts';

/** One look a second. */
export type Second = { second: number; ready: number; unacked: number; workers: number; sent: number; timeToCodeP95: number | null };

const burst = Number(process.env['LATCHKEY_BENCH_BURST'] ?? 50_000);
const calmPerSecond = 20;
const calmSeconds = 30;
const providerMs = 400;
/**
 * Where people log in are other machines than those of the workers: a burst must not wait for the processors that these take.
 * A process hands its precedence on to those that it starts.
 */
function precedence(pid: number, priority: number): void {
  try {
    setPriority(pid, priority);
  } catch {
    // Only root may; without it the burst shares the processors with the workers.
  }
}

/** A worker on a full machine takes its time to start. */
const startWithinMs = 120_000;
/** Time-to-code that people are promised; the aim of the ScaledObject's second trigger, too. */
const promisedSeconds = 5;

/**
 * A burst of texts into a system whose delivery workers are started and stopped by what deploy/kubernetes says to KEDA: its
 * numbers, its query in a real Prometheus, the queue's length from the management API. Ends when all is sent and only the
 * least number of workers is left.
 */
export async function benchScaling(): Promise<void> {
  const scaled = scaledObject('delivery-sms');
  await withProvider('scaling', providerMs, { LATCHKEY_DELIVERY_PREFETCH: scaled.triggers[0]?.metadata['value'] ?? '' }, async (system, provider) => {
    const workers = new Workers(system);
    const prometheus = await PrometheusServer.start(scaled.pollingInterval);
    await withCleanUp(
      async () => {
        await Promise.all([workers.stopAll(), prometheus.stop()]);
      },
      async () => {
        const clock = performance.now();
        const seconds = () => (performance.now() - clock) / 1000;
        const publishedAt: number[] = [];
        const timeline: Second[] = [];
        const autoscaler = new Autoscaler(scaled);
        let over = false;

        const scale = async () => {
          while (!over) {
            await prometheus.scrape(workers.targets());
            const { ready, unacked } = await queueOf(system);
            const values = scaled.triggers.map(({ type, metadata }) => (type === 'rabbitmq' ? ready + unacked : prometheus.query(metadata['query'] ?? '')));
            workers.scaleTo(autoscaler.decide(await Promise.all(values), workers.count, seconds()));
            await wait(scaled.pollingInterval * 1000);
          }
        };
        const look = async () => {
          let seen = 0;
          while (!over) {
            const now = provider.asked.length;
            const waits = provider.asked.slice(seen, now).map(({ text, at: askedAt }) => (askedAt - (publishedAt[sequenceOf(text)] ?? 0)) / 1000);
            const { ready, unacked } = await queueOf(system);
            timeline.push({ second: Math.round(seconds()), ready, unacked, workers: workers.count, sent: now - seen, timeToCodeP95: waits.length > 0 ? at(waits, 0.95) : null });
            seen = now;
            await wait(1_000);
          }
        };
        const published = async () => {
          await TextPublisher.with(system, async (texts) => {
            const publish = (count: number) =>
              texts.publish(count, () => {
                publishedAt.push(performance.now());
                return String(publishedAt.length - 1).padStart(6, '0');
              });
            const calm = async (whileSeconds: () => boolean) => {
              while (whileSeconds()) {
                await publish(calmPerSecond);
                await wait(1_000);
              }
            };
            const calmUntil = seconds() + calmSeconds;
            await calm(() => seconds() < calmUntil);
            console.log(`${Math.round(seconds())} s: the burst`);
            precedence(process.pid, constants.priority.PRIORITY_HIGH);
            await publish(burst);
            precedence(process.pid, constants.priority.PRIORITY_NORMAL);
            console.log(`${Math.round(seconds())} s: all of it is published`);
            // People go on logging in until the workers are back to the least number.
            await calm(() => provider.asked.length < publishedAt.length - 2 * calmPerSecond || workers.count > scaled.minReplicaCount);
          });
          while (provider.asked.length < publishedAt.length) await wait(200);
          over = true;
        };
        workers.scaleTo(scaled.minReplicaCount);
        await Promise.all([published(), scale(), look()]);

        const sequences = new Set(provider.asked.map(({ text }) => sequenceOf(text)));
        const most = timeline.reduce((worst, { timeToCodeP95 }) => Math.max(worst, timeToCodeP95 ?? 0), 0);
        const burstAt = timeline.find(({ ready }) => ready > calmPerSecond * 10)?.second ?? 0;
        const recoveredAt = (timeline.findLast(({ timeToCodeP95 }) => (timeToCodeP95 ?? 0) > promisedSeconds)?.second ?? 0) + 1;
        const row = {
          messages: publishedAt.length,
          lost: publishedAt.length - sequences.size,
          'sent twice': provider.asked.length - sequences.size,
          'most workers': Math.max(...timeline.map(({ workers: count }) => count)),
          'worst time-to-code p95 s': most,
          'recovered after s': recoveredAt - burstAt,
          'least workers again after s': (timeline.at(-1)?.second ?? 0) - burstAt,
        };
        console.table([row]);
        writeResult('scaling', await versionsOf(system), { burst, providerMs, ...row, timeline });
        writeScalingPlot(timeline, promisedSeconds);
      },
    );
  });
}

/** As the manifest has it. */
function scaledObject(name: string): ScaledObject {
  const documents = parseAllDocuments(readFileSync(join(rootDirectory, 'deploy/kubernetes/base/delivery-scaling.yaml'), 'utf8')).map((document) => document.toJS() as { kind: string; metadata: { name: string }; spec: ScaledObject });
  const found = documents.find(({ kind, metadata }) => kind === 'ScaledObject' && metadata.name === name);
  if (!found) throw new Error(`no ScaledObject ${name}`);
  return found.spec;
}

async function queueOf(system: StartedSystem): Promise<{ ready: number; unacked: number }> {
  const queue = (await (await managementApi(system)('GET', '/queues/latchkey/delivery.sms?disable_stats=false')).json()) as { messages_ready?: number; messages_unacknowledged?: number };
  return { ready: queue.messages_ready ?? 0, unacked: queue.messages_unacknowledged ?? 0 };
}

/** The number that each text bears as its code. */
const sequenceOf = (text: string) => Number(/#(\d{6})$/.exec(text)?.[1]);

/** The pods of a Deployment: the system's own worker, and others like it, which nobody waits for. */
class Workers {
  private readonly system: StartedSystem;
  private readonly more: Promise<Replica>[] = [];
  private readonly known: Replica[] = [];
  private wanted = 1;

  constructor(system: StartedSystem) {
    this.system = system;
  }

  get count(): number {
    return this.wanted;
  }

  targets(): string[] {
    return [this.system.services['delivery-sms'].internalUrl, ...this.known.map(({ internalUrl }) => internalUrl)].map((url) => new URL(url).host);
  }

  scaleTo(count: number): void {
    if (count !== this.wanted) console.log(`${count > this.wanted ? 'up' : 'down'} to ${count} workers`);
    this.wanted = count;
    while (this.more.length < count - 1) this.more.push(this.start());
    for (const leaving of this.more.splice(count - 1)) void this.stop(leaving);
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.more.splice(0).map((replica) => this.stop(replica)));
  }

  private async start(): Promise<Replica> {
    const replica = await Replica.of(this.system.services['delivery-sms'], {}, startWithinMs);
    if (replica.pid) precedence(replica.pid, constants.priority.PRIORITY_NORMAL);
    this.known.push(replica);
    return replica;
  }

  private async stop(starting: Promise<Replica>): Promise<void> {
    const replica = await starting;
    this.known.splice(this.known.indexOf(replica), 1);
    await replica.stop();
  }
}
