import { createHash } from 'node:crypto';
import { Refusal } from '@latchkey/contracts';
import { ipBlock, type LimitsProfile, RedisScript, subscriber } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { AuthSettings } from '../config.ts';
import { SETTINGS } from '../injected.ts';

const limits: Record<LimitsProfile, { perNameAndBlock: number; perBlock: number; windowSeconds: number }> = {
  production: { perNameAndBlock: 10, perBlock: 100, windowSeconds: 900 },
  development: { perNameAndBlock: 1_000, perBlock: 100_000, windowSeconds: 60 },
};

// KEYS: failures of a name from an address block, failures from the block (one slot). ARGV: their limits, window seconds.
// Counts a failure in both and returns 0; or counts nothing and returns the seconds to wait.
const countFailure = new RedisScript(`
for i = 1, 2 do
  if tonumber(redis.call('GET', KEYS[i]) or '0') >= tonumber(ARGV[i]) then
    return math.max(1, redis.call('TTL', KEYS[i]))
  end
end
for i = 1, 2 do
  if redis.call('INCR', KEYS[i]) == 1 then redis.call('EXPIRE', KEYS[i], ARGV[3]) end
end
return 0`);

// KEYS as above. The name's failures are forgotten; the block only gets back the one counted beforehand.
const forgiveFailure = new RedisScript(`
redis.call('DEL', KEYS[1])
if tonumber(redis.call('GET', KEYS[2]) or '0') > 0 then redis.call('DECR', KEYS[2]) end
return 'forgiven'`);

/**
 * Limits guessing of passwords by name and address together, so that a stranger elsewhere cannot lock the owner out
 * (norm 8), and by address over all names.
 */
@Injectable()
export class LimitFailures {
  constructor(
    private readonly redis: Redis,
    @Inject(SETTINGS) private readonly settings: Pick<AuthSettings, 'LATCHKEY_LIMITS'>,
  ) {}

  /** Counts a failure before the password is judged: fifty guesses at once count as fifty. */
  async countBeforehand(name: string, ip: string): Promise<void> {
    const { perNameAndBlock, perBlock, windowSeconds } = limits[this.settings.LATCHKEY_LIMITS];
    const wait = (await countFailure.run(this.redis, keysOf(name, ip), [perNameAndBlock, perBlock, windowSeconds])) as number;
    if (wait > 0) throw new Refusal('too_many_requests', { retryAfterSeconds: wait });
  }

  async forgive(name: string, ip: string): Promise<void> {
    await forgiveFailure.run(this.redis, keysOf(name, ip), []);
  }
}

function keysOf(name: string, ip: string): [string, string] {
  const ofBlock = `password-failures:{${ipBlock(ip, subscriber)}}`;
  return [`${ofBlock}:${createHash('sha256').update(name).digest('base64url')}`, ofBlock];
}
