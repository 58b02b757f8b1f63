import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearSharedStack } from './checks/shared-stack.ts';
import { provideTestPackages } from './checks/test-packages.ts';
import { reportFailure } from './failure.ts';
import { rootDirectory } from './paths.ts';
import { secondsSince, terminalProgress } from './progress.ts';
import { endRunningCommands, refuseCommands } from './run-command.ts';
import { clearLeftBehindClusters } from './stack/cluster-folder.ts';
import { endProcess, markProcess } from './stack/processes.ts';
import { provideRabbitmq4, rabbitmq4Hindrance } from './stack/rabbitmq-4.ts';
import { clearLeftBehind } from './system/start-system.ts';

// npm run cluster: all messaging tests, and what the loss of a node comes to, on three nodes of RabbitMQ 3 and of 4; then the
// end-to-end tests of a system on those and on a Redis Cluster of three.
let vitest: ChildProcess | undefined;
let brokenOff = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void breakOff());

/** Browsers and tests that are killed leave their temporary folders: all lie in this one, which goes at the end. */
const temporary = mkdtempSync(join(tmpdir(), 'latchkey-cluster-'));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 5 }));

const running = runAll().catch((error: unknown) => {
  if (!brokenOff) reportFailure(error);
});
await running;
// Then it is the signal's turn to end this process.
if (brokenOff) await new Promise(() => undefined);

async function runAll(): Promise<void> {
  await provideTestPackages(terminalProgress());
  const releases = ['3'];
  const hindrance = rabbitmq4Hindrance();
  if (hindrance) console.log(`RabbitMQ 4 can't be had here: ${hindrance}.`);
  else {
    await terminalProgress().step('RabbitMQ 4', (note) => provideRabbitmq4(note));
    releases.push('4');
  }
  for (const release of releases) {
    for (const project of ['cluster', 'e2e']) {
      if (brokenOff) return;
      console.log(`\n# Three nodes of RabbitMQ ${release}${project === 'e2e' ? ' and of Redis' : ''}`);
      const code = await runTests(project, release);
      if (code !== 0) process.exitCode = code;
    }
  }
}

/** Arguments go to both projects: a file is in one of them alone. */
function runTests(project: string, release: string): Promise<number> {
  const chosen = process.argv.slice(2);
  const args = ['run', '--project', project, ...(chosen.length > 0 ? ['--passWithNoTests', ...chosen] : [])];
  return new Promise((resolve) => {
    // In a group of its own: Ctrl-C comes to this process alone, which ends all of it in turn.
    vitest = spawn(join(rootDirectory, 'node_modules/.bin/vitest'), args, {
      cwd: rootDirectory,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, LATCHKEY_TEST_RABBITMQ: release, LATCHKEY_TEST_CLUSTERS: '1', TMPDIR: temporary },
    });
    vitest.on('exit', (code) => {
      vitest = undefined;
      resolve(code ?? 1);
    });
  });
}

/** Ends what runs, and then the nodes, systems and stacks that it has no time to end itself. */
async function breakOff(): Promise<void> {
  if (brokenOff) return;
  brokenOff = true;
  const since = performance.now();
  console.log('\nStopping …');
  refuseCommands();
  const group = vitest?.pid;
  if (group) {
    await endProcess(markProcess(group), 'SIGTERM', 2_000);
    killGroup(group);
  }
  await endRunningCommands();
  await running;
  await Promise.allSettled([clearSharedStack('test-integration'), clearLeftBehind('test-e2e'), clearLeftBehindClusters()]);
  console.log(`Stopped (${secondsSince(since)}).`);
  process.exit(130);
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // None of it is left.
  }
}
