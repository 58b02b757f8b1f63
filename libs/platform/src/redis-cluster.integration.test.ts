import { slotsOf, testRedisCluster } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { connectRedis, type RedisClient, serversOf } from './redis.ts';
import { RedisScript } from './redis-script.ts';

const quiet = createLogger('test', 'fatal');
const names = Array.from({ length: 60 }, (_, index) => `platform-test:{${index}}`);
let redis: RedisClient;
beforeAll(() => {
  redis = connectRedis(testRedisCluster(), quiet);
});
afterAll(() => redis.disconnect());

it('a script finds its keys on every node of a cluster, also on one that does not know it yet', async () => {
  const script = new RedisScript(`return redis.call('INCRBY', KEYS[1], ARGV[1]) + redis.call('INCRBY', KEYS[2], ARGV[1]) -- ${Math.random()}`);
  const run = () => Promise.all(names.map((name, index) => script.run(redis, [`${name}:a`, `${name}:b`], [index])));
  expect(await run()).toEqual(names.map((_, index) => 2 * index));
  expect(await run()).toEqual(names.map((_, index) => 4 * index));
  const servers = await serversOf(redis);
  expect(servers).toHaveLength(3);
  const held = await Promise.all(servers.map((server) => server.keys('platform-test:*')));
  for (const keys of held) expect(keys.length).toBeGreaterThan(0);
  expect(held.flat()).toHaveLength(2 * names.length);
});

it('a cluster refuses what has keys in several slots: a test on one sees it', async () => {
  expect(slotsOf(['a', 'b'])).toHaveLength(2);
  await expect(new RedisScript('return #KEYS').run(redis, ['a', 'b'], [])).rejects.toThrow(/CROSSSLOT/);
});

it('one name for all nodes is enough, and the others are heard of from it', async () => {
  const [first = ''] = testRedisCluster().split(',');
  const other = connectRedis(first.replace('redis:', 'redis+cluster:'), quiet);
  try {
    await Promise.all(names.map((name) => other.set(`${name}:c`, name)));
    expect(await Promise.all(names.map((name) => redis.get(`${name}:c`)))).toEqual(names);
  } finally {
    other.disconnect();
  }
});

it('commands that are given in one turn of the event loop go out together, on every node', async () => {
  for (const server of await serversOf(redis)) {
    await server.ping();
    const answers = [server.ping(), server.ping()];
    expect(server.stream.writableLength).toBeGreaterThan(0);
    expect(await Promise.all(answers)).toEqual(['PONG', 'PONG']);
    expect(server.stream.writableLength).toBe(0);
  }
});

it('with no node of a cluster there a command fails within the time that one of a single server does', async () => {
  const away = connectRedis('redis://127.0.0.1:1,redis://127.0.0.1:2', quiet);
  try {
    for (let tries = 0; tries < 3; tries += 1) {
      const asked = performance.now();
      await expect(away.get('anything')).rejects.toThrow(/no node of the Redis Cluster is reachable|timed out/);
      expect(performance.now() - asked).toBeLessThan(3_500);
    }
  } finally {
    away.disconnect();
  }
});
