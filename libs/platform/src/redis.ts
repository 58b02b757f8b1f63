import { Cluster, Redis } from 'ioredis';
import { gatherWrites } from './gather-writes.ts';
import type { Logger } from './logger.ts';

/** One server or a cluster of them: commands on keys are the same; keys of one command or script must lie in one slot. */
export type RedisClient = Redis | Cluster;

const longestMs = 3_000;
const nodeOptions = { maxRetriesPerRequest: 1, commandTimeout: longestMs, connectTimeout: longestMs } as const;
const retryAfterMs = (tries: number) => Math.min(100 * tries, 1_000);

/**
 * A client that fails fast while Redis is away (the caller answers 503) and reconnects by itself for ever. Several URLs with
 * commas between them are nodes of one cluster, and so is a single one that begins with `redis+cluster:` or `rediss+cluster:`.
 */
export function connectRedis(urls: string, logger: Logger): RedisClient {
  const [first, ...others] = urls.split(',').map((url) => new URL(url.trim()));
  const redis = others.length > 0 || first!.protocol.includes('+cluster') ? connectCluster([first!, ...others], logger) : connectServer(urls);
  redis.on('error', (error: Error) => logger.warn({ reason: error.message }, 'redis not reachable'));
  return redis;
}

/** Where keys lie, each server with a part of them. Of a cluster that was just connected to it waits until they are known. */
export async function serversOf(redis: RedisClient): Promise<Redis[]> {
  if (redis instanceof Redis) return [redis];
  await redis.ping();
  return redis.nodes('master');
}

/** Asks for a key, not for a ping: that the nodes of a cluster answer also while others, and their part of the keys, are away. */
export const isRedisReady = async (redis: RedisClient): Promise<boolean> => (await redis.exists('readiness')) === 0;

const connectServer = (url: string): Redis => gathering(new Redis(url, { ...nodeOptions, enableOfflineQueue: true, retryStrategy: retryAfterMs, enableAutoPipelining: false }));

function connectCluster(urls: readonly [URL, ...URL[]], logger: Logger): Cluster {
  const [{ protocol, username, password }] = urls;
  const isEncrypted = protocol.startsWith('rediss');
  const cluster = new FailFastCluster(urls.map(({ hostname, port }) => ({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) })), {
    clusterRetryStrategy: retryAfterMs,
    enableAutoPipelining: false,
    // A certificate is made out to a name, which must not turn into an address.
    ...(isEncrypted && { dnsLookup: (name, done) => done(null, name) }),
    // Nodes that the first ones tell of take the same credentials.
    redisOptions: {
      ...nodeOptions,
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      ...(isEncrypted && { tls: {} }),
    },
  });
  cluster.on('+node', gathering);
  cluster.on('node error', (error: Error, node: string) => logger.warn({ reason: error.message, node }, 'a redis node is not reachable'));
  return cluster;
}

/** A batch of a hundred commands was a hundred system calls. Each connection has a socket of its own. */
function gathering(redis: Redis): Redis {
  return redis.on('connect', () => gatherWrites(redis.stream));
}

/** The commands of a cluster wait for it without end by themselves, and are sent again and again while one node is away. */
class FailFastCluster extends Cluster {
  override sendCommand(...[command, ...rest]: Parameters<Cluster['sendCommand']>): unknown {
    if (this.status === 'reconnecting') {
      command.reject(new Error('no node of the Redis Cluster is reachable'));
      return command.promise;
    }
    command.setTimeout(longestMs);
    return super.sendCommand(command, ...rest);
  }
}
