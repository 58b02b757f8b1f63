import { Refusal } from '@latchkey/contracts';
import { hashSecret, ipBlock, type LimitsProfile, type RedisClient, subscriber } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { AuthSettings } from '../config.ts';
import { REDIS, SETTINGS } from '../injected.ts';
import { countWithinLimits } from './count-within-limits.ts';

/** Mails an hour. */
const limits: Record<LimitsProfile, { perName: number; perBlock: number }> = {
  production: { perName: 5, perBlock: 50 },
  development: { perName: 1_000, perBlock: 100_000 },
};
const windowSeconds = 3_600;

/** Keeps strangers from filling somebody's mailbox. */
@Injectable()
export class LimitForgotten {
  constructor(
    @Inject(REDIS) private readonly redis: RedisClient,
    @Inject(SETTINGS) private readonly settings: Pick<AuthSettings, 'LATCHKEY_LIMITS'>,
  ) {}

  async byAddress(ip: string): Promise<void> {
    const wait = await this.count(`forgotten-from:${ipBlock(ip, subscriber)}`, limits[this.settings.LATCHKEY_LIMITS].perBlock);
    if (wait > 0) throw new Refusal('too_many_requests', { retryAfterSeconds: wait });
  }

  /** Beyond it nothing is sent and nobody is told: that would tell whether there is such a name. */
  async allowsName(name: string): Promise<boolean> {
    return (await this.count(`forgotten:${hashSecret(name)}`, limits[this.settings.LATCHKEY_LIMITS].perName)) === 0;
  }

  private count(key: string, limit: number): Promise<number> {
    return countWithinLimits(this.redis, [{ key, limit }], windowSeconds);
  }
}
