import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { reportFailure, startSystem, stopAllSystems, terminalProgress } from '@latchkey/tools';
import { runModel, runStory, summary } from './run-model.ts';

// npm run model: random orders of everything that people do, for as many runs as asked for, against a system of its own;
// or, with --story, one that failed again.
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string' },
    commands: { type: 'string', default: '100' },
    lanes: { type: 'string', default: '6' },
    story: { type: 'string' },
  },
});
const progress = terminalProgress();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stopAllSystems().finally(() => process.exit(1)));

try {
  const system = await startSystem({ instance: 'test-model', ports: 'free', quiet: true, throwAway: true });
  if (values.story === undefined) await manyRuns(system);
  else finish(await runStory(system, JSON.parse(values.story)));
} catch (error) {
  reportFailure(error);
} finally {
  await stopAllSystems();
}

async function manyRuns(system: Awaited<ReturnType<typeof startSystem>>): Promise<void> {
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  progress.say(`seed ${seed}, ${values.runs} runs`);
  const result = await runModel(system, { runs: Number(values.runs), seed, commands: Number(values.commands), lanes: Number(values.lanes), progress: progress.say });
  progress.say(summary(result));
  finish(result.failure);
}

function finish(failure: string | undefined): void {
  if (failure) process.exitCode = 1;
  progress.say(failure ? `\n${failure}` : '✓ every rule held after every command');
}
