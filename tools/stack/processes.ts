import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** A process, told apart from a later one with the same number by when it started. */
export type ProcessMark = { pid: number; startedAt: string };

/** When the process started, in the system's own words; undefined when there is none (or only a zombie). */
export function startTimeOf(pid: number): string | undefined {
  if (existsSync('/proc/self/stat')) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  const answer = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return answer === '' || answer.startsWith('Z') ? undefined : answer.replace(/^\S+\s+/, '');
}

export function markProcess(pid: number): ProcessMark {
  return { pid, startedAt: startTimeOf(pid) ?? '' };
}

export function isAlive(mark: ProcessMark | undefined): mark is ProcessMark {
  return mark !== undefined && mark.startedAt !== '' && startTimeOf(mark.pid) === mark.startedAt;
}

export function writeMark(file: string, mark: ProcessMark): void {
  writeFileSync(file, JSON.stringify(mark), { mode: 0o600 });
}

/** Makes a pid file speak of this process; gives the process that has it already, when there is one that still runs. */
export function claimMark(file: string): ProcessMark | undefined {
  const own = `${file}.${process.pid}`;
  writeMark(own, markProcess(process.pid));
  try {
    for (;;) {
      try {
        // Fails when the file exists: of two that claim it at the same moment, one gets it.
        linkSync(own, file);
        return undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const other = readLiveMark(file);
        if (other) return other;
        forgetMark(file);
      }
    }
  } finally {
    forgetMark(own);
  }
}

/** The process a pid file speaks of, if it still runs. */
export function readLiveMark(file: string): ProcessMark | undefined {
  try {
    const mark = JSON.parse(readFileSync(file, 'utf8')) as ProcessMark;
    return isAlive(mark) ? mark : undefined;
  } catch {
    return undefined;
  }
}

export function sendSignal(mark: ProcessMark, signal: NodeJS.Signals): void {
  if (!isAlive(mark)) return;
  try {
    process.kill(mark.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Whether it ended within the time. */
export async function waitForEnd(mark: ProcessMark, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (isAlive(mark)) {
    if (performance.now() > deadline) return false;
    await wait(25);
  }
  return true;
}

/** Asks a process to end, and makes it end when it takes longer than it may. */
export async function endProcess(mark: ProcessMark, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  sendSignal(mark, signal);
  if (await waitForEnd(mark, graceMs)) return;
  sendSignal(mark, 'SIGKILL');
  await waitForEnd(mark, 5_000);
}

export type Daemon = {
  command: string;
  args: string[];
  environment: NodeJS.ProcessEnv;
  directory: string;
  logFile: string;
  pidFile: string;
  /** Postgres refuses to run as root. */
  user?: { uid: number; gid: number } | undefined;
};

/**
 * Starts a program in a session of its own, so that the terminal's Ctrl-C does not reach it, and so that it outlives a
 * crash of ours and can be found again by its pid file.
 */
export function startDaemon(daemon: Daemon): ProcessMark {
  const log = openSync(daemon.logFile, 'a', 0o600);
  try {
    const child = spawn(daemon.command, daemon.args, {
      cwd: daemon.directory,
      env: daemon.environment,
      detached: true,
      stdio: ['ignore', log, log],
      ...daemon.user,
    });
    child.on('error', () => undefined);
    child.unref();
    if (child.pid === undefined) throw new Error(`could not start ${daemon.command}`);
    const mark = markProcess(child.pid);
    writeMark(daemon.pidFile, mark);
    return mark;
  } finally {
    closeSync(log);
  }
}

export function forgetMark(file: string): void {
  rmSync(file, { force: true });
}

export function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}
