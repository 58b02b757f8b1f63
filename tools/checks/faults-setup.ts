import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { instanceDirectory } from '../stack/instance.ts';
import { provideSystem } from './provide-system.ts';

const name = 'test-faults';

/** Crash points are on, and a worker may hold as many messages as the test with two hundred in flight needs. */
export default async (project: TestProject) => {
  const crashes = join(instanceDirectory(name), 'crashes');
  const end = await provideSystem(project, name, { LATCHKEY_CRASH_POINTS: crashes, LATCHKEY_DELIVERY_PREFETCH: '250' });
  mkdirSync(crashes, { recursive: true });
  return end;
};
