import { inject } from 'vitest';

/** The private broker, cache and database that the integration tests share; each test file takes a part of its own. */
export type TestStack = {
  amqpUrl: string;
  /** HTTP API of the broker's management plugin, with credentials. */
  amqpManagementUrl: string;
  redisUrl: string;
  /** An administrator's. */
  postgresUrl: string;
  /** One for each role that owns a schema, on the database that new ones are copied from. */
  roleUrls: Record<'auth' | 'codes' | 'delivery' | 'devices', string>;
};

/** The whole system that the end-to-end and fault tests look at. */
export type TestSystem = {
  /** For `openSystem` of the tools, which kills, stops and starts its processes. */
  instance: string;
  baseUrl: string;
  inboxUrl: string;
  /** Health and metrics of each process, by its name: `gateway`, `auth`, `delivery-sms` … */
  internalPorts: Record<string, number>;
  /** Where each node of the broker gives its figures to Prometheus. */
  brokerMetricsPorts: readonly number[];
  logPaths: Record<string, string>;
} & TestStack;

declare module 'vitest' {
  interface ProvidedContext {
    latchkeyStack: TestStack;
    latchkeySystem: TestSystem;
    /** Its nodes, as a service gets them. */
    latchkeyRedisCluster: string;
  }
}

export function testStack(): TestStack {
  const stack = inject('latchkeyStack') as TestStack | undefined;
  if (!stack) throw new Error('No broker, cache and database here: name the file *.integration.test.ts');
  return stack;
}

/** A Redis Cluster that all integration tests share; keys there are of logins and attempts of each test's own. */
export function testRedisCluster(): string {
  const url = inject('latchkeyRedisCluster') as string | undefined;
  if (!url) throw new Error('No Redis Cluster here: name the file *.integration.test.ts');
  return url;
}

export function testSystem(): TestSystem {
  const system = inject('latchkeySystem') as TestSystem | undefined;
  if (!system) throw new Error('No running system here: name the file e2e/*.e2e.test.ts or e2e/*.faults.test.ts');
  return system;
}
