import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { instanceDirectory } from '../stack/instance.ts';
import { startClusters } from './clusters.ts';
import { provideSystem } from './provide-system.ts';

const name = 'test-e2e';

/**
 * Everything is traced into a file here; the system of the fault tests runs without. With LATCHKEY_TEST_CLUSTERS=1 the same
 * tests look at a system on clusters.
 */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const traced = { LATCHKEY_TRACE_FILE: join(instanceDirectory(name), 'traces.jsonl') };
  if (process.env['LATCHKEY_TEST_CLUSTERS'] !== '1') return provideSystem(project, name, { env: traced });
  const clusters = await startClusters();
  try {
    const stop = await provideSystem(project, name, { env: { ...traced, ...clusters.environment }, brokerMetricsPorts: clusters.brokerMetricsPorts });
    return () => stop().finally(() => clusters.stop());
  } catch (error) {
    await clusters.stop();
    throw error;
  }
};
