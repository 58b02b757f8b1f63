import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Instance } from '../stack/instance.ts';
import { isAlive, readLiveMark, sendSignal, waitForEnd } from '../stack/processes.ts';
import { openStack, type Stack } from '../stack/stack.ts';
import { forEachService, type ServiceName } from './services.ts';

/** What the starting process writes down for others. */
export type SystemRecord = {
  baseUrl: string;
  inboxUrl: string;
  services: Record<ServiceName, { mainFile: string; internalPort: number; logPath: string; env: Record<string, string> }>;
};

/** One process of a running system, from whichever process looks at it. */
export type ServiceControl = {
  name: ServiceName;
  /** Its health and metrics. */
  internalUrl: string;
  mainFile: string;
  logPath: string;
  /** What it was told beside what it inherits: enough to run a second one. Holds secrets. */
  env: Record<string, string>;
  /** Of the process that runs now. */
  readonly pid: number | undefined;
  isReady(): Promise<boolean>;
  untilReady(withinMs?: number): Promise<void>;
  /** Ends it with a signal; it is started again by itself. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it, in good order unless another signal is given, and keeps it from being started again until `start`. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Waits until it has ended by itself, then starts it again at once, without the supervisor's growing waits. */
  startAgainOnceEnded(withinMs: number): Promise<void>;
  /** After `stop`: waits until it is ready. */
  start(): Promise<void>;
  /** Ends it in good order and waits until its successor is ready. */
  restart(): Promise<void>;
};

export type RunningSystem = {
  instance: Instance;
  baseUrl: string;
  inboxUrl: string;
  /** Where each service has its health and metrics. */
  internalPorts: Record<ServiceName, number>;
  services: Record<ServiceName, ServiceControl>;
  stack: Stack;
};

export function recordFile(instance: Instance): string {
  return join(instance.directory, 'system.json');
}

export function holdFile(instance: Instance, name: ServiceName): string {
  return join(instance.directory, 'run', `${name}.hold`);
}

/** A system that some other process started and supervises: tests use it to kill parts of it and watch the rest. */
export function openSystem(instanceName: string): RunningSystem {
  const instance = Instance.open(instanceName);
  const record = JSON.parse(readFileSync(recordFile(instance), 'utf8')) as SystemRecord;
  return {
    instance,
    baseUrl: record.baseUrl,
    inboxUrl: record.inboxUrl,
    internalPorts: forEachService((name) => record.services[name].internalPort),
    services: forEachService((name) => serviceControl(instance, name, record)),
    stack: openStack(instance),
  };
}

function serviceControl(instance: Instance, name: ServiceName, record: SystemRecord): ServiceControl {
  const { internalPort, logPath, mainFile, env } = record.services[name];
  const internalUrl = `http://127.0.0.1:${internalPort}`;
  const mark = () => readLiveMark(instance.pidFile(name));
  const end = async (signal: NodeJS.Signals) => {
    const current = mark();
    if (!current) return;
    sendSignal(current, signal);
    if (!(await waitForEnd(current, 15_000)) && isAlive(current)) throw new Error(`${name} did not end after ${signal}`);
  };
  const control: ServiceControl = {
    name,
    internalUrl,
    mainFile,
    logPath,
    env,
    get pid() {
      return mark()?.pid;
    },
    async isReady() {
      if (!mark()) return false;
      try {
        return (await fetch(`${internalUrl}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
      } catch {
        return false;
      }
    },
    async untilReady(withinMs = 30_000) {
      const deadline = performance.now() + withinMs;
      while (!(await control.isReady())) {
        if (performance.now() > deadline) throw new Error(`${name} is not ready after ${withinMs} ms`);
        await wait(50);
      }
    },
    kill: (signal = 'SIGKILL') => end(signal),
    async stop(signal = 'SIGTERM') {
      writeFileSync(holdFile(instance, name), '');
      await end(signal);
    },
    async startAgainOnceEnded(withinMs) {
      const current = mark();
      writeFileSync(holdFile(instance, name), '');
      try {
        if (current && !(await waitForEnd(current, withinMs))) throw new Error(`${name} still runs after ${withinMs} ms`);
      } finally {
        rmSync(holdFile(instance, name), { force: true });
      }
    },
    async start() {
      rmSync(holdFile(instance, name), { force: true });
      await control.untilReady();
    },
    async restart() {
      await control.stop();
      await control.start();
    },
  };
  return control;
}
