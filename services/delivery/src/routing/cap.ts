import { randomUUID } from 'node:crypto';
import type { Logger, RedisClient } from '@latchkey/platform';
import { takeTurnScript } from './take-turn.lua.ts';

/** The longest that a turn lies ahead, in milliseconds: what is in flight while it waits is little. */
const longestWaitMs = 250;
/** After this long a turn belongs to a worker that died: longer than a provider is waited for. */
const lapseMs = 20_000;
const redisAwayMs = 500;

/** `taken`: to be asked in so many milliseconds. `full`: try again in so many. */
export type Taken = { kind: 'taken'; turn: string; inMs: number } | { kind: 'full'; againInMs: number };

/**
 * What one provider may have at work and a second, of all workers together: kept in Redis. While Redis is away nothing is
 * asked: messages wait in their queue. No code can be made or entered then either, so nobody waits for longer by that.
 */
export class Cap {
  private readonly redis: RedisClient;
  private readonly keys: readonly [string, string];
  private readonly inFlight: number;
  private readonly microsApart: number;
  private readonly logger: Logger;

  constructor(redis: RedisClient, provider: string, most: { inFlight?: number | undefined; perSecond?: number | undefined }, logger: Logger) {
    this.redis = redis;
    this.inFlight = most.inFlight ?? 0;
    this.microsApart = most.perSecond ? Math.ceil(1_000_000 / most.perSecond) : 0;
    this.logger = logger;
    this.keys = capKeysOf(provider);
  }

  async take(): Promise<Taken> {
    const turn = randomUUID();
    try {
      const [word, micros] = (await takeTurnScript.run(this.redis, this.keys, [turn, this.inFlight, this.microsApart, longestWaitMs * 1_000, lapseMs * 1_000])) as ['taken' | 'full', number];
      const ms = Math.ceil(micros / 1_000);
      return word === 'taken' ? { kind: 'taken', turn, inMs: ms } : { kind: 'full', againInMs: ms };
    } catch (error) {
      this.logger.warn({ reason: (error as Error).message }, 'caps of providers can not be read, waiting');
      return { kind: 'full', againInMs: redisAwayMs };
    }
  }

  giveBack(turn: string): void {
    if (this.inFlight === 0) return;
    // Not given back it lapses.
    this.redis.zrem(this.keys[0], turn).catch(() => undefined);
  }
}

/** Turns in flight and the moment of the next one: taken in one step, so in one slot. */
export const capKeysOf = (provider: string): [string, string] => [`delivery:{${provider}}:in-flight`, `delivery:{${provider}}:next-turn`];
