import type { TestStack } from '@latchkey/testing';
import { databaseOwners, roleUrl } from '../stack/databases.ts';
import type { Instance } from '../stack/instance.ts';
import { rabbitmqManagementUrl } from '../stack/rabbitmq.ts';
import type { Stack } from '../stack/stack.ts';

/** What a test needs to reach the broker, of a cluster its first node, the cache and the database of an instance, as data. */
export function stackAccess(instance: Instance, stack: Stack, amqpManagementUrl = rabbitmqManagementUrl(instance)): TestStack {
  return {
    amqpUrl: stack.rabbitmq.url.split(',')[0]!,
    amqpManagementUrl,
    redisUrl: stack.redis.url,
    postgresUrl: stack.postgres.url,
    roleUrls: Object.fromEntries(databaseOwners.map((owner) => [owner, roleUrl(instance, stack.postgres.url, owner)])) as TestStack['roleUrls'],
  };
}
