import { AmqpServer, currentMessageContext, Messaging, PassErrorsFilter, type RetryPolicy } from '@latchkey/messaging';
import { armCrashPoints, connectRedis, createDataSource, createLogger, initializeWhenReady, type Logger, NestLogger, SealingKeys, startInternalServer, startTracing, systemClock, watchPool } from '@latchkey/platform';
import { NestFactory } from '@nestjs/core';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { AppModule } from './app-module.ts';
import type { DeliverySettings } from './config.ts';
import { AcceptedMessages } from './deliver/accepted-messages.ts';
import { FollowUp } from './deliver/follow-up.ts';
import { DeliveryMetrics } from './deliver/metrics.ts';
import { ledgerPartitions } from './deliver/partitions.ts';
import { Deliveries1764000000000 } from './migrations/1764000000000-deliveries.ts';
import { Notices1764100000000 } from './migrations/1764100000000-notices.ts';
import { Controls1764200000000 } from './migrations/1764200000000-controls.ts';
import { DeliveryControls } from './ops/controls.ts';
import type { CircuitOptions } from './routing/circuit.ts';
import { makeLines, makeReaders } from './routing/make-lines.ts';
import { ProviderStates } from './routing/provider-states.ts';
import { defaultRoutes } from './routing/routes-setting.ts';
import { Routing } from './routing/routing.ts';

/** The schema `delivery`, through its own role. */
export const deliveryDatabase = (url: string): DataSource => createDataSource({ url, schema: 'delivery', migrations: [Deliveries1764000000000, Notices1764100000000, Controls1764200000000], service: 'delivery' });

/** Starts delivering; `stop` lets what is under way finish first. The rest is for tests, which have less time. */
export async function startService(settings: DeliverySettings, shorter: { retries?: RetryPolicy; circuit?: CircuitOptions } = {}): Promise<{ logger: Logger; stop(): Promise<void> }> {
  const channels = settings.DELIVERY_CHANNELS;
  const logger = createLogger('delivery', settings.LATCHKEY_LOG_LEVEL, () => ({ correlationId: currentMessageContext()?.correlationId }));
  const source = deliveryDatabase(settings.LATCHKEY_DATABASE_URL);
  const tracing = await startTracing('delivery', settings, logger);
  armCrashPoints(settings.LATCHKEY_CRASH_POINTS);
  const registry = new Registry();
  watchPool(registry, source);
  const messaging = new Messaging({ url: settings.LATCHKEY_AMQP_URL, name: `delivery ${channels.join('+')}`, logger, registry });
  const server = new AmqpServer({
    service: 'delivery',
    connection: messaging.connection,
    publisher: messaging.publisher,
    logger,
    channels,
    eventPrefetch: settings.LATCHKEY_DELIVERY_PREFETCH,
    ...(shorter.retries ? { retries: shorter.retries } : {}),
  });
  let listening = false;
  const internal = await startInternalServer({
    host: settings.LATCHKEY_HOST,
    port: settings.LATCHKEY_INTERNAL_PORT,
    registry,
    checks: {
      broker: () => listening && messaging.connection.connected && server.consuming,
      database: async () => source.isInitialized && Boolean(await source.query('SELECT 1')),
    },
  });

  const routes = settings.LATCHKEY_DELIVERY_ROUTES ?? defaultRoutes;
  const capped = Object.values(routes.providers).some(({ inFlight, perSecond }) => inFlight !== undefined || perSecond !== undefined);
  const redis = settings.LATCHKEY_REDIS_URL && capped ? connectRedis(settings.LATCHKEY_REDIS_URL, logger) : undefined;
  const metrics = new DeliveryMetrics(registry);
  const providerStates = new ProviderStates(source, logger);
  const controls = new DeliveryControls({ source, providerStates, logger });
  const parts = { channels, controls, source, messaging, metrics, providerStates, redis, logger, clock: systemClock, keys: new SealingKeys(settings.LATCHKEY_SEALING_KEYS) };
  const defaults = { region: settings.AWS_REGION, from: settings.LATCHKEY_EMAIL_FROM, senderId: settings.LATCHKEY_SMS_SENDER_ID, snsEndpoint: settings.AWS_ENDPOINT_URL_SNS, sesEndpoint: settings.AWS_ENDPOINT_URL_SES };
  const lines = makeLines(routes, { ...parts, defaults, onCircuitChange: () => providerStates.changed(), ...(shorter.circuit ? { circuit: shorter.circuit } : {}) });
  const routing = new Routing(routes.routes, lines);

  await initializeWhenReady(source, (error) => logger.warn({ reason: error.message }, 'database not reachable yet'));
  const partitions = ledgerPartitions({ source, messages: new AcceptedMessages(source), keepDays: settings.LATCHKEY_LEDGER_DAYS, logger });
  await partitions.start();
  const app = await NestFactory.createMicroservice(AppModule.for({ ...parts, routing, readers: makeReaders(routes, parts) }), { strategy: server, logger: new NestLogger(logger), abortOnError: false });
  app.useGlobalFilters(new PassErrorsFilter());
  await controls.start({ server, routing, channels });
  await app.listen();
  listening = true;
  const followUp = app.get(FollowUp);
  followUp.start();
  providerStates.start(routing, channels);

  return {
    logger,
    async stop() {
      routing.stopWaiting();
      await controls.stop();
      partitions.stop();
      await followUp.stop();
      await app.close();
      routing.close();
      await providerStates.stop();
      await messaging.close();
      await source.destroy();
      redis?.disconnect();
      await internal.close();
      await tracing.stop();
    },
  };
}
