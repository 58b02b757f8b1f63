import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from '../failure.ts';
import { rootDirectory } from '../paths.ts';
import { secondsSince, silentProgress, terminalProgress, type Progress } from '../progress.ts';
import { endRunningCommands, runCommand } from '../run-command.ts';
import { Instance, instanceDirectory, rotateLogs } from '../stack/instance.ts';
import { isPortFree, PortPicker, requirePort } from '../stack/ports.ts';
import { claimMark, endProcess, forgetMark, readLiveMark } from '../stack/processes.ts';
import { abandonStack, allReady, startStack, takeDownStack, type Stack } from '../stack/stack.ts';
import { buildServices } from './build.ts';
import { holdFile, openSystem, recordFile, type RunningSystem, type SystemRecord } from './running-system.ts';
import { forEachService, mainFile, migratedServices, serviceNames, stopOrder, type ServiceName } from './services.ts';
import { serviceEnvironment } from './service-environment.ts';
import { readSettings, type SystemSettings } from './settings.ts';
import { Supervisor, waitUntilReady } from './supervisor.ts';

export type StartOptions = {
  instance: string;
  /** `free`: any that nobody uses, for a system beside others; `default`: the documented ones. Those that `env` sets stay. */
  ports: 'free' | 'default';
  /** Settings, as in the environment of `npm start`; replaces what this process inherited of them. */
  env?: Record<string, string | undefined>;
  quiet?: boolean;
  /** Throws everything away at the end instead of stopping in good order. */
  throwAway?: boolean;
};

export type StartedSystem = RunningSystem & { stop(): Promise<void> };

const neededMegabytes = 500;

/** Brings up a whole system: stack, build, migrations, demo data, and every service as a process that is kept running. */
export async function startSystem(options: StartOptions): Promise<StartedSystem> {
  const progress = options.quiet ? silentProgress : terminalProgress();
  const given = definedOnly(options.env ?? {});
  const settings = readSettings(given);
  if (options.throwAway) await clearLeftBehind(options.instance);
  const instance = Instance.openOrCreate(options.instance);
  claim(instance);
  const supervisors = new Map<ServiceName, Supervisor>();
  let watching: NodeJS.Timeout | undefined;

  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= stopEverything());
  async function stopEverything(): Promise<void> {
    await endRunningCommands();
    for (const group of stopOrder) await Promise.all(group.map((name) => supervisors.get(name)?.stop()));
    clearInterval(watching);
    if (options.throwAway) await abandonStack(instance);
    else await takeDownStack(instance);
    rmSync(recordFile(instance), { force: true });
    forgetMark(supervisorMark(instance));
    if (options.throwAway) instance.deleteData();
  }
  activeStops.add(stop);

  try {
    await endLeftovers(instance);
    checkFreeSpace(instance);
    await choosePorts(settings, options.ports);
    rotateLogs(instance);
    const { stack, ready } = await startStack(instance, progress, settings.stack);
    const environments = environmentsOf(instance, stack, settings, given);
    const prepared = Promise.all([buildServices(progress), ready.postgres, ready.redis]).then(() => prepareData(progress, environments));
    await Promise.all([allReady(ready), prepared]);
    if (stopping) throw new Error('stopped while starting');

    const started = serviceNames.filter((name) => name !== 'inbox' || settings.delivery === 'inbox');
    for (const name of started) supervisors.set(name, supervise(name, instance, environments[name], progress));
    watching = setInterval(() => supervisors.forEach((supervisor) => supervisor.pollLog()), 500);
    writeRecord(instance, settings, environments);
    await startServices(supervisors, settings, progress);
    return { ...openSystem(instance.name), stop };
  } catch (error) {
    await stop().catch((reason: Error) => progress.say(`Stopping again what had started failed as well: ${reason.message}`));
    throw error;
  }
}

const activeStops = new Set<() => Promise<void>>();

/** Stops whatever this process started, finished or not; for signals. */
export async function stopAllSystems(): Promise<void> {
  await Promise.all([...activeStops].map((stop) => stop()));
}

function definedOnly(environment: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''));
}

function supervisorMark(instance: Instance): string {
  return instance.pidFile('supervisor');
}

/** One system an instance. */
function claim(instance: Instance): void {
  const other = claimMark(supervisorMark(instance));
  if (!other) return;
  const what = instance.name === 'dev' ? 'Latchkey already runs from this checkout' : `The instance ${instance.name} is in use`;
  throw new SetupFailure(`${what} (process ${other.pid}). Stop it with Ctrl-C in its terminal, or with: kill ${other.pid}`);
}

/** Ends and deletes what a test run that was killed has left; fails when the instance is in use. */
export async function clearLeftBehind(name: string): Promise<void> {
  if (!existsSync(instanceDirectory(name))) return;
  const left = Instance.openOrCreate(name);
  claim(left);
  await endLeftovers(left);
  await abandonStack(left);
  left.deleteData();
}

