import { createHash } from 'node:crypto';
import type { RedisClient } from './redis.ts';

/** A Lua script by its digest; sent whole only to a Redis that does not know it yet. */
export class RedisScript {
  private readonly text: string;
  private readonly digest: string;

  constructor(text: string) {
    this.text = text;
    this.digest = createHash('sha1').update(text).digest('hex');
  }

  async run(redis: RedisClient, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.digest, keys.length, ...keys, ...values);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return redis.eval(this.text, keys.length, ...keys, ...values);
    }
  }
}
