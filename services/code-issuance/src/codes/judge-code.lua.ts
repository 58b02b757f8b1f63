/**
 * Counts one try and judges it, at once: fifty tries at the same moment count as fifty.
 *
 * KEYS  1 attempt hash  2 failures of the login   (one slot)
 * ARGV  1 now (ms)  2 HMAC of the typed code, or '' to count only (authenticator codes are judged by who knows the secret)
 *       3 tries per attempt  4 failures before a lock  5 first lock (ms)  6 longest lock (ms)
 * Returns  {'right'} | {'counted', tries left} | {'wrong', tries left} | {'expired'} | {'over'} | {'locked', ms}
 */
export const judgeCodeLua = `
local now = tonumber(ARGV[1])
local lockedUntil = tonumber(redis.call('HGET', KEYS[2], 'lockedUntil') or '0')
if lockedUntil > now then return {'locked', lockedUntil - now} end
local attempt = redis.call('HMGET', KEYS[1], 'expiresAt', 'used', 'tries', 'codeHmac')
local tries = tonumber(attempt[3] or '0')
if attempt[2] or tries >= tonumber(ARGV[3]) then return {'over'} end
if ARGV[2] ~= '' then
  if not attempt[4] then return {'over'} end
  if tonumber(attempt[1]) <= now then return {'expired'} end
  if attempt[4] == ARGV[2] then
    redis.call('HSET', KEYS[1], 'used', 1)
    redis.call('DEL', KEYS[2])
    return {'right'}
  end
end
tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], 900000) end
local failures = redis.call('HINCRBY', KEYS[2], 'count', 1)
redis.call('PEXPIRE', KEYS[2], 604800000)
if failures >= tonumber(ARGV[4]) then
  local locks = failures - tonumber(ARGV[4])
  local wait = math.min(tonumber(ARGV[5]) * 2 ^ math.min(locks, 30), tonumber(ARGV[6]))
  redis.call('HSET', KEYS[2], 'lockedUntil', string.format('%.0f', now + wait))
end
local left = tonumber(ARGV[3]) - tries
if ARGV[2] == '' then return {'counted', left} end
return {'wrong', left}
`;

/**
 * Ends an attempt whose authenticator code was right, once.
 *
 * KEYS  1 attempt hash  2 failures of the login    Returns  {'right'} | {'over'}
 */
export const useAttemptLua = `
if redis.call('HSETNX', KEYS[1], 'used', 1) == 0 then return {'over'} end
redis.call('PEXPIRE', KEYS[1], 900000)
redis.call('DEL', KEYS[2])
return {'right'}
`;
