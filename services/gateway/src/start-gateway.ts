import { setTimeout as wait } from 'node:timers/promises';
import cookie from '@fastify/cookie';
import { Refusal } from '@latchkey/contracts';
import { AmqpServer, currentMessageContext, Messaging } from '@latchkey/messaging';
import { armCrashPoints, createLogger, type Logger, NestLogger, SealingKeys, startInternalServer, startTracing } from '@latchkey/platform';
import { type ArgumentsHost, Catch, HttpException, StandardSchemaValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Registry } from 'prom-client';
import { AppModule } from './app-module.ts';
import type { GatewaySettings } from './config.ts';
import { TrustedPeers } from './forward-auth/trusted-peers.ts';
import { brokenRequestHandlers } from './http/broken-requests.ts';
import { closeQuietConnections } from './http/close-quiet-connections.ts';
import { describeIssues } from './http/describe-issues.ts';
import { acceptJsonOnly, readLimit } from './http/json-body.ts';
import { describeApi, renderApiPage } from './http/openapi.ts';
import { ProblemFilter } from './http/problem-filter.ts';
import { RouteTable } from './http/route-table.ts';
import { SameOriginGuard } from './http/same-origin-guard.ts';
import { setSecurityHeaders } from './http/security-headers.ts';
import { traceRequests } from './http/trace-requests.ts';
import { DeliveryHub } from './login/delivery-hub.ts';
import { AdaptiveLimit, limitLogins } from './login/limit-logins.ts';
import { GatewayMetrics } from './ops/metrics.ts';
import { takeReceipts } from './receipts/take-receipts.ts';
import { serveWebsite } from './website/serve-website.ts';

/** Longer than any request's deadline: whatever still hangs then is a client that does not read. */
const drainMs = 5_500;
/** How long a request may take to arrive; without a bound a thousand slow writers hold a thousand sockets. */
const requestMs = 30_000;

/** Problems for API calls, the website for everything else that a browser opens. */
@Catch()
class HttpFilter extends ProblemFilter {
  private readonly servePage: (request: FastifyRequest, reply: FastifyReply) => boolean;

  constructor(logger: Logger, allowedMethods: (path: string) => string[], servePage: (request: FastifyRequest, reply: FastifyReply) => boolean) {
    super(logger, allowedMethods);
    this.servePage = servePage;
  }

  override catch(error: unknown, host: ArgumentsHost): void {
    const unknownPath = error instanceof HttpException && error.getStatus() === 404;
    if (unknownPath && this.servePage(host.switchToHttp().getRequest<FastifyRequest>(), host.switchToHttp().getResponse<FastifyReply>())) return;
    super.catch(error, host);
  }
}

export async function startGateway(settings: GatewaySettings, webRoot: string): Promise<{ logger: Logger; routes: RouteTable['routes']; leaveMs: number; stop(): Promise<void> }> {
  const logger = createLogger('gateway', settings.LATCHKEY_LOG_LEVEL, () => ({ correlationId: currentMessageContext()?.correlationId }));
  const tracing = await startTracing('gateway', settings, logger);
  armCrashPoints(settings.LATCHKEY_CRASH_POINTS);
  const registry = new Registry();
  const metrics = new GatewayMetrics(registry);
  const messaging = new Messaging({ url: settings.LATCHKEY_AMQP_URL, name: 'gateway', logger, registry });
  const strategy = new AmqpServer({ service: 'gateway', connection: messaging.connection, publisher: messaging.publisher, logger });
  let leaving = false;
  const internal = await startInternalServer({
    host: settings.LATCHKEY_HOST,
    port: settings.LATCHKEY_INTERNAL_PORT,
    registry,
    checks: { broker: () => messaging.connection.connected && strategy.consuming, staying: () => !leaving },
  });

  const adapter = new FastifyAdapter({
    bodyLimit: readLimit,
    requestTimeout: requestMs,
    // Whatever a path holds reaches its route, which says that there is no such thing.
    routerOptions: { maxParamLength: 16_384 },
    trustProxy: settings.LATCHKEY_TRUSTED_PROXIES.length > 0 ? settings.LATCHKEY_TRUSTED_PROXIES : false,
    ...brokenRequestHandlers(settings.LATCHKEY_PUBLIC_URL),
  });
  const server = adapter.getInstance() as unknown as FastifyInstance;
  server.decorate('publicUrl', new URL(settings.LATCHKEY_PUBLIC_URL));
  const table = new RouteTable(server);
  metrics.watchRequests(server);
  if (tracing.on) traceRequests(server, new TrustedPeers(settings.LATCHKEY_TRUSTED_PROXIES));
  setSecurityHeaders(server, settings.LATCHKEY_PUBLIC_URL);
  acceptJsonOnly(server);
  closeQuietConnections(server);
  limitLogins(server, new AdaptiveLimit(settings.LATCHKEY_LOGIN_TARGET_MS), metrics);
  await server.register(cookie);
  const keys = new SealingKeys(settings.LATCHKEY_SEALING_KEYS);
  await takeReceipts(server, { requester: messaging.requester, keys, publicUrl: settings.LATCHKEY_PUBLIC_URL, logger });
  const servePage = await serveWebsite(server, webRoot);

  const appModule = AppModule.for({ messaging, keys, settings, isListening: () => strategy.consuming });
  const app = await NestFactory.create<NestFastifyApplication>(appModule, adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
  });
  const hub = app.get(DeliveryHub);
  metrics.watchStreams(() => hub.openStreams);
  app.connectMicroservice({ strategy }, { inheritAppConfig: false });
  app.useGlobalFilters(new HttpFilter(logger, (path) => table.methodsOf(path), servePage));
  app.useGlobalGuards(new SameOriginGuard(settings.LATCHKEY_PUBLIC_URL));
  app.useGlobalPipes(
    new StandardSchemaValidationPipe({
      exceptionFactory: (issues) => new Refusal('invalid_request', { issues: describeIssues(issues) }),
    }),
  );
  const document = describeApi(app);
  server.get('/openapi.json', (_request, reply) => reply.header('access-control-allow-origin', '*').send(document));
  server.get('/docs', (_request, reply) => reply.type('text/html; charset=utf-8').send(renderApiPage(document)));

  await app.startAllMicroservices();
  await app.listen(settings.LATCHKEY_HTTP_PORT, settings.LATCHKEY_HOST);
  return {
    logger,
    routes: table.routes,
    leaveMs: settings.LATCHKEY_LEAVE_SECONDS * 1000,
    stop: async () => {
      leaving = true;
      await wait(settings.LATCHKEY_LEAVE_SECONDS * 1000);
      const cut = setTimeout(() => server.server.closeAllConnections(), drainMs);
      await app.close();
      clearTimeout(cut);
      await messaging.close();
      await internal.close();
      await tracing.stop();
    },
  };
}
