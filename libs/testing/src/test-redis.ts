import { Command, Redis } from 'ioredis';
import { testStack } from './provided.ts';

export type TestRedis = { url: string; release(): Promise<void> };

const lastDatabase = 255;

/** A numbered database of this test file's own, empty; database 0 keeps who has which. */
export async function testRedis(): Promise<TestRedis> {
  const { redisUrl } = testStack();
  const register = new Redis(redisUrl);
  try {
    const number = await claimDatabase(register);
    const url = `${redisUrl}/${number}`;
    await emptyDatabase(url);
    return {
      url,
      async release() {
        await emptyDatabase(url);
        await withRedis(redisUrl, async (redis) => void (await redis.del(claimKey(number))));
      },
    };
  } finally {
    register.disconnect();
  }
}

async function claimDatabase(register: Redis): Promise<number> {
  const first = 1 + Math.floor(Math.random() * lastDatabase);
  for (let tries = 0; tries < lastDatabase; tries += 1) {
    const number = 1 + ((first + tries) % lastDatabase);
    // A file that crashed does not keep its number for ever.
    if ((await register.set(claimKey(number), process.pid, 'EX', 1_800, 'NX')) === 'OK') return number;
  }
  throw new Error('every Redis database is taken: some test file does not release its own');
}

function claimKey(number: number): string {
  return `test-database:${number}`;
}

async function emptyDatabase(url: string): Promise<void> {
  await withRedis(url, async (redis) => void (await redis.flushdb()));
}

async function withRedis(url: string, work: (redis: Redis) => Promise<void>): Promise<void> {
  const redis = new Redis(url);
  try {
    await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** Which slots of a Redis Cluster these keys lie in, each once. */
export const slotsOf = (keys: readonly string[]): number[] => [...new Set(keys.map((key) => new Command('GET', [key]).getSlot()))].map(Number);
