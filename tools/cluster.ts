import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { provideTestPackages } from './checks/test-packages.ts';
import { reportFailure } from './failure.ts';
import { rootDirectory } from './paths.ts';
import { terminalProgress } from './progress.ts';
import { provideRabbitmq4, rabbitmq4Hindrance } from './stack/rabbitmq-4.ts';

// npm run cluster: all messaging tests, and what the loss of a node comes to, on three nodes of RabbitMQ 3 and of 4; then the
// end-to-end tests of a system on those and on a Redis Cluster of three.
let vitest: ReturnType<typeof spawn> | undefined;
let brokenOff = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    brokenOff = true;
    releases.length = 0;
    vitest?.kill(signal);
  });

const releases = ['3', '4'];
try {
  await provideTestPackages(terminalProgress());
  const hindrance = rabbitmq4Hindrance();
  if (hindrance) {
    releases.pop();
    console.log(`RabbitMQ 4 can't be had here: ${hindrance}.`);
  } else await terminalProgress().step('RabbitMQ 4', (note) => provideRabbitmq4(note));
  for (let release = releases.shift(); release; release = releases.shift()) {
    for (const project of ['cluster', 'e2e']) {
      if (brokenOff) break;
      console.log(`\n# Three nodes of RabbitMQ ${release}${project === 'e2e' ? ' and of Redis' : ''}`);
      const code = await runTests(project, release);
      if (code !== 0) process.exitCode = code;
    }
  }
} catch (error) {
  reportFailure(error);
}

/** Arguments go to both projects: a file is in one of them alone. */
function runTests(project: string, release: string): Promise<number> {
  const chosen = process.argv.slice(2);
  const args = ['run', '--project', project, ...(chosen.length > 0 ? ['--passWithNoTests', ...chosen] : [])];
  return new Promise((resolve) => {
    vitest = spawn(join(rootDirectory, 'node_modules/.bin/vitest'), args, {
      cwd: rootDirectory,
      stdio: 'inherit',
      env: { ...process.env, LATCHKEY_TEST_RABBITMQ: release, LATCHKEY_TEST_CLUSTERS: '1' },
    });
    vitest.on('exit', (code) => resolve(code ?? 1));
  });
}
