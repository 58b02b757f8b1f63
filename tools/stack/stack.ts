import { SetupFailure } from '../failure.ts';
import type { Progress } from '../progress.ts';
import type { BackingPart } from './backing-part.ts';
import { prepareDatabases } from './databases.ts';
import { dockerPart, isDockerAvailable, removeDockerParts } from './docker-part.ts';
import { externalPart } from './external-part.ts';
import { partNames, type Instance, type PartName, type PartSource, type PortName } from './instance.ts';
import { canInstallPackages, installationAdvice, installPackages } from './packages.ts';
import { PortPicker, requirePort } from './ports.ts';
import { postgresUrl, privatePostgres } from './postgres.ts';
import { readLiveMark } from './processes.ts';
import { findProgram, programsOf } from './programs.ts';
import { privateRabbitmq, rabbitmqUrl } from './rabbitmq.ts';
import { privateRedis, redisUrl } from './redis.ts';

export type Stack = Record<PartName, BackingPart>;

export type StackChoices = {
  /** URLs of servers to use instead of private ones. */
  urls?: Partial<Record<PartName, string>>;
  /** Ports that somebody asked for by name; anything else takes a preferred one or any that is free. */
  ports?: Partial<Record<PortName, { port: number; variable: string }>>;
};

const labels: Record<PartName, string> = { rabbitmq: 'RabbitMQ', redis: 'Redis', postgres: 'PostgreSQL' };
const debianPackages: Record<PartName, string> = { rabbitmq: 'rabbitmq-server', redis: 'redis-server', postgres: 'postgresql' };
const partPorts: Record<PartName, readonly PortName[]> = {
  rabbitmq: ['rabbitmq', 'rabbitmqManagement', 'rabbitmqMetrics', 'rabbitmqDistribution', 'epmd'],
  redis: ['redis'],
  postgres: ['postgres'],
};
/** Not the usual ones: those may belong to the machine's own servers. Below 32768, where outgoing connections take theirs. */
const preferredPorts: Record<PortName, number> = {
  rabbitmq: 18_672,
  rabbitmqManagement: 18_673,
  rabbitmqDistribution: 18_674,
  epmd: 18_675,
  rabbitmqMetrics: 18_676,
  redis: 18_379,
  postgres: 18_432,
};

/** The parts of an instance that was brought up, from whichever process. */
export function openStack(instance: Instance): Stack {
  return { rabbitmq: openPart(instance, 'rabbitmq'), redis: openPart(instance, 'redis'), postgres: openPart(instance, 'postgres') };
}

function openPart(instance: Instance, name: PartName): BackingPart {
  const source = instance.state.sources[name];
  const external = instance.state.externalUrls[name];
  if (source === 'environment' && external !== undefined) return externalPart(name, external);
  if (source === 'docker') return dockerPart(instance, name, { rabbitmq: rabbitmqUrl, redis: redisUrl, postgres: postgresUrl }[name](instance));
  return { rabbitmq: privateRabbitmq, redis: privateRedis, postgres: privatePostgres }[name](instance);
}

/** Brings up all three parts, with database, roles and schemas; stops them again when one fails. */
export async function bringUpStack(instance: Instance, progress: Progress, choices: StackChoices = {}): Promise<Stack> {
  const { stack, ready } = await startStack(instance, progress, choices);
  try {
    await allReady(ready);
  } catch (error) {
    await takeDownStack(instance);
    throw error;
  }
  return stack;
}

/** Decides where each part comes from and starts all three at the same time; each is of use as soon as it is ready. */
export async function startStack(instance: Instance, progress: Progress, choices: StackChoices = {}): Promise<{ stack: Stack; ready: Record<PartName, Promise<void>> }> {
  await requireExternalParts(choices);
  await chooseSources(instance, progress, choices);
  await choosePorts(instance, choices);
  instance.save();
  const stack = openStack(instance);
  const start = (name: PartName) => {
    const started = progress.step(`${labels[name]} (${describe(instance, name)})`, async (note) => {
      const heartbeat = setInterval(() => note('still starting'), 15_000);
      try {
        await stack[name].start();
        if (name === 'postgres') await prepareDatabases(instance, stack.postgres.url);
      } finally {
        clearInterval(heartbeat);
      }
    });
    // Whoever waits for it hears of the failure; until then it must not count as unhandled.
    started.catch(() => undefined);
    return started;
  };
  return { stack, ready: { rabbitmq: start('rabbitmq'), redis: start('redis'), postgres: start('postgres') } };
}

