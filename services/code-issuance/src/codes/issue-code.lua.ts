import { RedisScript } from '@latchkey/platform';

/**
 * Makes the code of a method in an attempt, or takes the one it has, and counts a send.
 *
 * Each method of an attempt has a code of its own, so that the typed code tells by which way it came: one that came by
 * email must not count as one that came by text (norm 24). Tries, sends and expiry belong to the attempt.
 *
 * KEYS  1 attempt
 * ARGV  1 now (ms)  2 method id  3 HMAC of a new code  4 the new code, sealed  5 id for the message  6 id of the request, or ''
 *       7 validity (ms)  8 resend wait (ms)  9 sends per attempt  10 tries per attempt  11 'same' | 'new' code when sent again
 *       12 how the number begins that it is texted to, or ''
 * Returns  {'sent' | 'again', expiresAt, sealed code, send number, sends left, message id, sentAt}; 'again' for a request
 *          that was counted before  |  {'over'}  |  {'wait', ms}
 */
export const issueCodeScript = new RedisScript(`
local now, method, sendsAllowed = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[9])
local attempt = redis.call('HMGET', KEYS[1], 'expiresAt', 'used', 'tries', 'sends',
  'sentAt:' .. method, 'number:' .. method, 'request:' .. method, 'sealedCode:' .. method)
local expiresAt, sends, sentAt, number = tonumber(attempt[1]), tonumber(attempt[4] or '0'), tonumber(attempt[5]), attempt[6]
local sealedCode = attempt[8]
if attempt[2] or tonumber(attempt[3] or '0') >= tonumber(ARGV[10]) then return {'over'} end
if expiresAt and expiresAt <= now then return {'over'} end

if sentAt and ARGV[6] ~= '' and attempt[7] == ARGV[6] then
  local message = redis.call('HGET', KEYS[1], 'message:' .. method .. ':' .. number)
  return {'again', expiresAt, sealedCode, tonumber(number), sendsAllowed - sends, message, sentAt}
end
if sentAt and sentAt + tonumber(ARGV[8]) > now then return {'wait', sentAt + tonumber(ARGV[8]) - now} end
if sends >= sendsAllowed then return {'wait', expiresAt - now} end

sends = sends + 1
if not expiresAt then expiresAt = now + tonumber(ARGV[7]) end
-- A send that was given back keeps its message id: should the broker have it after all, the second is told from the first.
local idField = 'message:' .. method .. ':' .. sends
local isRepeated = redis.call('HSETNX', KEYS[1], idField, ARGV[5]) == 0
if not sealedCode or (ARGV[11] == 'new' and not isRepeated) then
  sealedCode = ARGV[4]
  redis.call('HSET', KEYS[1], 'codeHmac:' .. method, ARGV[3], 'sealedCode:' .. method, sealedCode)
end
redis.call('HSET', KEYS[1], 'expiresAt', expiresAt, 'sends', sends,
  'sentAt:' .. method, now, 'number:' .. method, sends, 'request:' .. method, ARGV[6])
if ARGV[12] ~= '' then redis.call('HSET', KEYS[1], 'prefix:' .. method, ARGV[12]) end
redis.call('PEXPIREAT', KEYS[1], expiresAt + 300000)
return {'sent', expiresAt, sealedCode, sends, sendsAllowed - sends, redis.call('HGET', KEYS[1], idField), now}
`);

/**
 * Gives back a send that did not happen: another limit refused it, or the broker did not take it. A send that was not the
 * latest any more stays counted, or a later one's number, and so its message id, would be used twice.
 *
 * KEYS  1 attempt    ARGV  1 method id  2 send number    Returns  'given back' | 'kept'
 */
export const giveSendBackScript = new RedisScript(`
local method = ARGV[1]
local attempt = redis.call('HMGET', KEYS[1], 'sends', 'number:' .. method)
if attempt[1] ~= ARGV[2] or attempt[2] ~= ARGV[2] then return 'kept' end
redis.call('HINCRBY', KEYS[1], 'sends', -1)
redis.call('HDEL', KEYS[1], 'sentAt:' .. method, 'number:' .. method, 'request:' .. method)
return 'given back'
`);
