import { RedisScript } from '../redis-script.ts';

/**
 * Counts one try and judges it, at once: fifty tries at the same moment count as fifty.
 *
 * KEYS  1 attempt  2 failures of the login   (one slot)
 * ARGV  1 now (ms)  2 method id  3 HMAC of the typed code, or '' to count only (authenticator codes are judged by who knows
 *       the secret)  4 tries per attempt  5 failures before a lock  6 first lock (ms)  7 longest lock (ms)
 * Returns  {'right'} | {'counted', tries left} | {'wrong', tries left} | {'expired'} | {'over'} | {'locked', ms}
 */
export const judgeCodeScript = new RedisScript(`
local now, method, codeHmac, triesAllowed = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4])
local lockedUntil = tonumber(redis.call('HGET', KEYS[2], 'lockedUntil') or '0')
if lockedUntil > now then return {'locked', lockedUntil - now} end
local attempt = redis.call('HMGET', KEYS[1], 'expiresAt', 'used', 'tries', 'codeHmac:' .. method)
if attempt[2] or tonumber(attempt[3] or '0') >= triesAllowed then return {'over'} end
if codeHmac ~= '' then
  if not attempt[1] then return {'over'} end
  if tonumber(attempt[1]) <= now then return {'expired'} end
  if attempt[4] == codeHmac then
    redis.call('HSET', KEYS[1], 'used', 1)
    redis.call('DEL', KEYS[2])
    return {'right'}
  end
end
local tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
-- Without a sent code the attempt has no expiry yet: it is kept as long as an attempt lives.
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], 900000) end
local failures = redis.call('HINCRBY', KEYS[2], 'count', 1)
redis.call('PEXPIRE', KEYS[2], 604800000)
local beyond = failures - tonumber(ARGV[5])
if beyond >= 0 then
  local wait = math.min(tonumber(ARGV[6]) * 2 ^ math.min(beyond, 30), tonumber(ARGV[7]))
  redis.call('HSET', KEYS[2], 'lockedUntil', string.format('%.0f', now + wait))
end
return {codeHmac == '' and 'counted' or 'wrong', triesAllowed - tries}
`);

/**
 * Ends an attempt whose authenticator code was right, once.
 *
 * KEYS  1 attempt  2 failures of the login   (one slot)    Returns  {'right'} | {'over'}
 */
export const useAttemptScript = new RedisScript(`
if redis.call('HSETNX', KEYS[1], 'used', 1) == 0 then return {'over'} end
redis.call('PEXPIRE', KEYS[1], 900000)
redis.call('DEL', KEYS[2])
return {'right'}
`);
