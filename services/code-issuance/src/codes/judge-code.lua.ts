import { RedisScript } from '@latchkey/platform';

// What a right code does to the failures before it: those of the login are over, and so are those of its own method; a
// method that is off is on again when another one succeeded (norm 7). Needs `offAt`.
const forgiveLua = `
local function forgive(method)
  redis.call('DEL', KEYS[2])
  redis.call('HDEL', KEYS[3], method)
  local counts = redis.call('HGETALL', KEYS[3])
  for i = 1, #counts, 2 do
    if tonumber(counts[i + 1]) >= offAt then redis.call('HDEL', KEYS[3], counts[i]) end
  end
end
`;

/**
 * Counts one try and judges it, at once: fifty tries at the same moment count as fifty.
 *
 * A try counts as a failure of the login, and of each method that it was judged against: naming another method than the one
 * whose code is guessed does not spare that one. What is off is judged against no more, whichever method is named.
 *
 * KEYS  1 attempt  2 failures of the login  3 failures of its methods   (one slot)
 * ARGV  1 now (ms)  2 id of the method that the person was asked for  3 tries per attempt  4 failures before a lock
 *       5 first lock (ms)  6 longest lock (ms)  7 failures of a method before it is off  8 id of the request, or ''
 *       9… HMACs of the typed code, one under each key; none to count only
 *       (codes of authenticators and recovery codes are judged by who keeps them)
 * Returns  {'right', id of the method that the code was sent by, the beginning of the number it was texted to, or ''}
 *          | {'counted', tries left} | {'wrong', tries left} | {'expired'} | {'over'} | {'locked', ms} | {'off'}
 */
export const judgeCodeScript = new RedisScript(`
local now, asked, triesAllowed, offAt, request = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[7]), ARGV[8]
local fields, attempt = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #fields, 2 do attempt[fields[i]] = fields[i + 1] end
-- The same request once more: whoever asked died before it could use the answer, and asks again.
if request ~= '' and attempt.used == request then return {'right', attempt.usedMethod, ''} end
local lockedUntil = tonumber(redis.call('HGET', KEYS[2], 'lockedUntil') or '0')
if lockedUntil > now then return {'locked', lockedUntil - now} end
if attempt.used or tonumber(attempt.tries or '0') >= triesAllowed then return {'over'} end

local function isOff(method) return tonumber(redis.call('HGET', KEYS[3], method) or '0') >= offAt end
if isOff(asked) then return {'off'} end
${forgiveLua}
local judgedMethods = {asked}
local isSentCode = ARGV[9] ~= nil
if isSentCode then
  if not attempt.expiresAt then return {'over'} end
  if tonumber(attempt.expiresAt) <= now then return {'expired'} end
  judgedMethods = {}
  for field in pairs(attempt) do
    local method = string.match(field, '^codeHmac:(.+)$')
    -- The one that was asked for comes first, should two methods have the same code by chance.
    if method and not isOff(method) then table.insert(judgedMethods, method == asked and 1 or #judgedMethods + 1, method) end
  end
  for _, method in ipairs(judgedMethods) do
    for i = 9, #ARGV do
      if attempt['codeHmac:' .. method] == ARGV[i] then
        redis.call('HSET', KEYS[1], 'used', request, 'usedMethod', method)
        forgive(method)
        return {'right', method, attempt['prefix:' .. method] or ''}
      end
    end
  end
end
local tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
-- Without a sent code the attempt has no expiry yet: it is kept as long as an attempt lives.
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], 900000) end
-- Kept until a success: a limit that time alone takes away is none (NIST SP 800-63B-4 3.2.2).
for _, method in ipairs(judgedMethods) do redis.call('HINCRBY', KEYS[3], method, 1) end
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
 * Ends an attempt whose authenticator code or recovery code was right, once.
 *
 * KEYS  1 attempt  2 failures of the login  3 failures of its methods   (one slot)
 * ARGV  1 method id  2 id of the request, or ''  3 failures of a method before it is off
 * Returns  {'right', method id, ''} | {'over'}
 */
export const useAttemptScript = new RedisScript(`
local offAt = tonumber(ARGV[3])
${forgiveLua}
if redis.call('HSETNX', KEYS[1], 'used', ARGV[2]) == 0 then return {'over'} end
redis.call('HSET', KEYS[1], 'usedMethod', ARGV[1])
redis.call('PEXPIRE', KEYS[1], 900000)
forgive(ARGV[1])
return {'right', ARGV[1], ''}
`);
