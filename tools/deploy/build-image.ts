import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { rootDirectory } from '../paths.ts';
import { environmentOf, type Copy, parseCopy, type Stage, withBase } from './dockerfile.ts';

const run = promisify(execFile);
const skipped = new Set(['node_modules', 'dist', '.nx']);

/**
 * Does what the Dockerfile says in clean folders, one for each stage, where no Docker engine is: copies what it copies and
 * runs what it runs. Only `npm ci` is not run; the packages that are here already stand in for what it installs.
 */
export async function buildStage(stages: Stage[], target: string, folders: string): Promise<string> {
  const root = join(folders, target);
  const instructions = withBase(stages, target);
  let directory = '/';
  for (const [index, { name, text }] of instructions.entries()) {
    if (name === 'WORKDIR') directory = text;
    if (name === 'COPY') copy(parseCopy(text), root, directory, folders);
    if (name !== 'RUN') continue;
    if (/^npm ci\b/.test(text)) linkPackages(join(root, directory));
    else await runShell(text, join(root, directory), environmentOf(instructions.slice(0, index)));
  }
  return root;
}

/** As Docker copies: a folder's content into the destination, a file into a folder that ends in a slash or to a name. */
function copy({ from, sources, destination }: Copy, root: string, directory: string, folders: string): void {
  const target = join(root, posix.resolve(directory, destination));
  for (const source of sources) {
    const path = from === undefined ? join(rootDirectory, source) : join(folders, from, source);
    const isFile = statSync(path).isFile();
    const into = isFile && /(^|\/)(\.\/?)?$/.test(destination) ? join(target, basename(source)) : target;
    mkdirSync(dirname(into), { recursive: true });
    // What comes from us is filtered as by .dockerignore.
    cpSync(path, into, { recursive: true, dereference: true, filter: (file) => from !== undefined || !skipped.has(basename(file)) });
  }
}

/** Links to the packages of this checkout; our own ones are those of the clean folder. */
function linkPackages(root: string): void {
  const modules = join(root, 'node_modules');
  mkdirSync(join(modules, '@latchkey'), { recursive: true });
  for (const name of readdirSync(join(rootDirectory, 'node_modules'))) {
    if (!['@latchkey', '.cache', '.vite'].includes(name)) symlinkSync(join(rootDirectory, 'node_modules', name), join(modules, name));
  }
  for (const group of ['libs', 'services']) {
    for (const name of readdirSync(join(root, group))) {
      symlinkSync(`../../${group}/${name}`, join(modules, '@latchkey', name));
      const own = join(rootDirectory, group, name, 'node_modules');
      if (existsSync(own)) symlinkSync(own, join(root, group, name, 'node_modules'));
    }
  }
}

async function runShell(command: string, cwd: string, environment: Record<string, string>): Promise<void> {
  const { HOME, PATH = '' } = process.env;
  const env = { PATH: `${dirname(process.execPath)}:${PATH}`, ...(HOME !== undefined && { HOME }), ...environment, NX_SKIP_NX_CACHE: 'true' };
  await run('/bin/sh', ['-c', command], { cwd, env, maxBuffer: 64 * 1024 * 1024 });
}
