import type { TestProject } from 'vitest/node';
import { startRedisCluster } from '../stack/redis-cluster.ts';
import { joinSharedStack } from './shared-stack.ts';
import { stackAccess } from './stack-access.ts';

/** Gives the integration tests a broker, a cache, a database and a Redis Cluster of their own, apart from a running system. */
export default async function provideStack(project: TestProject): Promise<() => Promise<void>> {
  const starting = startRedisCluster();
  const { instance, stack, leave } = await joinSharedStack('test-integration').catch(async (error: unknown) => {
    await starting.then((cluster) => cluster.stop(), () => undefined);
    throw error;
  });
  try {
    const cluster = await starting;
    project.provide('latchkeyStack', stackAccess(instance, stack));
    project.provide('latchkeyRedisCluster', cluster.url);
    return () => cluster.stop().finally(leave);
  } catch (error) {
    await leave();
    throw error;
  }
}
