import { setTimeout as wait } from 'node:timers/promises';
import { type BrokerCluster, provideRabbitmq4, rabbitmq4Hindrance, startCluster } from '@latchkey/tools';
import amqp, { type ConfirmChannel } from 'amqplib';
import { withCleanUp, writeResult } from './harness.ts';
import { processorSeconds } from './processes.ts';

/** The queues that requests could go through; the transient one is what RabbitMQ 4.3 refuses. */
const kinds = {
  transient: { durable: false, arguments: {} },
  'durable classic': { durable: true, arguments: {} },
  quorum: { durable: true, arguments: { 'x-queue-type': 'quorum' } },
};
type Kind = keyof typeof kinds;

const steadyPerSecond = 200;
const secondsEach = 8;
/** About what a sealed login request has. */
const body = Buffer.alloc(900, 'x');

type Row = { broker: string; nodes: number; queue: Kind; p50Ms: number; p99Ms: number; brokerCpuMs: number; perSecondAt32: number; brokerCpuMsAt32: number };

/** What one request and its answer by direct reply-to cost through each kind of queue, on one node and on three. */
export async function benchRequestQueues(): Promise<void> {
  const rows: Row[] = [];
  const versions: Record<string, string> = {};
  const releases = [undefined, ...(rabbitmq4Hindrance() ? [] : [await provideRabbitmq4(console.log)])];
  for (const release of releases) {
    for (const size of [1, 3]) {
      const cluster = await startCluster({ size, ...(release ? { release } : {}) });
      await withCleanUp(cluster.stop, async () => {
        const broker = (await cluster.rabbitmqctl('version')).trim();
        versions[`RabbitMQ ${cluster.release}`] = broker;
        for (const queue of Object.keys(kinds) as Kind[]) {
          if (cluster.release === '4' && queue === 'transient') continue;
          rows.push({ broker, nodes: size, queue, ...(await measure(cluster, queue)) });
        }
      });
    }
  }
  console.table(rows);
  writeResult('request-queues', versions, { steadyPerSecond, secondsEach, bodyBytes: body.length, rows });
}

async function measure(cluster: BrokerCluster, kind: Kind): Promise<Omit<Row, 'broker' | 'nodes' | 'queue'>> {
  const [askerUrl = '', workerUrl = askerUrl] = cluster.urls;
  const worker = await amqp.connect(workerUrl, { noDelay: true });
  const answering = await worker.createChannel();
  await answering.assertQueue(kind, kinds[kind]);
  await answering.prefetch(200);
  await answering.consume(kind, (message) => {
    if (!message) return;
    answering.publish('', message.properties.replyTo as string, message.content, { correlationId: message.properties.correlationId as string });
    answering.ack(message);
  });
  const asker = await amqp.connect(askerUrl, { noDelay: true });
  const ask = await askingOn(await asker.createConfirmChannel(), kind);
  await Promise.all(Array.from({ length: 500 }, ask)); // Warm.
  await wait(1_000);

  const steady = await metered(cluster, async () => {
    const started = performance.now();
    const asked: Promise<number>[] = [];
    while (asked.length < steadyPerSecond * secondsEach) {
      asked.push(ask());
      await wait(Math.max(0, started + (asked.length * 1_000) / steadyPerSecond - performance.now()));
    }
    return Promise.all(asked);
  });
  const until = performance.now() + secondsEach * 1_000;
  const full = await metered(cluster, async () => {
    const latencies: number[] = [];
    const loop = async () => {
      while (performance.now() < until) latencies.push(await ask());
    };
    await Promise.all(Array.from({ length: 32 }, loop));
    return latencies;
  });
  await asker.close();
  await worker.close();
  return {
    p50Ms: steady.percentile(0.5),
    p99Ms: steady.percentile(0.99),
    brokerCpuMs: steady.cpuMs,
    perSecondAt32: Math.round(full.count / secondsEach),
    brokerCpuMsAt32: full.cpuMs,
  };
}

/** Asks once; resolves to how long it took, in milliseconds. */
async function askingOn(channel: ConfirmChannel, queue: string): Promise<() => Promise<number>> {
  const waiting = new Map<string, () => void>();
  let last = 0;
  await channel.consume('amq.rabbitmq.reply-to', (message) => waiting.get(String(message?.properties.correlationId))?.(), { noAck: true });
  return () =>
    new Promise((resolve) => {
      const started = performance.now();
      const correlationId = String((last += 1));
      waiting.set(correlationId, () => {
        waiting.delete(correlationId);
        resolve(performance.now() - started);
      });
      channel.publish('', queue, body, { replyTo: 'amq.rabbitmq.reply-to', correlationId, mandatory: true, expiration: 10_000 }, () => undefined);
    });
}

async function metered(cluster: BrokerCluster, work: () => Promise<number[]>) {
  const before = processorMs(cluster);
  const latencies = (await work()).sort((a, b) => a - b);
  const cpuMs = (processorMs(cluster) - before) / latencies.length;
  const percentile = (part: number) => Number((latencies[Math.floor(latencies.length * part)] ?? 0).toFixed(2));
  return { count: latencies.length, percentile, cpuMs: Number(cpuMs.toFixed(2)) };
}

/** User and system time of all nodes. */
function processorMs(cluster: BrokerCluster): number {
  return cluster.processIds().reduce((sum, pid) => sum + processorSeconds(pid) * 1_000, 0);
}
