/**
 * Makes the code of an attempt, or takes the one it has, and counts a send.
 *
 * KEYS  1 attempt hash  2 sends of the login in this hour   (one slot: both carry {loginId})
 * ARGV  1 now (ms)  2 HMAC of a new code  3 the new code, sealed  4 validity (ms)  5 resend wait (ms)
 *       6 sends per attempt  7 method id  8 sends per login and hour  9 tries per attempt
 * Returns  {'sent', expiresAt, sealed code, send number, sends left} | {'over'} | {'wait', ms} | {'too_many', ms}
 */
export const issueCodeLua = `
local now = tonumber(ARGV[1])
local attempt = redis.call('HMGET', KEYS[1], 'expiresAt', 'used', 'tries', 'sends', 'sealedCode', 'sentAt:' .. ARGV[7])
local expiresAt = tonumber(attempt[1])
local sends = tonumber(attempt[4] or '0')
if attempt[2] or tonumber(attempt[3] or '0') >= tonumber(ARGV[9]) then return {'over'} end
if expiresAt and expiresAt <= now then return {'over'} end
if attempt[6] and tonumber(attempt[6]) + tonumber(ARGV[5]) > now then
  return {'wait', tonumber(attempt[6]) + tonumber(ARGV[5]) - now}
end
if sends >= tonumber(ARGV[6]) then return {'over'} end
local ofLogin = redis.call('INCR', KEYS[2])
if ofLogin == 1 then redis.call('PEXPIRE', KEYS[2], 3600000) end
if ofLogin > tonumber(ARGV[8]) then
  redis.call('DECR', KEYS[2])
  return {'too_many', redis.call('PTTL', KEYS[2])}
end
local sealedCode = attempt[5]
if not sealedCode then
  sealedCode = ARGV[3]
  expiresAt = now + tonumber(ARGV[4])
  redis.call('HSET', KEYS[1], 'codeHmac', ARGV[2], 'sealedCode', sealedCode, 'expiresAt', expiresAt)
end
redis.call('HSET', KEYS[1], 'sends', sends + 1, 'sentAt:' .. ARGV[7], now)
redis.call('PEXPIREAT', KEYS[1], expiresAt + 300000)
return {'sent', expiresAt, sealedCode, sends + 1, tonumber(ARGV[6]) - sends - 1}
`;

/**
 * Gives a send back that did not happen: it was refused by another limit, or the broker did not take it.
 *
 * KEYS  1 attempt hash  2 sends of the login in this hour    ARGV  1 method id
 */
export const undoSendLua = `
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HINCRBY', KEYS[1], 'sends', -1)
  redis.call('HDEL', KEYS[1], 'sentAt:' .. ARGV[1])
end
if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('DECR', KEYS[2]) end
return 'undone'
`;
