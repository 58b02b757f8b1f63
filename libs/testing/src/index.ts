export { eventually } from './eventually.ts';
export { freePort } from './free-port.ts';
export { codeIn, latestCode, readInbox, type InboxMessage } from './inbox.ts';
export { type Metrics, parseMetrics, readMetrics } from './metrics.ts';
export { Program } from './program.ts';
export { testRedisCluster, testStack, testSystem, type TestStack, type TestSystem } from './provided.ts';
export { testPostgres, type TestDatabase } from './test-postgres.ts';
export { slotsOf, testRedis, type TestRedis } from './test-redis.ts';
export { testVhost, type TestVhost } from './test-vhost.ts';
