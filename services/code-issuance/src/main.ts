import 'reflect-metadata';
import { AmqpServer, currentMessageContext, Messaging, PassErrorsFilter } from '@latchkey/messaging';
import { connectRedis, createDataSource, createLogger, initializeWhenReady, NestLogger, readConfig, runProcess, SealingKeys, startInternalServer, systemClock } from '@latchkey/platform';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app-module.ts';
import { codeLimits } from './codes/code-limits.ts';
import { codeIssuanceSettings } from './config.ts';
import { Authenticators1764000000000 } from './migrations/1764000000000-authenticators.ts';

runProcess(async () => {
  const settings = readConfig(codeIssuanceSettings);
  const logger = createLogger('code-issuance', settings.LATCHKEY_LOG_LEVEL, () => ({ correlationId: currentMessageContext()?.correlationId }));
  const source = createDataSource({ url: settings.LATCHKEY_DATABASE_URL, schema: 'codes', migrations: [Authenticators1764000000000], service: 'code-issuance' });
  if (process.argv[2] === 'migrate') {
    await source.initialize();
    await source.runMigrations({ transaction: 'all' });
    await source.destroy();
    process.exit(0);
  }

  const redis = connectRedis(settings.LATCHKEY_REDIS_URL, logger);
  const messaging = new Messaging({ url: settings.LATCHKEY_AMQP_URL, name: 'code-issuance', logger });
  const server = new AmqpServer({ service: 'code-issuance', connection: messaging.connection, publisher: messaging.publisher, logger });
  const internal = await startInternalServer({
    host: settings.LATCHKEY_HOST,
    port: settings.LATCHKEY_INTERNAL_PORT,
    checks: {
      broker: () => messaging.connection.connected && server.consuming,
      redis: async () => (await redis.ping()) === 'PONG',
      database: async () => source.isInitialized && Boolean(await source.query('SELECT 1')),
    },
  });
  await initializeWhenReady(source, (error) => logger.warn({ reason: error.message }, 'database not reachable yet'));
  const app = await NestFactory.createMicroservice(
    AppModule.for({
      source,
      redis,
      messaging,
      keys: new SealingKeys(settings.LATCHKEY_SEALING_KEYS),
      clock: systemClock,
      limits: codeLimits[settings.LATCHKEY_LIMITS],
      countries: settings.LATCHKEY_SMS_COUNTRIES,
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
      redis.disconnect();
      await internal.close();
    },
  };
});
