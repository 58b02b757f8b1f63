import { Refusal } from '@latchkey/contracts';
import { hashSecret, ipBlock, type LimitsProfile, type RedisClient, RedisScript, subscriber } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { AuthSettings } from '../config.ts';
import { REDIS, SETTINGS } from '../injected.ts';
import { countWithinLimits } from './count-within-limits.ts';

const limits: Record<LimitsProfile, { perNameAndBlock: number; perBlock: number; windowSeconds: number }> = {
  production: { perNameAndBlock: 10, perBlock: 100, windowSeconds: 900 },
  development: { perNameAndBlock: 1_000, perBlock: 100_000, windowSeconds: 60 },
};

// KEYS: failures of a name from an address block, failures from the block (one slot). The name's failures are forgotten; the block only gets back the one counted beforehand.
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
    @Inject(REDIS) private readonly redis: RedisClient,
    @Inject(SETTINGS) private readonly settings: Pick<AuthSettings, 'LATCHKEY_LIMITS'>,
  ) {}

  /** Counts a failure before the password is judged: fifty guesses at once count as fifty. */
  async countBeforehand(name: string, ip: string): Promise<void> {
    const { perNameAndBlock, perBlock, windowSeconds } = limits[this.settings.LATCHKEY_LIMITS];
    const [ofName, ofBlock] = failureKeysOf(name, ip);
    const wait = await countWithinLimits(this.redis, [{ key: ofName, limit: perNameAndBlock }, { key: ofBlock, limit: perBlock }], windowSeconds);
    if (wait > 0) throw new Refusal('too_many_requests', { retryAfterSeconds: wait });
  }

  async forgive(name: string, ip: string): Promise<void> {
    await forgiveFailure.run(this.redis, failureKeysOf(name, ip), []);
  }
}

const keyOf = (block: string): string => `password-failures:{${block}}`;

/** Where the failures of a name from an address block are counted; `*` as the block matches those from all. */
export const failuresOf = (name: string, block: string): string => `${keyOf(block)}:${hashSecret(name)}`;

/** Failures of a name from an address block, and of the block over all names: counted in one step, so in one slot. */
export function failureKeysOf(name: string, ip: string): [string, string] {
  const block = ipBlock(ip, subscriber);
  return [failuresOf(name, block), keyOf(block)];
}
