import { provideRabbitmq4 } from '../stack/rabbitmq-4.ts';
import { type BrokerCluster, startCluster } from '../stack/rabbitmq-cluster.ts';
import { installedRabbitmq } from '../stack/rabbitmq-release.ts';
import { startRedisCluster } from '../stack/redis-cluster.ts';

/** Three nodes of RabbitMQ: of the installed release, of 4.x with LATCHKEY_TEST_RABBITMQ=4. */
export async function startBrokerCluster(): Promise<BrokerCluster> {
  return startCluster({ release: process.env['LATCHKEY_TEST_RABBITMQ'] === '4' ? await provideRabbitmq4(console.log) : installedRabbitmq });
}

/** Three nodes of RabbitMQ and three of Redis, and the settings of a system that uses them in place of private servers. */
export async function startClusters(): Promise<{ environment: Record<string, string>; brokerMetricsPorts: readonly number[]; stop(): Promise<void> }> {
  const broker = await startBrokerCluster();
  try {
    const redis = await startRedisCluster();
    return {
      environment: { LATCHKEY_AMQP_URL: broker.urls.join(','), LATCHKEY_AMQP_MANAGEMENT_URL: broker.managementUrls[0]!, LATCHKEY_REDIS_URL: redis.url },
      brokerMetricsPorts: broker.metricsPorts,
      stop: async () => void (await Promise.all([broker.stop(), redis.stop()])),
    };
  } catch (error) {
    await broker.stop();
    throw error;
  }
}
