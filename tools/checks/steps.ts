import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootDirectory } from '../paths.ts';
import { secondsSince } from '../progress.ts';
import { runCommand } from '../run-command.ts';

export type StepResult = { name: string; passed: number; failed: number };

/** A check that passes or fails as a whole; counts as one test. */
export async function checkStep(name: string, command: string, args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<StepResult> {
  return report(name, async () => {
    const { code, output } = await runCommand(command, args, environment);
    return code === 0 ? { passed: 1, failed: 0, output: '' } : { passed: 0, failed: 1, output };
  });
}

type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; message?: string; assertionResults: { status: string }[] }[];
};

/** The tests of one vitest project; a project without tests has failed, and so has a file that could not be loaded. */
export async function vitestStep(name: string, project: string): Promise<StepResult> {
  return report(name, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-test-'));
    const file = join(folder, 'report.json');
    try {
      const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
      const { code, output } = await runCommand(join(rootDirectory, 'node_modules/.bin/vitest'), args, { ...process.env, FORCE_COLOR: '0' });
      if (!existsSync(file)) return { passed: 0, failed: 1, output };
      return { ...countTests(JSON.parse(readFileSync(file, 'utf8')) as VitestReport, code), output };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** An unhandled error fails vitest without failing any test: that too is one failure. */
export function countTests(results: VitestReport, exitCode: number): { passed: number; failed: number; skipped: number } {
  const unloadable = results.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')).length;
  let failed = results.numFailedTests + unloadable;
  if (failed === 0 && (exitCode !== 0 || results.numPassedTests === 0)) failed = 1;
  return { passed: results.numPassedTests, failed, skipped: results.numPendingTests + results.numTodoTests };
}

/** Prints name, result and time as the step ends, and everything it said when it failed. */
export async function report(name: string, work: () => Promise<{ passed: number; failed: number; skipped?: number; output: string }>): Promise<StepResult> {
  const startedAt = performance.now();
  console.log(`· ${name}`);
  const { passed, failed, skipped = 0, output } = await work();
  const counts = [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])].join(', ');
  const mark = failed === 0 ? '✓' : '✗';
  const said = failed === 0 ? '' : `\n${output.trim()}\n`;
  console.log(`${mark} ${name}: ${counts} (${secondsSince(startedAt)})${said}`);
  return { name, passed, failed };
}
