import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SetupFailure } from '../failure.ts';
import { runCommand } from '../run-command.ts';
import { makeClusterFolder, throwAwayCluster } from './cluster-folder.ts';
import { PortPicker } from './ports.ts';
import { probes } from './probes.ts';
import { isAlive, lastLines, readLiveMark, sendSignal, startDaemon, waitForEnd } from './processes.ts';
import { rabbitmq4 } from './rabbitmq-4.ts';
import { brokerEnvironment, startEpmd, writeConfiguration, type BrokerNode } from './rabbitmq-node.ts';
import { installedRabbitmq, type BrokerRelease } from './rabbitmq-release.ts';

const startWithinMs = 180_000;

/** RabbitMQ nodes of one cluster on this machine, told apart by their number from 0. */
export interface BrokerCluster {
  /** For `openCluster` in another process. */
  directory: string;
  release: BrokerRelease['name'];
  /** One for each node, with credentials. */
  urls: readonly string[];
  /** HTTP API of each node's management plugin, with credentials. */
  managementUrls: readonly string[];
  /** Where each node gives its figures to Prometheus. */
  metricsPorts: readonly number[];
  /** Of the nodes that run. */
  processIds(): number[];
  /** As a crash would end it. */
  kill9(node: number): Promise<void>;
  /** Holds the process without closing its connections, as a machine that hangs. */
  pause(node: number): void;
  resume(node: number): void;
  /** Starts a node that was killed, and waits until it has rejoined and answers. */
  start(node: number): Promise<void>;
  /** The node that leads a quorum queue, or has a classic one. */
  leaderOf(queue: string, vhost: string): Promise<number>;
  /** Asks a node that is up; gives what the tool printed. */
  rabbitmqctl(...args: string[]): Promise<string>;
  /** Ends it at once, with its data. */
  stop(): Promise<void>;
}

type Layout = { release: BrokerRelease['name']; nodes: BrokerNode[] };

/**
 * Starts a cluster with node names, ports, data, cookie and epmd of its own; its folder goes with it. What a run that was
 * killed left behind is ended first.
 */
