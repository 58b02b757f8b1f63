import type { TestProject } from 'vitest/node';
import { provideRabbitmq4 } from '../stack/rabbitmq-4.ts';
import { startCluster } from '../stack/rabbitmq-cluster.ts';
import { installedRabbitmq } from '../stack/rabbitmq-release.ts';
import { joinSharedStack } from './shared-stack.ts';
import { stackAccess } from './stack-access.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the cluster, for `openCluster`. */
    latchkeyCluster: string;
  }
}

/** Gives the tests three nodes of RabbitMQ, of 4.x with LATCHKEY_TEST_RABBITMQ=4, and the usual cache and database. */
export default async function provideCluster(project: TestProject): Promise<() => Promise<void>> {
  const release = process.env['LATCHKEY_TEST_RABBITMQ'] === '4' ? await provideRabbitmq4(console.log) : installedRabbitmq;
  const { instance, stack, leave } = await joinSharedStack('test-integration');
  try {
    const cluster = await startCluster({ release });
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
