import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { privateDirectory } from '../paths.ts';
import { silentProgress } from '../progress.ts';
import { Instance, instanceDirectory } from '../stack/instance.ts';
import { markProcess, readLiveMark, writeMark } from '../stack/processes.ts';
import { abandonStack, bringUpStack, type Stack } from '../stack/stack.ts';

/**
 * A stack that several test runs may use at the same time: the first brings it up, the last throws it away. Each test
 * file works in a database, vhost and Redis number of its own, so the runs do not see each other.
 */
export async function joinSharedStack(name: string): Promise<{ instance: Instance; stack: Stack; leave(): Promise<void> }> {
  return withLock(name, async () => {
    if (existsSync(instanceDirectory(name)) && otherUsers(name).length === 0) await throwAway(name);
    const instance = Instance.openOrCreate(name);
    const stack = await bringUpStack(instance, silentProgress);
    writeMark(userFile(name, process.pid), markProcess(process.pid));
    return { instance, stack, leave: () => leaveSharedStack(name) };
  });
}

async function leaveSharedStack(name: string): Promise<void> {
  await withLock(name, async () => {
    rmSync(userFile(name, process.pid), { force: true });
    if (otherUsers(name).length === 0) await throwAway(name);
  });
}

/** Ends and deletes what a run that was broken off has left, unless another run uses it. */
export async function clearSharedStack(name: string): Promise<void> {
  if (!existsSync(instanceDirectory(name))) return;
  await withLock(name, async () => {
    if (otherUsers(name).length === 0) await throwAway(name);
  });
}

async function throwAway(name: string): Promise<void> {
  try {
    const instance = Instance.open(name);
    await abandonStack(instance);
    instance.deleteData();
  } catch {
    // Half of an instance, left by a run that was killed.
    rmSync(instanceDirectory(name), { recursive: true, force: true });
  }
}

function userFile(name: string, pid: number): string {
  return join(instanceDirectory(name), 'run', `user-${pid}.pid`);
}

function otherUsers(name: string): string[] {
  const folder = join(instanceDirectory(name), 'run');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((file) => file.startsWith('user-') && file !== `user-${process.pid}.pid` && readLiveMark(join(folder, file)));
}

/** One run at a time joins or leaves; a lock whose holder died is taken over. */
async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const lock = join(privateDirectory, `${name}.lock`);
  const holder = join(lock, 'holder.pid');
  mkdirSync(privateDirectory, { recursive: true });
  let seenWithoutHolder = 0;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      seenWithoutHolder = readLiveMark(holder) ? 0 : seenWithoutHolder + 1;
      if (seenWithoutHolder > 5) rmSync(lock, { recursive: true, force: true });
      await wait(100);
    }
  }
  try {
    writeMark(holder, markProcess(process.pid));
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
