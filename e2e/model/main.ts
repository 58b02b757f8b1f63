import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { reportFailure, startSystem, stopAllSystems, terminalProgress } from '@latchkey/tools';
import { runModel, summary } from './run-model.ts';

// npm run model: random orders of everything that people do, for as many runs as asked for, against a system of its own.
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string' },
    commands: { type: 'string', default: '60' },
    lanes: { type: 'string', default: '6' },
    path: { type: 'string' },
    replay: { type: 'string', default: '' },
  },
});
const progress = terminalProgress();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stopAllSystems().finally(() => process.exit(1)));

try {
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  const system = await startSystem({ instance: 'test-model', ports: 'free', quiet: true, throwAway: true });
  progress.say(`seed ${seed}, ${values.runs} runs`);
  const again = values.path === undefined ? undefined : { path: values.path, replayPath: values.replay };
  const result = await runModel(system, { runs: Number(values.runs), seed, commands: Number(values.commands), lanes: Number(values.lanes), progress: progress.say, ...(again && { again }) });
  progress.say(summary(result));
  if (result.failure) {
    progress.say(`\n${result.failure}`);
    process.exitCode = 1;
  }
} catch (error) {
  reportFailure(error);
} finally {
  await stopAllSystems();
}
