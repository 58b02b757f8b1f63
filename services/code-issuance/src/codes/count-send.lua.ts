import { RedisScript } from '@latchkey/platform';

// Texts of one prefix and the codes of them that were entered, counted by half minutes over an hour, in a hash of
// `sent:<half minute>`, `entered:<half minute>` and `told`, which is there while the prefix is blocked.
const bucketMs = 30_000;
const bucketsLua = `
local bucketMs, buckets = ${bucketMs}, 120
local function countIn(key, word, by)
  redis.call('HINCRBY', key, word .. ':' .. math.floor(now / bucketMs), by)
  redis.call('PEXPIRE', key, bucketMs * buckets)
end
`;

/**
 * Counts a send against every limit that it falls under, or, when one of them is reached, against none.
 *
 * KEYS  the counters, and last the texts of the prefix, for a text (one slot)
 * ARGV  1 now (ms)  2 texts of a prefix before it matters how many of their codes are entered, or 0 when it is no text
 *       3 per cent of them that have to be, then for each counter: sends allowed, window (ms)
 * Returns  {'counted'} | {'too_many', ms until all of them allow it again, number of the counter that takes longest}
 *          | {'not_entered', ms until the prefix is open again, texts, entered, 1 for the first that is refused}
 */
export const countSendScript = new RedisScript(`
local now, textsToJudge = tonumber(ARGV[1]), tonumber(ARGV[2])
${bucketsLua}
local texts = textsToJudge > 0 and table.remove(KEYS) or nil
local counters, wait, longest = {}, nil, nil
for i, key in ipairs(KEYS) do
  local stored = redis.call('HMGET', key, 'sends', 'endsAt')
  local sends, endsAt = tonumber(stored[1] or '0'), tonumber(stored[2] or '0')
  if endsAt <= now then sends, endsAt = 0, now + tonumber(ARGV[2 * i + 3]) end
  if sends >= tonumber(ARGV[2 * i + 2]) and endsAt - now > (wait or -1) then wait, longest = endsAt - now, i end
  counters[i] = {sends, endsAt}
end
if wait then return {'too_many', wait, longest} end

if texts then
  local current, sent, entered, sentIn = math.floor(now / bucketMs), 0, 0, {}
  local fields = redis.call('HGETALL', texts)
  for i = 1, #fields, 2 do
    local word, bucket = string.match(fields[i], '^(%a+):(%d+)$')
    local count = tonumber(fields[i + 1])
    bucket = tonumber(bucket)
    if bucket and bucket <= current - buckets then redis.call('HDEL', texts, fields[i])
    elseif word == 'entered' then entered = entered + count
    -- Younger than half a minute is too young: many people at once are no abuse, and they are typing still.
    elseif word == 'sent' and bucket < current - 1 then
      sent = sent + count
      table.insert(sentIn, {bucket, count})
    end
  end
  if sent >= textsToJudge and entered * 100 < sent * tonumber(ARGV[3]) then
    table.sort(sentIn, function(a, b) return a[1] < b[1] end)
    local left, opensAt = sent, now
    for _, old in ipairs(sentIn) do
      if left < textsToJudge then break end
      left, opensAt = left - old[2], (old[1] + buckets) * bucketMs
    end
    return {'not_entered', opensAt - now, sent, entered, redis.call('HSETNX', texts, 'told', now)}
  end
  redis.call('HDEL', texts, 'told')
  countIn(texts, 'sent', 1)
end
for i, key in ipairs(KEYS) do
  redis.call('HSET', key, 'sends', counters[i][1] + 1, 'endsAt', counters[i][2])
  redis.call('PEXPIRE', key, counters[i][2] - now)
end
return {'counted'}
`);

/**
 * Takes back what was counted for a send that did not happen.
 *
 * KEYS  as above    ARGV  1 now (ms)  2 whether it is a text: 1 or 0    Returns  'uncounted'
 */
export const uncountSendScript = new RedisScript(`
local now = tonumber(ARGV[1])
${bucketsLua}
if ARGV[2] == '1' then countIn(table.remove(KEYS), 'sent', -1) end
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('HGET', key, 'sends') or '0') > 0 then redis.call('HINCRBY', key, 'sends', -1) end
end
return 'uncounted'
`);

/**
 * The code of a text was entered.
 *
 * KEYS  1 the texts of its prefix    ARGV  1 now (ms)    Returns  'counted'
 */
export const countEnteredScript = new RedisScript(`
local now = tonumber(ARGV[1])
${bucketsLua}
countIn(KEYS[1], 'entered', 1)
return 'counted'
`);
