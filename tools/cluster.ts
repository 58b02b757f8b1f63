import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { provideTestPackages } from './checks/test-packages.ts';
import { reportFailure } from './failure.ts';
import { rootDirectory } from './paths.ts';
import { terminalProgress } from './progress.ts';
import { provideRabbitmq4, rabbitmq4Hindrance } from './stack/rabbitmq-4.ts';

// npm run cluster: all messaging tests, and what the loss of a node comes to, on three nodes of RabbitMQ 3 and of 4.
let vitest: ReturnType<typeof spawn> | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
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
    console.log(`\n# Three nodes of RabbitMQ ${release}`);
    const code = await runTests(release);
    if (code !== 0) process.exitCode = code;
  }
} catch (error) {
  reportFailure(error);
}

function runTests(release: string): Promise<number> {
  return new Promise((resolve) => {
    vitest = spawn(join(rootDirectory, 'node_modules/.bin/vitest'), ['run', '--project', 'cluster', ...process.argv.slice(2)], {
      cwd: rootDirectory,
      stdio: 'inherit',
      env: { ...process.env, LATCHKEY_TEST_RABBITMQ: release },
    });
    vitest.on('exit', (code) => resolve(code ?? 1));
  });
}
