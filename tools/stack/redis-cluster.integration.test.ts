import { connectRedis, createLogger, isRedisReady } from '@latchkey/platform';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RedisCluster, startRedisCluster } from './redis-cluster.ts';

const names = Array.from({ length: 30 }, (_, index) => `name-${index}`);
let cluster: RedisCluster;
let redis: ReturnType<typeof connectRedis>;
beforeAll(async () => {
  cluster = await startRedisCluster();
  redis = connectRedis(cluster.url, createLogger('test', 'fatal'));
});
afterAll(async () => {
  redis.disconnect();
  await cluster.stop();
});

/** What was kept under each name, or `away`; none may be waited for for long. */
async function readAll(): Promise<(string | null)[]> {
  const asked = performance.now();
  const values = await Promise.all(names.map((name) => redis.get(name).catch(() => 'away')));
  expect(performance.now() - asked).toBeLessThan(3_500);
  return values;
}

test('of a cluster that loses a node commands fail soon, and all resume by themselves when it is back, nothing lost', async () => {
  for (const name of names) await redis.set(name, name);
  await cluster.kill9(1);
  expect(await readAll()).toContain('away');
  await eventually(async () => (await readAll()).every((value) => value === 'away'), { timeoutMs: 15_000, everyMs: 100, what: 'a cluster that knows of its loss' });
  expect(await isRedisReady(redis).catch(() => false)).toBe(false);
  await cluster.start(1);
  expect(await eventually(() => isRedisReady(redis), { timeoutMs: 15_000, what: 'readiness' })).toBe(true);
  await eventually(async () => (await readAll()).every((value, index) => value === names[index]), { timeoutMs: 15_000, everyMs: 100, what: 'every name' });
});
