import { createHash } from 'node:crypto';
import { Refusal } from '@latchkey/contracts';
import { ipBlock, type LimitsProfile, RedisScript, subscriber } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { AuthSettings } from '../config.ts';
import { SETTINGS } from '../injected.ts';

/** Mails an hour. */
const limits: Record<LimitsProfile, { perName: number; perBlock: number }> = {
  production: { perName: 5, perBlock: 50 },
  development: { perName: 1_000, perBlock: 100_000 },
};
const windowSeconds = 3_600;

// KEYS: a count. ARGV: its limit, window seconds. Counts and returns 0; at the limit returns the seconds to wait.
const count = new RedisScript(`
if tonumber(redis.call('GET', KEYS[1]) or '0') >= tonumber(ARGV[1]) then return math.max(1, redis.call('TTL', KEYS[1])) end
if redis.call('INCR', KEYS[1]) == 1 then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return 0`);

/** Keeps strangers from filling somebody's mailbox. */
@Injectable()
export class LimitForgotten {
  constructor(
    private readonly redis: Redis,
    @Inject(SETTINGS) private readonly settings: Pick<AuthSettings, 'LATCHKEY_LIMITS'>,
  ) {}

  async byAddress(ip: string): Promise<void> {
    const wait = await this.count(`forgotten-from:${ipBlock(ip, subscriber)}`, limits[this.settings.LATCHKEY_LIMITS].perBlock);
    if (wait > 0) throw new Refusal('too_many_requests', { retryAfterSeconds: wait });
  }

  /** Beyond it nothing is sent and nobody is told: that would tell whether there is such a name. */
  async allowsName(name: string): Promise<boolean> {
    const hashed = createHash('sha256').update(name).digest('base64url');
    return (await this.count(`forgotten:${hashed}`, limits[this.settings.LATCHKEY_LIMITS].perName)) === 0;
  }

  private async count(key: string, limit: number): Promise<number> {
    return (await count.run(this.redis, [key], [limit, windowSeconds])) as number;
  }
}
