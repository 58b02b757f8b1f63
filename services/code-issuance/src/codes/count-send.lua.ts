import { RedisScript } from '@latchkey/platform';

/**
 * Counts a send against every limit that it falls under, or, when one of them is reached, against none.
 *
 * KEYS  the counters (one slot)    ARGV  1 now (ms), then for each counter: sends allowed, window (ms)
 * Returns  {'counted'} | {'too_many', ms until all of them allow it again}
 */
export const countSendScript = new RedisScript(`
local now = tonumber(ARGV[1])
local counters, wait = {}, nil
for i, key in ipairs(KEYS) do
  local stored = redis.call('HMGET', key, 'sends', 'endsAt')
  local sends, endsAt = tonumber(stored[1] or '0'), tonumber(stored[2] or '0')
  if endsAt <= now then sends, endsAt = 0, now + tonumber(ARGV[2 * i + 1]) end
  if sends >= tonumber(ARGV[2 * i]) then wait = math.max(wait or 0, endsAt - now) end
  counters[i] = {sends, endsAt}
end
if wait then return {'too_many', wait} end
for i, key in ipairs(KEYS) do
  redis.call('HSET', key, 'sends', counters[i][1] + 1, 'endsAt', counters[i][2])
  redis.call('PEXPIRE', key, counters[i][2] - now)
end
return {'counted'}
`);

/**
 * Takes back what was counted for a send that did not happen.
 *
 * KEYS  the counters (one slot)    Returns  'uncounted'
 */
export const uncountSendScript = new RedisScript(`
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('HGET', key, 'sends') or '0') > 0 then redis.call('HINCRBY', key, 'sends', -1) end
end
return 'uncounted'
`);
