import { AmqpServer, currentMessageContext, Messaging, PassErrorsFilter } from '@latchkey/messaging';
import { armCrashPoints, type Clock, connectRedis, createDataSource, createLogger, initializeWhenReady, isRedisReady, type Logger, NestLogger, SealingKeys, startInternalServer, startTracing, systemClock, watchPool } from '@latchkey/platform';
import { NestFactory } from '@nestjs/core';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { AppModule } from './app-module.ts';
import { codeLimits } from './codes/code-limits.ts';
import type { CodeIssuanceSettings } from './config.ts';
import { Authenticators1764000000000 } from './migrations/1764000000000-authenticators.ts';
import { RecoveryCodes1765000000000 } from './migrations/1765000000000-recovery-codes.ts';

/** The schema `codes`, through its own role. */
export const codesDatabase = (url: string): DataSource =>
  createDataSource({ url, schema: 'codes', migrations: [Authenticators1764000000000, RecoveryCodes1765000000000], service: 'code-issuance' });

/** Starts answering requests; `stop` lets those under way finish first. */
export async function startService(settings: CodeIssuanceSettings, clock: Clock = systemClock): Promise<{ logger: Logger; stop(): Promise<void> }> {
  const logger = createLogger('code-issuance', settings.LATCHKEY_LOG_LEVEL, () => ({ correlationId: currentMessageContext()?.correlationId }));
  const source = codesDatabase(settings.LATCHKEY_DATABASE_URL);
  const redis = connectRedis(settings.LATCHKEY_REDIS_URL, logger);
  const tracing = await startTracing('code-issuance', settings, logger);
  armCrashPoints(settings.LATCHKEY_CRASH_POINTS);
  const registry = new Registry();
  watchPool(registry, source);
  const messaging = new Messaging({ url: settings.LATCHKEY_AMQP_URL, name: 'code-issuance', logger, registry });
  const server = new AmqpServer({ service: 'code-issuance', connection: messaging.connection, publisher: messaging.publisher, logger });
  const app = await NestFactory.createMicroservice(
    AppModule.for({
      source,
      redis,
      messaging,
      keys: new SealingKeys(settings.LATCHKEY_SEALING_KEYS),
      clock,
      limits: codeLimits[settings.LATCHKEY_LIMITS],
      countries: settings.LATCHKEY_SMS_COUNTRIES,
      codeWhenSentAgain: settings.LATCHKEY_CODE_WHEN_SENT_AGAIN,
      logger,
      registry,
    }),
    { strategy: server, logger: new NestLogger(logger), abortOnError: false },
  );
  app.useGlobalFilters(new PassErrorsFilter());

  const internal = await startInternalServer({
    host: settings.LATCHKEY_HOST,
    port: settings.LATCHKEY_INTERNAL_PORT,
    registry,
    checks: {
      // Before it listens the server has no queues to consume, and `consuming` is true of none.
      broker: () => source.isInitialized && messaging.connection.connected && server.consuming,
      redis: () => isRedisReady(redis),
      database: async () => source.isInitialized && (await source.query<unknown[]>('SELECT 1')).length === 1,
    },
  });
  await initializeWhenReady(source, (error) => logger.warn({ reason: error.message }, 'database not reachable yet'));
  await app.listen();

  return {
    logger,
    async stop() {
      await app.close();
      await messaging.close();
      await source.destroy();
      redis.disconnect();
      await internal.close();
      await tracing.stop();
    },
  };
}
