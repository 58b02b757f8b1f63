import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { SetupFailure } from '../failure.ts';
import { endProcess, forgetMark, lastLines, markProcess, writeMark, type ProcessMark } from '../stack/processes.ts';
import { LogWatch } from './log-watch.ts';

export type SupervisedProcess = {
  name: string;
  command: string;
  args: string[];
  directory: string;
  environment: NodeJS.ProcessEnv;
  logFile: string;
  pidFile: string;
  /** While this file exists, the process is not started again. */
  holdFile: string;
};

type Timing = { firstWaitMs: number; longestWaitMs: number; calmAfterMs: number; stopWithinMs: number };
const usualTiming: Timing = { firstWaitMs: 500, longestWaitMs: 10_000, calmAfterMs: 20_000, stopWithinMs: 10_000 };

/** Keeps one process running: starts it again, after growing waits, whenever it ends without having been told to. */
export class Supervisor {
  readonly process: SupervisedProcess;
  readonly #say: (text: string) => void;
  readonly #timing: Timing;
  readonly #watch: LogWatch;
  readonly #stop = new AbortController();
  #mark: ProcessMark | undefined;
  #running: Promise<void> | undefined;
  /** How often it ended by itself. */
  endings = 0;

  constructor(process: SupervisedProcess, say: (text: string) => void, timing: Partial<Timing> = {}) {
    this.process = process;
    this.#say = (text) => say(`[${process.name}] ${text}`);
    this.#timing = { ...usualTiming, ...timing };
    this.#watch = new LogWatch(process.logFile, this.#say);
  }

  start(): void {
    this.#running ??= this.#keepRunning();
  }

  /** Looks at what the process wrote since the last time. */
  pollLog(): void {
    this.#watch.poll();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#mark) await endProcess(this.#mark, 'SIGTERM', this.#timing.stopWithinMs);
    await this.#running;
    this.pollLog();
  }

  async #keepRunning(): Promise<void> {
    let waitMs = this.#timing.firstWaitMs;
    while (!this.#stop.signal.aborted) {
      const startedAt = performance.now();
      const logStart = existsSync(this.process.logFile) ? statSync(this.process.logFile).size : 0;
      const ending = await this.#runOnce();
      this.pollLog();
      if (this.#stop.signal.aborted) return;
      if (existsSync(this.process.holdFile)) {
        await this.#waitWhileHeld();
        continue;
      }
      this.endings += 1;
      if (performance.now() - startedAt > this.#timing.calmAfterMs) waitMs = this.#timing.firstWaitMs;
      this.#say(`ended unexpectedly (${ending}); starting it again in ${waitMs / 1000} s. Its log, ${this.process.logFile}, ends with:`);
      const wrote = statSync(this.process.logFile).size > logStart;
      for (const line of wrote ? lastLines(this.process.logFile, 5).split('\n') : ['(nothing)']) this.#say(`  ${line.slice(0, 400)}`);
      await wait(waitMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, this.#timing.longestWaitMs);
    }
  }

  async #waitWhileHeld(): Promise<void> {
    while (existsSync(this.process.holdFile) && !this.#stop.signal.aborted) await wait(50);
  }

  /** How it ended: its exit code or the signal. */
  async #runOnce(): Promise<string> {
    const { command, args, directory, environment, logFile, pidFile } = this.process;
    const log = openSync(logFile, 'a', 0o600);
    let child: ChildProcess;
    try {
      // A session of its own: the terminal's Ctrl-C reaches the supervisor alone, which stops everything in order.
      child = spawn(command, args, { cwd: directory, env: environment, stdio: ['ignore', log, log], detached: true });
    } finally {
      closeSync(log);
    }
    const ending = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
    if (child.pid !== undefined) {
      this.#mark = markProcess(child.pid);
      writeMark(pidFile, this.#mark);
    }
    const how = await ending;
    this.#mark = undefined;
    forgetMark(pidFile);
    return how;
  }
}

/** Waits until the process says that it is ready; gives up when it keeps ending instead. */
export async function waitUntilReady(supervisor: Supervisor, readyUrl: string, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  let answer = 'nothing answers';
  while (performance.now() < deadline) {
    if (supervisor.endings >= 3) throw new SetupFailure(`${supervisor.process.name} keeps ending. Its log, ${supervisor.process.logFile}, ends with:\n${lastLines(supervisor.process.logFile, 15)}`);
    try {
      const response = await fetch(readyUrl, { signal: AbortSignal.timeout(2_000) });
      if (response.ok) return;
      answer = `${response.status} ${(await response.text()).slice(0, 300)}`;
    } catch (error) {
      answer = error instanceof Error ? error.message : String(error);
    }
    await wait(100);
  }
  throw new SetupFailure(`${supervisor.process.name} is not ready after ${withinMs / 1000} s (${readyUrl}: ${answer}). Its log, ${supervisor.process.logFile}, ends with:\n${lastLines(supervisor.process.logFile, 15)}`);
}