export async function startCluster({ size = 3, release = installedRabbitmq }: { size?: number; release?: BrokerRelease } = {}): Promise<BrokerCluster> {
  const directory = await makeClusterFolder();
  const nodes = await layOutNodes(directory, size, release);
  writeFileSync(join(directory, 'layout.json'), JSON.stringify({ release: release.name, nodes } satisfies Layout), { mode: 0o600 });
  const cluster = openCluster(directory);
  try {
    startEpmd(nodes[0]!, { logFile: join(directory, 'epmd.log'), pidFile: join(directory, 'run', 'epmd.pid') });
    await Promise.all(nodes.map((_, index) => cluster.start(index)));
    for (const flag of release.featureFlags) await cluster.rabbitmqctl('enable_feature_flag', '--experimental', flag);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

/** The cluster in this folder, from whichever process. */
export function openCluster(directory: string): BrokerCluster {
  const { nodes, release: releaseName } = JSON.parse(readFileSync(join(directory, 'layout.json'), 'utf8')) as Layout;
  const release = [installedRabbitmq, rabbitmq4].find(({ name }) => name === releaseName)!;
  const pidFile = (index: number) => join(directory, 'run', `${index}.pid`);
  const urls = nodes.map(({ ports, password }) => `amqp://latchkey:${password}@127.0.0.1:${ports.amqp}/latchkey`);
  const nodeAt = (index: number) => nodes[index] ?? fail(`there is no node ${index}`);
  const markOf = (index: number) => readLiveMark(pidFile(index)) ?? fail(`${nodeAt(index).name} does not run`);

  const askOn = async (node: BrokerNode, args: readonly string[]) => {
    const { command, args: all } = release.command('rabbitmqctl', ['--quiet', ...args]);
    const { code, output } = await runCommand(command, all, brokerEnvironment(node));
    if (code !== 0) throw new Error(`rabbitmqctl ${args.join(' ')}: ${output.trim()}`);
    return output;
  };
  const rabbitmqctl = (...args: string[]) => askOn(nodes.find((_, index) => readLiveMark(pidFile(index))) ?? fail('no node runs'), args);
  const hasJoined = async (node: BrokerNode) => {
    const status = JSON.parse(await askOn(node, ['cluster_status', '--formatter', 'json'])) as { running_nodes: string[] };
    return nodes.every(({ name }, index) => !readLiveMark(pidFile(index)) || status.running_nodes.includes(name));
  };

  return {
    directory,
    release: releaseName,
    urls,
    managementUrls: nodes.map(({ ports, password }) => `http://latchkey:${password}@127.0.0.1:${ports.management}`),
    metricsPorts: nodes.flatMap(({ ports }) => ports.metrics ?? []),
    rabbitmqctl,
    processIds: () => nodes.flatMap((_, index) => readLiveMark(pidFile(index))?.pid ?? []),
    async kill9(index) {
      const mark = markOf(index);
      sendSignal(mark, 'SIGKILL');
      await waitForEnd(mark, 5_000);
    },
    pause: (index) => sendSignal(markOf(index), 'SIGSTOP'),
    resume: (index) => sendSignal(markOf(index), 'SIGCONT'),
    async start(index) {
      const node = nodeAt(index);
      const console = join(node.logDirectory, 'console.log');
      const program = release.command('rabbitmq-server', []);
      const mark = startDaemon({ ...program, environment: brokerEnvironment(node), directory: node.directory, logFile: console, pidFile: pidFile(index) });
      const deadline = performance.now() + startWithinMs;
      for (;;) {
        const reason = (await probes.rabbitmq(urls[index]!)) ?? ((await hasJoined(node)) ? undefined : 'it does not join the others');
        if (reason === undefined) return;
        if (!isAlive(mark) || performance.now() > deadline)
          throw new SetupFailure(`${node.name} could not be started: ${reason}. Its log ends with:\n${lastLines(console, 8)}\n${lastLines(node.logFile, 15)}`);
        await wait(100);
      }
    },
    async leaderOf(queue, vhost) {
      const rows = (await rabbitmqctl('list_queues', '--no-table-headers', '--vhost', vhost, 'name', 'leader', 'pid')).split('\n').map((line) => line.split('\t'));
      const [, leader, pid] = rows.find(([name]) => name === queue) ?? fail(`there is no queue ${queue} in ${vhost}`);
      const index = nodes.findIndex(({ name }) => leader === name || pid?.startsWith(`<${name}.`));
      return index >= 0 ? index : fail(`nobody leads ${queue}`);
    },
    stop: () => throwAwayCluster(directory),
  };
}

async function layOutNodes(directory: string, size: number, release: BrokerRelease): Promise<BrokerNode[]> {
  const picker = new PortPicker();
  const epmd = await picker.pick();
  const cookie = randomBytes(16).toString('hex');
  const password = randomBytes(24).toString('base64url');
  const names = Array.from({ length: size }, (_, index) => `latchkey-${epmd}-${index}@localhost`);
  const settings = [
    'cluster_formation.peer_discovery_backend = classic_config',
    ...names.map((name, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${name}`),
    // Everything that lasts is in quorum queues, which no partition splits: the store of the topology may heal by itself.
    'cluster_partition_handling = autoheal',
    ...release.settings,
  ];
  const nodes: BrokerNode[] = [];
  for (const [index, name] of names.entries()) {
    const folder = join(directory, `node-${index}`);
    const logDirectory = join(folder, 'logs');
    mkdirSync(logDirectory, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, '.erlang.cookie'), cookie, { mode: 0o400 });
    const node: BrokerNode = {
      name,
      directory: folder,
      logDirectory,
      logFile: join(logDirectory, 'rabbitmq.log'),
      ports: { amqp: await picker.pick(), management: await picker.pick(), metrics: await picker.pick(), distribution: await picker.pick(), epmd },
      password,
      settings,
      // Nodes give up one that hangs after 8 to 13 s, not 45 to 75: until then it holds up what changes the topology.
      erlangArguments: '-kernel net_ticktime 10',
    };
    writeConfiguration(node);
    nodes.push(node);
  }
  return nodes;
}

function fail(message: string): never {
  throw new Error(message);
}
