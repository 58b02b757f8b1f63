import 'reflect-metadata';
import { AmqpServer, currentMessageContext, Messaging, PassErrorsFilter } from '@latchkey/messaging';
import { armCrashPoints, createDataSource, createLogger, initializeWhenReady, NestLogger, readConfig, runProcess, SealingKeys, startInternalServer, systemClock } from '@latchkey/platform';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app-module.ts';
import { deliverySettings } from './config.ts';
import { Deliveries1764000000000 } from './migrations/1764000000000-deliveries.ts';
import { SesProvider } from './providers/ses.ts';
import { SnsProvider } from './providers/sns.ts';

runProcess(async () => {
  const settings = readConfig(deliverySettings);
  const logger = createLogger('delivery', settings.LATCHKEY_LOG_LEVEL, () => ({ correlationId: currentMessageContext()?.correlationId }));
  const source = createDataSource({ url: settings.LATCHKEY_DATABASE_URL, schema: 'delivery', migrations: [Deliveries1764000000000], service: 'delivery' });
  if (process.argv[2] === 'migrate') {
    await source.initialize();
    await source.runMigrations({ transaction: 'all' });
    await source.destroy();
    process.exit(0);
  }

  armCrashPoints(settings.LATCHKEY_CRASH_POINTS);
  const messaging = new Messaging({ url: settings.LATCHKEY_AMQP_URL, name: `delivery ${settings.DELIVERY_CHANNELS.join('+')}`, logger });
  const server = new AmqpServer({
    service: 'delivery',
    connection: messaging.connection,
    publisher: messaging.publisher,
    logger,
    channels: settings.DELIVERY_CHANNELS,
    eventPrefetch: settings.LATCHKEY_DELIVERY_PREFETCH,
  });
  const internal = await startInternalServer({
    host: settings.LATCHKEY_HOST,
    port: settings.LATCHKEY_INTERNAL_PORT,
    checks: {
      broker: () => messaging.connection.connected && server.consuming,
      database: async () => source.isInitialized && Boolean(await source.query('SELECT 1')),
    },
  });
  await initializeWhenReady(source, (error) => logger.warn({ reason: error.message }, 'database not reachable yet'));
  const aws = { region: settings.AWS_REGION };
  const app = await NestFactory.createMicroservice(
    AppModule.for({
      source,
      messaging,
      providers: {
        sms: new SnsProvider({ ...aws, senderId: settings.LATCHKEY_SMS_SENDER_ID, endpoint: settings.AWS_ENDPOINT_URL_SNS }),
        email: new SesProvider({ ...aws, from: settings.LATCHKEY_EMAIL_FROM, endpoint: settings.AWS_ENDPOINT_URL_SES }),
      },
      keys: new SealingKeys(settings.LATCHKEY_SEALING_KEYS),
      clock: systemClock,
      logger,
    }),
    { strategy: server, logger: new NestLogger(logger) },
  );
  app.useGlobalFilters(new PassErrorsFilter());
  await app.listen();
  return {
    logger,
    stop: async () => {
      await app.close();
      await messaging.close();
      await source.destroy();
      await internal.close();
    },
  };
});
