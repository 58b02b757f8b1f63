import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { SetupFailure } from '../failure.ts';
import { makeClusterFolder, throwAwayCluster } from './cluster-folder.ts';
import { PortPicker } from './ports.ts';
import { probes } from './probes.ts';
import { lastLines, readLiveMark, sendSignal, startDaemon, waitForEnd } from './processes.ts';
import { requireProgram } from './programs.ts';

const slots = 16_384;
const startWithinMs = 20_000;

/** Masters of a Redis Cluster on this machine, without replicas, told apart by their number from 0. */
export interface RedisCluster {
  /** Every node with credentials, with commas between them, as a service gets them. */
  url: string;
  urls: readonly string[];
  /** As a crash would end it. */
  kill9(node: number): Promise<void>;
  /** Starts a node that was killed, and waits until the cluster answers for every slot again. */
  start(node: number): Promise<void>;
  /** Ends it at once, with its data. */
  stop(): Promise<void>;
}

type Node = { directory: string; port: number; busPort: number; url: string };

/** Starts a cluster with ports, password and data of its own; its folder goes with it. */
export async function startRedisCluster({ size = 3 }: { size?: number } = {}): Promise<RedisCluster> {
  const directory = await makeClusterFolder();
  const nodes = await layOutNodes(directory, size);
  const pidFile = (index: number) => join(directory, 'run', `${index}.pid`);
  const logFile = (index: number) => join(nodes[index]!.directory, 'redis.log');
  const launch = (index: number) => {
    const { directory: folder } = nodes[index]!;
    startDaemon({ command: requireProgram('redis-server'), args: [join(folder, 'redis.conf')], environment: process.env, directory: folder, logFile: logFile(index), pidFile: pidFile(index) });
    return until(() => probes.redis(nodes[index]!.url), () => lastLines(logFile(index), 15));
  };
  const untilWhole = async () => void (await Promise.all(nodes.map((node, index) => until(() => hindranceOf(node, nodes.length), () => lastLines(logFile(index), 15)))));

  try {
    await Promise.all(nodes.map((_, index) => launch(index)));
    await joinTogether(nodes);
    await untilWhole();
  } catch (error) {
    await throwAwayCluster(directory);
    throw error;
  }
  return {
    url: nodes.map(({ url }) => url).join(','),
    urls: nodes.map(({ url }) => url),
    async kill9(index) {
      const mark = readLiveMark(pidFile(index));
      if (!mark) throw new Error(`node ${index} does not run`);
      sendSignal(mark, 'SIGKILL');
      await waitForEnd(mark, 5_000);
    },
    async start(index) {
      await launch(index);
      await untilWhole();
    },
    stop: () => throwAwayCluster(directory),
  };
}

async function layOutNodes(directory: string, size: number): Promise<Node[]> {
  const picker = new PortPicker();
  const password = randomBytes(24).toString('base64url');
  const nodes: Node[] = [];
  for (let index = 0; index < size; index += 1) {
    const node = { directory: join(directory, `node-${index}`), port: await picker.pick(), busPort: await picker.pick() };
    mkdirSync(node.directory, { mode: 0o700 });
    const lines = [
      'bind 127.0.0.1',
      `port ${node.port}`,
      `requirepass ${password}`,
      `dir "${node.directory}"`,
      'appendonly yes',
      'maxmemory-policy noeviction',
      'cluster-enabled yes',
      `cluster-port ${node.busPort}`,
      'cluster-announce-ip 127.0.0.1',
      'cluster-node-timeout 2000',
      '',
    ];
    writeFileSync(join(node.directory, 'redis.conf'), lines.join('\n'), { mode: 0o600 });
    nodes.push({ ...node, url: `redis://:${password}@127.0.0.1:${node.port}` });
  }
  return nodes;
}

/** As `redis-cli --cluster create` does: each gets its part of the slots, and all meet the first. */
async function joinTogether(nodes: readonly Node[]): Promise<void> {
  for (const [index, { url }] of nodes.entries()) {
    const [from, to] = [index, index + 1].map((part) => Math.floor((part * slots) / nodes.length)) as [number, number];
    await withRedis(url, async (redis) => {
      await redis.call('CLUSTER', 'ADDSLOTSRANGE', from, to - 1);
      await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
      await redis.call('CLUSTER', 'MEET', '127.0.0.1', nodes[0]!.port, nodes[0]!.busPort);
    });
  }
}

const hindranceOf = (node: Node, size: number): Promise<string | undefined> =>
  withRedis(node.url, async (redis) => {
    const info = (await redis.call('CLUSTER', 'INFO')) as string;
    return ['cluster_state:ok', `cluster_known_nodes:${size}`, `cluster_slots_ok:${slots}`].find((line) => !info.includes(line));
  });

async function until(hindrance: () => Promise<string | undefined>, log: () => string): Promise<void> {
  const deadline = performance.now() + startWithinMs;
  for (let reason = await hindrance(); reason !== undefined; reason = await hindrance()) {
    if (performance.now() > deadline) throw new SetupFailure(`The Redis Cluster could not be started: ${reason}. A log ends with:\n${log()}`);
    await wait(50);
  }
}

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
