// Runs on any Node from 20.19 with nothing installed yet: brings node_modules up to date with package-lock.json and
// hands over to tools/<command>.ts on the Node that the lock file pins.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.latchkey-lock-hash');
const pinnedNode = join(modules, 'node', 'bin', 'node');
const neededMegabytes = 900;

function fail(message) {
  console.error(`\n${message}\n`);
  process.exit(1);
}

function checkNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Latchkey needs Node 20.19 or newer to set itself up; this is Node ${process.versions.node} (${process.execPath}).`);
}

function lockHash() {
  return createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

/** Whether what npm installed, by whichever command, is what package-lock.json asks for. */
function installedMatchesLock() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const installed = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages;
    const same = ([path, entry]) => {
      const found = installed[path];
      // Packages for other platforms are in the lock file and never installed.
      if (!found) return path === '' || !path.includes('node_modules/') || entry.optional || entry.devOptional || entry.peer;
      return found.version === entry.version && found.integrity === entry.integrity;
    };
    return Object.entries(wanted).every(same) && Object.keys(installed).every((path) => wanted[path]);
  } catch {
    return false;
  }
}

function dependenciesAreCurrent() {
  if (!existsSync(pinnedNode)) return false;
  const hash = lockHash();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return true;
  if (!installedMatchesLock()) return false;
  writeFileSync(stampFile, hash);
  return true;
}

function explainNpmFailure(output) {
  const tail = output.trim().split('\n').filter((line) => line.startsWith('npm error') && !/npm error( +--| *$)/.test(line)).slice(0, 12).join('\n') || output.trim().slice(-1_500);
  if (/npm ci. can only install packages when/.test(output))
    return `package.json and package-lock.json disagree. Run npm install, once, to bring the lock file up to date.\n${tail}`;
  if (/ENOSPC|no space left/i.test(output)) return `The disk is full: npm could not write to ${modules}.\n${tail}`;
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|network/i.test(output))
    return `npm could not reach its package registry: is this machine online, behind a proxy?\n${tail}`;
  if (/EACCES|EPERM/.test(output)) return `npm may not write to ${modules}: who owns it?\n${tail}`;
  return `npm ci failed.\n${tail}`;
}

function checkFreeSpace() {
  const { bavail, bsize } = statfsSync(root);
  const megabytes = Math.floor((bavail * bsize) / 1e6);
  if (megabytes < neededMegabytes)
    fail(`The disk of ${root} has ${megabytes} MB free; installing the dependencies needs ${neededMegabytes} MB.`);
}

async function installDependencies() {
  checkFreeSpace();
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  console.log('· dependencies: npm ci (first time: a minute or two)');
  const npmScript = process.env.npm_execpath;
  const [command, first] = npmScript ? [process.execPath, [npmScript]] : ['npm', []];
  const child = spawn(command, [...first, 'ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const heartbeat = setInterval(() => console.log(`  … still installing (${seconds()})`), 10_000);
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(1);
    });
    child.on('exit', (exitCode, signal) => resolve(signal ? 1 : exitCode));
  });
  clearInterval(heartbeat);
  if (code !== 0 || !existsSync(pinnedNode)) fail(explainNpmFailure(output || 'npm did not install the pinned Node.'));
  writeFileSync(stampFile, lockHash());
  console.log(`✓ dependencies (${seconds()})`);
}

/** Runs the command's own file; the terminal's signals reach it directly, others are passed on. */
function handOver(command, args) {
  const places = [join(root, command, 'main.ts'), join(root, 'e2e', command, 'main.ts'), join(root, 'tools', `${command}.ts`)];
  const script = places.find((place) => existsSync(place));
  if (!script) fail(`There is no command "${command}" (none of ${places.join(', ')} exists).`);
  const path = [join(modules, '.bin'), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(pinnedNode, ['--disable-warning=ExperimentalWarning', script, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  // Ctrl-C reaches the child as well, from the terminal; it takes two of the same within a second for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`Could not run ${pinnedNode}: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal) process.exit(128 + constants.signals[signal]);
    process.exit(code ?? 1);
  });
}

const [command, ...args] = process.argv.slice(2);
checkNodeVersion();
if (!command) fail('Usage: node tools/bootstrap.mjs <command>');
if (!dependenciesAreCurrent()) await installDependencies();
handOver(command, args);
