import { RedisScript } from '@latchkey/platform';

// All sessions of a login lie in one hash, `sessions:{loginId}`: hash of the session's secret → JSON. Its field `epoch` is
// the session epoch that Redis knows. A session counts as long as its field is there, so ending many is one step.

/**
 * KEYS: the login's sessions. ARGV: secret hash, JSON, the epoch the login was read in, seconds to live, most sessions.
 * Returns the session's JSON, the same one when the request is delivered again after a crash; or the known epoch, with a
 * `!` before it, when the login has moved on since it was read, and creates nothing.
 */
export const createSessionScript = new RedisScript(`
local there = redis.call('HGET', KEYS[1], ARGV[1])
if there then return there end
local known = redis.call('HGET', KEYS[1], 'epoch')
if known and tonumber(known) > tonumber(ARGV[3]) then return '!' .. known end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
local most = tonumber(ARGV[5])
if redis.call('HLEN', KEYS[1]) > most then
  local fields = redis.call('HGETALL', KEYS[1])
  local sessions = {}
  for i = 1, #fields, 2 do
    if fields[i] ~= 'epoch' then
      table.insert(sessions, { hash = fields[i], at = cjson.decode(fields[i + 1]).createdAt })
    end
  end
  table.sort(sessions, function(a, b) return a.at < b.at end)
  -- A tenth more than needed, so that the next logins have nothing to tidy.
  for i = 1, #sessions - math.floor(most * 0.9) do
    if sessions[i].hash ~= ARGV[1] then redis.call('HDEL', KEYS[1], sessions[i].hash) end
  end
end
return ARGV[2]`);

/**
 * KEYS: the login's sessions. ARGV: new epoch or empty, hash of the session that stays or empty (`*`: all stay), seconds
 * that the epoch has to be remembered. Returns the number of sessions ended.
 */
export const endSessionsScript = new RedisScript(`
if ARGV[1] ~= '' and tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0') < tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'epoch', ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
if ARGV[2] == '*' then return 0 end
local ended = 0
for _, hash in ipairs(redis.call('HKEYS', KEYS[1])) do
  if hash ~= 'epoch' and hash ~= ARGV[2] then
    ended = ended + redis.call('HDEL', KEYS[1], hash)
  end
end
return ended`);

/**
 * KEYS: the login's sessions. ARGV: secret hash, assurance, the epoch the login was read in. Returns the session's new JSON;
 * false when it has ended, or the login has moved on since: a code by a method that is gone raises nothing.
 */
export const raiseAssuranceScript = new RedisScript(`
if tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0') > tonumber(ARGV[3]) then return false end
local text = redis.call('HGET', KEYS[1], ARGV[1])
if not text then return false end
local session = cjson.decode(text)
session.assurance = ARGV[2]
text = cjson.encode(session)
redis.call('HSET', KEYS[1], ARGV[1], text)
return text`);

/**
 * KEYS: the login's sessions. ARGV: JSON object of `devices`, device id → what is told of its trust, and `others`, what is told
 * of every other device; `twoFactorOn` false where it was turned off. Trust that ends later than a `notAfter` stays as it is:
 * it was given since. Returns `told`.
 */
export const tellTrustScript = new RedisScript(`
local told = cjson.decode(ARGV[1])
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if fields[i] ~= 'epoch' then
    local session = cjson.decode(fields[i + 1])
    local device = session.device
    local trust = told.devices[device.id] or told.others
    if trust and not (trust.notAfter and device.trusted and device.trustedUntil > trust.notAfter) then
      device.trustedUntil = trust.trustedUntil
      device.trusted = trust.trustedUntil ~= cjson.null
      if told.twoFactorOn == false then session.twoFactorOn = false end
      redis.call('HSET', KEYS[1], fields[i], cjson.encode(session))
    end
  end
end
return 'told'`);
