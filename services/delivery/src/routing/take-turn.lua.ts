import { RedisScript } from '@latchkey/platform';

/**
 * Gives a message its turn at a provider, within the caps of all workers together: so many in flight, and turns no closer
 * to each other than the cap of messages a second has it. A turn in flight lapses by itself when its worker died.
 *
 * KEYS  1 turns in flight, by the moment at which they lapse  2 moment of the next turn   (one slot)
 * ARGV  1 name of the turn  2 most in flight, or 0  3 µs between two turns, or 0  4 longest wait that is given out (µs)
 *       5 µs until a turn lapses
 * Returns  {'taken', µs until the turn} | {'full', µs after which asking again makes sense}
 */
export const takeTurnScript = new RedisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local inFlight, apart, longestWait, lapse = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
-- Lua would write a number of sixteen digits as 1.76e+15.
local function whole(number) return string.format('%.0f', number) end

if inFlight > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', whole(now))
  if redis.call('ZCARD', KEYS[1]) >= inFlight then return {'full', 100000} end
end
local turn = now
if apart > 0 then
  turn = math.max(now, tonumber(redis.call('GET', KEYS[2]) or '0'))
  if turn - now > longestWait then return {'full', turn - now - longestWait} end
  redis.call('SET', KEYS[2], whole(turn + apart), 'PX', math.ceil((turn + apart - now) / 1000) + 1000)
end
if inFlight > 0 then
  redis.call('ZADD', KEYS[1], whole(turn + lapse), ARGV[1])
  redis.call('PEXPIRE', KEYS[1], math.ceil((turn + lapse - now) / 1000) + 1000)
end
return {'taken', turn - now}
`);
