import { readdirSync, readFileSync } from 'node:fs';
import type { RunningSystem } from '@latchkey/tools';

const ticksPerSecond = 100;

/** Of a backing server, or of another part that keeps a mark. */
export function pidOf(system: RunningSystem, part: string): number {
  return (JSON.parse(readFileSync(system.instance.pidFile(part), 'utf8')) as { pid: number }).pid;
}

/** The processes and all that they started: Postgres has one for each connection. */
export function withDescendants(roots: readonly number[]): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = statOf(Number(name))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const found = new Set(roots);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** Seconds of processor time in user and system mode, of this process alone, which has to be there. */
export function processorSeconds(pid: number | undefined): number {
  const fields = pid === undefined ? undefined : statOf(pid);
  if (!fields) throw new Error(`process ${pid} has ended`);
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Of the processes, all that they started, and those of these that have ended since: their parents keep what they used. */
export function treeProcessorSeconds(roots: readonly number[]): number {
  return withDescendants(roots)
    .map((pid) => statOf(pid)?.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) ?? 0)
    .reduce((sum, ticks) => sum + ticks / ticksPerSecond, 0);
}

/** The fields of /proc/<pid>/stat from the state on; nothing when the process has ended. */
function statOf(pid: number): string[] | undefined {
  try {
    // The program's name, in parentheses, may hold anything.
    return readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ');
  } catch {
    return undefined;
  }
}
