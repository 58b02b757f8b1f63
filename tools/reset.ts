import { existsSync, rmSync } from 'node:fs';
import { reportFailure, SetupFailure } from './failure.ts';
import { secondsSince } from './progress.ts';
import { Instance, instanceDirectory } from './stack/instance.ts';
import { endProcess, readLiveMark } from './stack/processes.ts';
import { abandonStack } from './stack/stack.ts';
import { serviceNames } from './system/services.ts';

// npm run reset: stops what `npm start` runs from this checkout and deletes its data.
const startedAt = performance.now();
try {
  await reset('dev');
} catch (error) {
  reportFailure(error);
}

async function reset(name: string): Promise<void> {
  const directory = instanceDirectory(name);
  if (!existsSync(directory)) {
    console.log('Nothing to clear: there is no data of npm start here.');
    return;
  }
  const instance = openIfReadable(name);
  if (instance) await endEverything(instance);
  instance?.deleteData();
  rmSync(directory, { recursive: true, force: true });
  console.log(`Cleared ${directory} (${secondsSince(startedAt)}). The next npm start begins anew.`);
  const external = Object.entries(instance?.state.sources ?? {}).filter(([, source]) => source === 'environment');
  if (external.length > 0) console.log(`Left alone, since others run it: ${external.map(([part]) => part).join(', ')}.`);
}

function openIfReadable(name: string): Instance | undefined {
  try {
    return Instance.open(name);
  } catch (error) {
    if (error instanceof SetupFailure) return undefined;
    throw error;
  }
}

async function endEverything(instance: Instance): Promise<void> {
  const supervisor = readLiveMark(instance.pidFile('supervisor'));
  if (supervisor) {
    console.log(`Stopping npm start (process ${supervisor.pid}) …`);
    await endProcess(supervisor, 'SIGTERM', 60_000);
  }
  const leftovers = serviceNames.map((name) => readLiveMark(instance.pidFile(name)));
  await Promise.all(leftovers.map((mark) => mark && endProcess(mark, 'SIGTERM', 5_000)));
  await abandonStack(instance);
}