/** Services that outlived a supervisor that was killed. The stack is taken over as it is. */
async function endLeftovers(instance: Instance): Promise<void> {
  await Promise.all(
    serviceNames.map(async (name) => {
      rmSync(holdFile(instance, name), { force: true });
      const mark = readLiveMark(instance.pidFile(name));
      if (mark) await endProcess(mark, 'SIGTERM', 5_000);
      forgetMark(instance.pidFile(name));
    }),
  );
}

function checkFreeSpace(instance: Instance): void {
  const { bavail, bsize } = statfsSync(instance.directory);
  const megabytes = Math.floor((bavail * bsize) / 1e6);
  if (megabytes < neededMegabytes) throw new SetupFailure(`The disk is nearly full: ${megabytes} MB are free for ${instance.directory}, and Latchkey needs ${neededMegabytes} MB.`);
}

/** Public ports are what they were asked to be; internal ones give way, unless somebody asked for them. */
async function choosePorts(settings: SystemSettings, ports: StartOptions['ports']): Promise<void> {
  const picker = new PortPicker();
  const internal = Object.values(settings.internal);
  if (ports === 'free') {
    const hadPublicUrl = settings.publicUrl !== `http://localhost:${settings.http.port}`;
    for (const setting of [settings.http, settings.inbox, ...internal]) if (!setting.asked) setting.port = await picker.pick();
    if (!hadPublicUrl) settings.publicUrl = `http://localhost:${settings.http.port}`;
    return;
  }
  const problems: string[] = [];
  for (const setting of [settings.http, settings.inbox, ...internal.filter((one) => one.asked)])
    await requirePort(setting.port, setting.variable).catch((error: Error) => problems.push(error.message));
  if (problems.length > 0) throw new SetupFailure(problems.join('\n'));
  const fixed = new Set([settings.http, settings.inbox, ...internal.filter((one) => one.asked)].map((one) => one.port));
  for (const setting of internal)
    if (!setting.asked && (fixed.has(setting.port) || !(await isPortFree(setting.port)))) setting.port = await picker.pick();
}

type Environments = Record<ServiceName, Record<string, string>>;

function environmentsOf(instance: Instance, stack: Stack, settings: SystemSettings, given: Record<string, string>): Environments {
  return forEachService((name) => serviceEnvironment(name, instance, stack, settings, given));
}

/** What a service inherits: this process' own environment without any setting of ours or AWS', then what it is told. */
function withInherited(own: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(LATCHKEY_|AWS_|DELIVERY_|npm_|VITEST|NODE_OPTIONS$|NODE_ENV$)/.test(name));
  return { ...Object.fromEntries(inherited), ...own };
}

async function prepareData(progress: Progress, environments: Environments): Promise<void> {
  await progress.step('database migrations', async () => {
    await Promise.all(migratedServices.map((name) => runService(name, 'migrate', environments[name])));
  });
  await progress.step('demo data', () => runService('auth', 'seed-demo', environments.auth));
}

async function runService(name: ServiceName, command: string, environment: Record<string, string>): Promise<void> {
  const { code, output } = await runCommand(process.execPath, [mainFile(name), command], withInherited(environment));
  if (code !== 0) throw new SetupFailure(`${mainFile(name)} ${command} failed (exit code ${code}):\n${output.trim().split('\n').slice(-15).join('\n')}`);
}

function supervise(name: ServiceName, instance: Instance, environment: Record<string, string>, progress: Progress): Supervisor {
  return new Supervisor(
    {
      name,
      command: process.execPath,
      // Without --enable-source-maps: Node keeps the whole map in memory, about 150 MB for each service.
      args: [mainFile(name)],
      directory: rootDirectory,
      environment: withInherited(environment),
      logFile: instance.logFile(name),
      pidFile: instance.pidFile(name),
      holdFile: holdFile(instance, name),
    },
    progress.say,
  );
}

async function startServices(supervisors: Map<ServiceName, Supervisor>, settings: SystemSettings, progress: Progress): Promise<void> {
  await progress.step(`starting ${[...supervisors.keys()].join(', ')}`, async (note) => {
    const startedAt = performance.now();
    const waits = [...supervisors].map(async ([name, supervisor]) => {
      supervisor.start();
      await waitUntilReady(supervisor, `http://127.0.0.1:${settings.internal[name].port}/health/ready`, 60_000);
      if (performance.now() - startedAt > 10_000) note(`${name} took ${secondsSince(startedAt)}`);
    });
    for (const outcome of await Promise.allSettled(waits)) if (outcome.status === 'rejected') throw outcome.reason;
  });
}

function writeRecord(instance: Instance, settings: SystemSettings, environments: Environments): void {
  const record: SystemRecord = {
    baseUrl: `http://localhost:${settings.http.port}`,
    inboxUrl: `http://localhost:${settings.inbox.port}`,
    services: forEachService((name) => ({
      mainFile: join(rootDirectory, mainFile(name)),
      internalPort: settings.internal[name].port,
      logPath: instance.logFile(name),
      env: environments[name],
    })),
  };
  writeFileSync(recordFile(instance), JSON.stringify(record, null, 2), { mode: 0o600 });
}
