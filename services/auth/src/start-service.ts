import { AmqpServer, currentMessageContext, Messaging, OutboxRelay, PassErrorsFilter, watchOutbox } from '@latchkey/messaging';
import { armCrashPoints, type Clock, connectRedis, createLogger, initializeWhenReady, isRedisReady, type Logger, NestLogger, startInternalServer, startTracing, watchPool } from '@latchkey/platform';
import { NestFactory } from '@nestjs/core';
import { Registry } from 'prom-client';
import { upkeepOf } from './activity/upkeep.ts';
import { AppModule } from './app-module.ts';
import type { AuthSettings } from './config.ts';
import { authDatabase } from './database.ts';

export const authLogger = ({ LATCHKEY_LOG_LEVEL }: Pick<AuthSettings, 'LATCHKEY_LOG_LEVEL'>): Logger =>
  createLogger('auth', LATCHKEY_LOG_LEVEL, () => {
    const context = currentMessageContext();
    return context ? { correlationId: context.correlationId, messageId: context.messageId } : {};
  });

/** Starts answering requests; `stop` lets those under way finish first. */
export async function startService(settings: AuthSettings, clock?: Clock): Promise<{ logger: Logger; stop(): Promise<void> }> {
  const logger = authLogger(settings);
  const database = authDatabase(settings.LATCHKEY_DATABASE_URL);
  const redis = connectRedis(settings.LATCHKEY_REDIS_URL, logger);
  const tracing = await startTracing('auth', settings, logger);
  armCrashPoints(settings.LATCHKEY_CRASH_POINTS);
  const registry = new Registry();
  watchPool(registry, database);
  watchOutbox(registry, database);
  const messaging = new Messaging({ url: settings.LATCHKEY_AMQP_URL, name: 'auth', logger, registry });
  const relay = new OutboxRelay(database, messaging.publisher, logger);
  const server = new AmqpServer({ service: 'auth', connection: messaging.connection, publisher: messaging.publisher, logger });
  // Before anything is waited for: a process that waits for its database is alive, and not ready.
  const internal = await startInternalServer({
    host: settings.LATCHKEY_HOST,
    port: settings.LATCHKEY_INTERNAL_PORT,
    registry,
    checks: {
      broker: () => messaging.connection.connected && server.consuming,
      redis: () => isRedisReady(redis),
      database: async () => database.isInitialized && (await database.query<unknown[]>('SELECT 1')).length === 1,
    },
  });
  await initializeWhenReady(database, (error) => logger.warn({ reason: error.message }, 'waiting for the database'));

  const app = await NestFactory.createMicroservice(AppModule.for({ settings, logger, registry, messaging, database, redis, relay, ...(clock && { clock }) }), {
    strategy: server,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  app.useGlobalFilters(new PassErrorsFilter());
  await app.listen();
  relay.start();
  const upkeep = upkeepOf({ database, keepDays: settings.LATCHKEY_ACTIVITY_DAYS, logger });
  await upkeep.start();
  logger.info({ port: settings.LATCHKEY_INTERNAL_PORT }, 'ready');

  return {
    logger,
    async stop() {
      upkeep.stop();
      await app.close();
      await relay.stop();
      await internal.close();
      await messaging.close();
      await database.destroy();
      redis.disconnect();
      await tracing.stop();
    },
  };
}
