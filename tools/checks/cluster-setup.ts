import type { TestProject } from 'vitest/node';
import { startBrokerCluster } from './clusters.ts';
import { joinSharedStack } from './shared-stack.ts';
import { stackAccess } from './stack-access.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the cluster, for `openCluster`. */
    latchkeyCluster: string;
  }
}

/** Gives the tests three nodes of RabbitMQ, and the usual cache and database. */
export default async function provideCluster(project: TestProject): Promise<() => Promise<void>> {
  const { instance, stack, leave } = await joinSharedStack('test-integration');
  try {
    const cluster = await startBrokerCluster();
    project.provide('latchkeyCluster', cluster.directory);
    project.provide('latchkeyStack', { ...stackAccess(instance, stack), amqpUrl: cluster.urls[0]!, amqpManagementUrl: cluster.managementUrls[0]! });
    return async () => {
      await cluster.stop();
      await leave();
    };
  } catch (error) {
    await leave();
    throw error;
  }
}
