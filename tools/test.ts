import { join } from 'node:path';
import { checkStep, report, vitestStep, type StepResult } from './checks/steps.ts';
import { clearSharedStack } from './checks/shared-stack.ts';
import { provideTestPackages } from './checks/test-packages.ts';
import { reportFailure } from './failure.ts';
import { rootDirectory } from './paths.ts';
import { secondsSince, silentProgress, terminalProgress } from './progress.ts';
import { endRunningCommands, refuseCommands } from './run-command.ts';
import { buildServices } from './system/build.ts';
import { clearLeftBehind } from './system/start-system.ts';

// npm test: everything, ending with the line `N passed, N failed`.
const startedAt = performance.now();
const program = (name: string) => join(rootDirectory, 'node_modules/.bin', name);

let brokenOff = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void breakOff());

const results: StepResult[] = [];
try {
  await provideTestPackages(terminalProgress());

  // Two lanes for two cores.
  results.push(...(await Promise.all([staticChecks(), build()])).flat());

  // Again two: most of the time of an end-to-end test is waiting, and it has a system and a stack of its own.
  results.push(...(await Promise.all([vitestSteps(['unit tests', 'unit'], ['integration tests', 'integration']), vitestSteps(['end-to-end tests', 'e2e'])])).flat());
  // Alone, since they measure how long a fault is felt.
  results.push(...(await vitestSteps(['fault tests', 'faults'])));
} catch (error) {
  reportFailure(error);
  results.push({ name: 'set-up', passed: 0, failed: 1 });
}

// Then it is the signal's turn to end this process.
if (brokenOff) await new Promise(() => undefined);

const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`\nAll of it took ${secondsSince(startedAt)}.`);
for (const result of results) if (result.failed > 0) console.log(`  failed: ${result.name}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? (process.exitCode ?? 0) : 1;

async function staticChecks(): Promise<StepResult[]> {
  return [
    await checkStep('types', program('tsc'), ['-p', 'tsconfig.json', '--noEmit']),
    await checkStep('lint and module boundaries', program('eslint'), ['.', '--max-warnings', '0'], { ...process.env, NX_DAEMON: 'false' }),
    await checkStep('types of the website', program('tsc'), ['-p', 'services/web/tsconfig.json', '--noEmit']),
  ];
}

async function vitestSteps(...steps: [name: string, project: string][]): Promise<StepResult[]> {
  const results = [];
  for (const [name, project] of steps) if (!brokenOff) results.push(await vitestStep(name, project));
  return results;
}

/** A run that is broken off takes down the systems that its tests have started. */
async function breakOff(): Promise<void> {
  if (brokenOff) return;
  brokenOff = true;
  console.log('\nStopping …');
  refuseCommands();
  await endRunningCommands();
  await Promise.allSettled([clearSharedStack('test-integration'), clearLeftBehind('test-e2e'), clearLeftBehind('test-faults')]);
  process.exit(130);
}

function build(): Promise<StepResult> {
  return report('build', async () => {
    try {
      await buildServices(silentProgress);
      return { passed: 1, failed: 0, output: '' };
    } catch (error) {
      return { passed: 0, failed: 1, output: error instanceof Error ? error.message : String(error) };
    }
  });
}
