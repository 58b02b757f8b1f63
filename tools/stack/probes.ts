import amqp from 'amqplib';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { PartName } from './instance.ts';

const timeoutMs = 3_000;

/** Logs in as its users will; undefined when that works, else the reason. */
export const probes: Record<PartName, (url: string) => Promise<string | undefined>> = {
  rabbitmq: (url) => reasonOf(ofAny(url, probeRabbitmq)),
  redis: (url) => reasonOf(ofAny(url, probeRedis)),
  postgres: (url) => reasonOf(probePostgres(url)),
};

async function reasonOf(probe: Promise<void>): Promise<string | undefined> {
  try {
    await probe;
    return undefined;
  } catch (error) {
    const causes = causesOf(error);
    return causes.map((cause) => (cause instanceof Error ? cause.message : String(cause))).join('; ');
  }
}

const causesOf = (error: unknown): unknown[] => (error instanceof AggregateError ? (error.errors as unknown[]).flatMap(causesOf) : [error]);

/** Of a cluster, one node is enough. */
async function ofAny(urls: string, probe: (url: string) => Promise<void>): Promise<void> {
  const reasons: unknown[] = [];
  for (const url of urls.split(',')) {
    try {
      return await probe(url.trim());
    } catch (error) {
      reasons.push(error);
    }
  }
  throw new AggregateError(reasons);
}

async function probeRabbitmq(url: string): Promise<void> {
  const connection = await amqp.connect(url, { timeout: timeoutMs, noDelay: true });
  connection.on('error', () => undefined);
  await connection.close();
}

async function probeRedis(url: string): Promise<void> {
  const redis = new Redis(url.replace('+cluster:', ':'), { lazyConnect: true, connectTimeout: timeoutMs, maxRetriesPerRequest: 0, retryStrategy: () => null });
  let reason: Error | undefined;
  redis.on('error', (error: Error) => (reason ??= error));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}

async function probePostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}