/** Waits for all parts, and tells everything that is wrong with them at once. */
export async function allReady(ready: Record<PartName, Promise<void>>): Promise<void> {
  const results = await Promise.allSettled(partNames.map((name) => ready[name]));
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const unexpected = reasons.find((reason) => !(reason instanceof SetupFailure));
  if (unexpected !== undefined) throw unexpected;
  const messages = reasons.map((reason) => (reason as SetupFailure).message);
  if (messages.length > 0) throw new SetupFailure(messages.join('\n'));
}

/** Stops what the instance runs, in good order; data stays. */
export async function takeDownStack(instance: Instance): Promise<void> {
  await Promise.all(chosenParts(instance).map((name) => openPart(instance, name).stop()));
}

/** Ends what the instance runs at once; for data that is thrown away afterwards. */
export async function abandonStack(instance: Instance): Promise<void> {
  const chosen = chosenParts(instance);
  const ours = chosen.filter((name) => instance.state.sources[name] === 'private');
  await Promise.all(ours.map((name) => openPart(instance, name).kill9()));
  // Only stop() ends epmd.
  if (ours.includes('rabbitmq')) await openPart(instance, 'rabbitmq').stop();
  if (chosen.some((name) => instance.state.sources[name] === 'docker')) removeDockerParts(instance);
}

/** Parts that may run; one that a start never got as far as giving ports to does not. */
function chosenParts(instance: Instance): PartName[] {
  const { sources, ports } = instance.state;
  return partNames.filter((name) => sources[name] === 'environment' || (sources[name] !== undefined && partPorts[name].every((port) => ports[port] !== undefined)));
}

/** Tells of every given server that cannot be used before anything is installed, built or started. */
async function requireExternalParts({ urls = {} }: StackChoices): Promise<void> {
  const attempts = partNames.flatMap((name) => (urls[name] === undefined ? [] : [externalPart(name, urls[name]).start()]));
  const reasons = (await Promise.allSettled(attempts)).flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  if (reasons.length > 0) throw new SetupFailure(reasons.map((reason) => reason.message).join('\n'));
}

async function chooseSources(instance: Instance, progress: Progress, choices: StackChoices): Promise<void> {
  const missing: PartName[] = [];
  for (const name of partNames) {
    const url = choices.urls?.[name];
    if (url !== undefined) setSource(instance, name, 'environment', url);
    else if (programsOf[name].every(findProgram)) setSource(instance, name, 'private');
    else missing.push(name);
  }
  if (missing.length === 0) return;
  if (canInstallPackages()) {
    const packages = missing.map((name) => debianPackages[name]);
    await progress.step(`installing ${packages.join(', ')} with apt-get`, (note) => installPackages(packages, note));
    for (const name of missing) setSource(instance, name, 'private');
    const stillMissing = missing.filter((name) => !programsOf[name].every(findProgram));
    if (stillMissing.length > 0) throw new SetupFailure(`apt-get installed ${packages.join(', ')}, but ${stillMissing.join(', ')} cannot be found.\n${installationAdvice}`);
    return;
  }
  if (!isDockerAvailable()) throw new SetupFailure(`Not on this machine: ${missing.map((name) => labels[name]).join(', ')}.\n${installationAdvice}`);
  for (const name of missing) setSource(instance, name, 'docker');
}

function setSource(instance: Instance, name: PartName, source: PartSource, url?: string): void {
  instance.state.sources[name] = source;
  if (url === undefined) delete instance.state.externalUrls[name];
  else instance.state.externalUrls[name] = url;
}

/** Ports stay the same from start to start, unless somebody else took one meanwhile. */
async function choosePorts(instance: Instance, choices: StackChoices): Promise<void> {
  const picker = new PortPicker();
  for (const name of partNames) {
    const source = instance.state.sources[name];
    if (source === 'environment') continue;
    const stillRunning = readLiveMark(instance.pidFile(name)) !== undefined || (source === 'docker' && (await openPart(instance, name).isReady()));
    for (const portName of partPorts[name]) {
      if (stillRunning && instance.state.ports[portName] !== undefined) continue;
      if (portName === 'epmd' && readLiveMark(instance.pidFile('epmd'))) continue;
      const asked = choices.ports?.[portName];
      if (asked) await requirePort(asked.port, asked.variable);
      const preferred = instance.name === 'dev' ? preferredPorts[portName] : undefined;
      instance.state.ports[portName] = asked?.port ?? (await picker.pick(instance.state.ports[portName] ?? preferred));
    }
  }
}

function describe(instance: Instance, name: PartName): string {
  const source = instance.state.sources[name];
  if (source === 'environment') return 'given by the environment';
  return `${source === 'docker' ? 'in Docker' : 'private'}, port ${instance.port(name)}`;
}
