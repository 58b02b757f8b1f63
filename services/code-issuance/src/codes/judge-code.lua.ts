import { RedisScript } from '@latchkey/platform';

/**
 * Counts one try and judges it, at once: fifty tries at the same moment count as fifty.
 *
 * KEYS  1 attempt  2 failures of the login   (one slot)
 * ARGV  1 now (ms)  2 id of the method that the person was asked for  3 tries per attempt  4 failures before a lock
 *       5 first lock (ms)  6 longest lock (ms)  7 id of the request, or ''  8… HMACs of the typed code, one under each key; none to count only
 *       (authenticator codes are judged by who knows the secret)
 * Returns  {'right', id of the method that the code was sent by} | {'counted', tries left} | {'wrong', tries left}
 *          | {'expired'} | {'over'} | {'locked', ms}
 */
export const judgeCodeScript = new RedisScript(`
local now, asked, triesAllowed, request = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[7]
local fields, attempt = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #fields, 2 do attempt[fields[i]] = fields[i + 1] end
-- The same request once more: whoever asked died before it could use the answer, and asks again.
if request ~= '' and attempt.used == request then return {'right', attempt.usedMethod} end
local lockedUntil = tonumber(redis.call('HGET', KEYS[2], 'lockedUntil') or '0')
if lockedUntil > now then return {'locked', lockedUntil - now} end
if attempt.used or tonumber(attempt.tries or '0') >= triesAllowed then return {'over'} end

local function methodOf(codeHmac)
  if attempt['codeHmac:' .. asked] == codeHmac then return asked end
  for field, value in pairs(attempt) do
    if value == codeHmac then return string.match(field, '^codeHmac:(.+)$') end
  end
end
local isSentCode = ARGV[8] ~= nil
if isSentCode then
  if not attempt.expiresAt then return {'over'} end
  if tonumber(attempt.expiresAt) <= now then return {'expired'} end
  for i = 8, #ARGV do
    local method = methodOf(ARGV[i])
    if method then
      redis.call('HSET', KEYS[1], 'used', request, 'usedMethod', method)
      redis.call('DEL', KEYS[2])
      return {'right', method}
    end
  end
end
local tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
-- Without a sent code the attempt has no expiry yet: it is kept as long as an attempt lives.
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], 900000) end
local failures = redis.call('HINCRBY', KEYS[2], 'count', 1)
redis.call('PEXPIRE', KEYS[2], 604800000)
local beyond = failures - tonumber(ARGV[4])
if beyond >= 0 then
  local wait = math.min(tonumber(ARGV[5]) * 2 ^ math.min(beyond, 30), tonumber(ARGV[6]))
  redis.call('HSET', KEYS[2], 'lockedUntil', string.format('%.0f', now + wait))
end
return {isSentCode and 'wrong' or 'counted', triesAllowed - tries}
`);

/**
 * Ends an attempt whose authenticator code was right, once.
 *
 * KEYS  1 attempt  2 failures of the login   (one slot)    ARGV  1 method id  2 id of the request, or ''
 * Returns  {'right', method id} | {'over'}
 */
export const useAttemptScript = new RedisScript(`
if redis.call('HSETNX', KEYS[1], 'used', ARGV[2]) == 0 then return {'over'} end
redis.call('HSET', KEYS[1], 'usedMethod', ARGV[1])
redis.call('PEXPIRE', KEYS[1], 900000)
redis.call('DEL', KEYS[2])
return {'right', ARGV[1]}
`);
