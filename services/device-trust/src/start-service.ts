import { AmqpServer, currentMessageContext, Messaging, OutboxRelay, PassErrorsFilter, watchOutbox } from '@latchkey/messaging';
import { armCrashPoints, createLogger, initializeWhenReady, type Logger, NestLogger, startInternalServer, startTracing, watchPool } from '@latchkey/platform';
import { NestFactory } from '@nestjs/core';
import { Registry } from 'prom-client';
import { AppModule } from './app-module.ts';
import type { DeviceTrustSettings } from './config.ts';
import { devicesDatabase } from './database.ts';

/** Starts answering requests; `stop` lets those under way finish first. */
export async function startService(settings: DeviceTrustSettings): Promise<{ logger: Logger; stop(): Promise<void> }> {
  const logger = createLogger('device-trust', settings.LATCHKEY_LOG_LEVEL, () => ({ correlationId: currentMessageContext()?.correlationId }));
  const source = devicesDatabase(settings.LATCHKEY_DATABASE_URL);
  const tracing = await startTracing('device-trust', settings, logger);
  armCrashPoints(settings.LATCHKEY_CRASH_POINTS);
  const registry = new Registry();
  watchPool(registry, source);
  watchOutbox(registry, source);
  const messaging = new Messaging({ url: settings.LATCHKEY_AMQP_URL, name: 'device-trust', logger, registry });
  const relay = new OutboxRelay(source, messaging.publisher, logger);
  const server = new AmqpServer({ service: 'device-trust', connection: messaging.connection, publisher: messaging.publisher, logger });
  const internal = await startInternalServer({
    host: settings.LATCHKEY_HOST,
    port: settings.LATCHKEY_INTERNAL_PORT,
    registry,
    checks: {
      broker: () => messaging.connection.connected && server.consuming,
      database: async () => source.isInitialized && Boolean(await source.query('SELECT 1')),
    },
  });
  await initializeWhenReady(source, (error) => logger.warn({ reason: error.message }, 'database not reachable yet'));
  const app = await NestFactory.createMicroservice(AppModule.for({ source, messaging, relay, trustDays: settings.LATCHKEY_TRUST_DAYS }), {
    strategy: server,
    logger: new NestLogger(logger),
  });
  app.useGlobalFilters(new PassErrorsFilter());
  await app.listen();
  relay.start();
  return {
    logger,
    stop: async () => {
      await app.close();
      await relay.stop();
      await messaging.close();
      await source.destroy();
      await internal.close();
      await tracing.stop();
    },
  };
}
