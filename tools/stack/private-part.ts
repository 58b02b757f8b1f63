import { setTimeout as wait } from 'node:timers/promises';
import { SetupFailure } from '../failure.ts';
import type { BackingPart } from './backing-part.ts';
import type { Instance, PartName } from './instance.ts';
import { probes } from './probes.ts';
import { endProcess, forgetMark, isAlive, lastLines, readLiveMark, sendSignal, startDaemon, waitForEnd, type Daemon } from './processes.ts';

/** How one program is run as a private instance. */
export type PrivateProgram = {
  name: PartName;
  url: string;
  /** Lays out the data folder at the first start, writes configuration, ends what a crash left in the way. */
  prepare(): Promise<Daemon>;
  stopSignal: NodeJS.Signals;
  stopWithinMs: number;
  startWithinMs: number;
  /** Ends what the program leaves behind when it has ended. */
  cleanUp?(): Promise<void>;
};

/** A program of this machine, run as a process of the instance; found again through its pid file. */
export function privatePart(instance: Instance, program: PrivateProgram): BackingPart {
  const pidFile = instance.pidFile(program.name);

  const part: BackingPart = {
    name: program.name,
    url: program.url,
    isReady: async () => readLiveMark(pidFile) !== undefined && (await probes[program.name](program.url)) === undefined,

    async start() {
      // Left running by a start that was killed: taken over when it still answers, ended when it does not.
      if (readLiveMark(pidFile)) {
        if (await part.isReady()) return;
        await part.stop();
      }
      const daemon = await program.prepare();
      const mark = startDaemon(daemon);
      const deadline = performance.now() + program.startWithinMs;
      let reason: string | undefined = 'it did not start';
      while (performance.now() < deadline) {
        if (!isAlive(mark)) throw startFailure(daemon, 'it ended while starting');
        reason = await probes[program.name](program.url);
        if (reason === undefined) return;
        await wait(100);
      }
      throw startFailure(daemon, `it does not answer: ${reason}`);
    },

    async stop() {
      const mark = readLiveMark(pidFile);
      if (mark) await endProcess(mark, program.stopSignal, program.stopWithinMs);
      forgetMark(pidFile);
      await program.cleanUp?.();
    },

    async kill9() {
      const mark = readLiveMark(pidFile);
      if (!mark) return;
      sendSignal(mark, 'SIGKILL');
      await waitForEnd(mark, 5_000);
      forgetMark(pidFile);
    },
  };
  return part;

  function startFailure(daemon: Daemon, reason: string): SetupFailure {
    const log = lastLines(daemon.logFile, 15);
    if (/no space left on device|ENOSPC/i.test(log)) return new SetupFailure(`The disk is full: ${program.name} could not start in ${instance.directory}.`);
    return new SetupFailure(`${program.name} could not be started: ${reason}. Its log, ${daemon.logFile}, ends with:\n${log}`);
  }
}
