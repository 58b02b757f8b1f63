import { Redis } from 'ioredis';
import type { Logger } from './logger.ts';

/** A client that fails fast while Redis is away (the caller answers 503) and reconnects by itself for ever. */
export function connectRedis(url: string, logger: Logger): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: true,
    commandTimeout: 3_000,
    connectTimeout: 3_000,
    retryStrategy: (tries) => Math.min(100 * tries, 1_000),
    enableAutoPipelining: false,
  });
  redis.on('error', (error: Error) => logger.warn({ reason: error.message }, 'redis not reachable'));
  return redis;
}
