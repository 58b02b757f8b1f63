import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { instanceDirectory } from '../stack/instance.ts';
import { provideSystem } from './provide-system.ts';

const name = 'test-faults';

/**
 * Crash points are on, a worker may hold as many messages as the test with two hundred in flight needs, and a gateway
 * leaves as it would behind a load balancer.
 */
export default async (project: TestProject) => {
  const crashes = join(instanceDirectory(name), 'crashes');
  const end = await provideSystem(project, name, { env: { LATCHKEY_CRASH_POINTS: crashes, LATCHKEY_DELIVERY_PREFETCH: '250', LATCHKEY_LEAVE_SECONDS: '1' } });
  mkdirSync(crashes, { recursive: true });
  return end;
};
