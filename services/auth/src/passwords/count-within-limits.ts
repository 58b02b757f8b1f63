import { type RedisClient, RedisScript } from '@latchkey/platform';

// KEYS: counts (one slot). ARGV: the limit of each in turn, window seconds. Counts one in all of them and returns 0; with one at
// its limit counts nothing and returns the seconds to wait.
const countScript = new RedisScript(`
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[i]) then return math.max(1, redis.call('TTL', key)) end
end
for _, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then redis.call('EXPIRE', key, ARGV[#KEYS + 1]) end
end
return 0`);

/** Counts in one step, fifty at once as fifty; gives 0, or the seconds to wait where a limit is reached. The window begins with the first. */
export const countWithinLimits = async (redis: RedisClient, counts: readonly { key: string; limit: number }[], windowSeconds: number): Promise<number> =>
  (await countScript.run(redis, counts.map(({ key }) => key), [...counts.map(({ limit }) => limit), windowSeconds])) as number;
