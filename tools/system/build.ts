import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from '../failure.ts';
import { privateDirectory, rootDirectory } from '../paths.ts';
import type { Progress } from '../progress.ts';
import { runCommand } from '../run-command.ts';
import { mainFile, serviceNames } from './services.ts';

const stampFile = join(privateDirectory, 'build-stamp');
const rootFiles = ['package-lock.json', 'tsconfig.base.json', 'nx.json', 'rolldown.config.mjs'];
const skippedFolders = new Set(['node_modules', 'dist', '.nx', 'coverage', 'test-results']);

/** Builds what changed since the last build; asks Nx only when something did, since Nx alone takes seconds to answer. */
export async function buildServices(progress: Progress): Promise<void> {
  const stamp = sourcesStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && serviceNames.every((name) => existsSync(join(rootDirectory, mainFile(name))))) return;
  await progress.step('building the services and the website', async (note) => {
    const heartbeat = setInterval(() => note('still building'), 10_000);
    // Without its daemon, which would outlive us.
    const environment = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true', FORCE_COLOR: '0' };
    const { code, output } = await runCommand(join(rootDirectory, 'node_modules/.bin/nx'), ['run-many', '-t', 'build', '--outputStyle=static'], environment);
    clearInterval(heartbeat);
    if (code !== 0) throw new SetupFailure(/ENOSPC|no space left/i.test(output) ? 'The disk is full: the build could not be written.' : `The build failed:\n${output.trim()}`);
    const missing = serviceNames.map(mainFile).filter((file) => !existsSync(join(rootDirectory, file)));
    if (missing.length > 0) throw new SetupFailure(`The build made no ${missing.join(', ')}.`);
  });
  mkdirSync(privateDirectory, { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Changes whenever a source file does: from names, sizes and times, in milliseconds for a thousand files. */
function sourcesStamp(): string {
  const hash = createHash('sha256');
  const visit = (path: string) => {
    const stats = statSync(join(rootDirectory, path));
    if (!stats.isDirectory()) hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`);
    else for (const name of readdirSync(join(rootDirectory, path)).sort()) if (!skippedFolders.has(name)) visit(join(path, name));
  };
  for (const path of [...rootFiles, 'libs', 'services']) if (existsSync(join(rootDirectory, path))) visit(path);
  return hash.digest('hex');
}
