import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { privateDirectory } from '../paths.ts';
import { endProcess, markProcess, readLiveMark, writeMark } from './processes.ts';

const prefix = 'cluster-';

/** A folder for the nodes of one cluster, with `run` for their marks. What a run that was killed left behind is ended first. */
export async function makeClusterFolder(): Promise<string> {
  await clearLeftBehindClusters();
  const directory = join(privateDirectory, `${prefix}${process.pid}-${randomBytes(3).toString('hex')}`);
  mkdirSync(join(directory, 'run'), { recursive: true, mode: 0o700 });
  writeMark(join(directory, 'owner.pid'), markProcess(process.pid));
  return directory;
}

/** Ends its processes at once, and deletes their data. */
export async function throwAwayCluster(directory: string): Promise<void> {
  const run = join(directory, 'run');
  const marks = existsSync(run) ? readdirSync(run).map((file) => readLiveMark(join(run, file))) : [];
  await Promise.all(marks.map((mark) => mark && endProcess(mark, 'SIGKILL', 5_000)));
  rmSync(directory, { recursive: true, force: true });
}

/** Of runs that were killed. */
export async function clearLeftBehindClusters(): Promise<void> {
  if (!existsSync(privateDirectory)) return;
  const folders = readdirSync(privateDirectory).filter((name) => name.startsWith(prefix)).map((name) => join(privateDirectory, name));
  // One without a mark is being made by another run.
  await Promise.all(folders.filter((folder) => existsSync(join(folder, 'owner.pid')) && !readLiveMark(join(folder, 'owner.pid'))).map(throwAwayCluster));
}
