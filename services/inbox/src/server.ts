import fastify, { LogController } from 'fastify';
import type { FastifyError, FastifyInstance } from 'fastify';
import { serveAws } from './aws-endpoint.ts';
import type { InboxConfig } from './config.ts';
import { MessageStore } from './message-store.ts';
import { problem, serveMessages } from './messages-api.ts';
import { servePage } from './page.ts';

/** The two listeners of the inbox, not yet listening. */
export function buildInbox(config: InboxConfig): { app: FastifyInstance; internal: FastifyInstance } {
  const store = new MessageStore();
  const app = listener(config);
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
  });
  serveAws(app, config, store);
  serveMessages(app, store);
  servePage(app);
  return { app, internal: serveInternal(listener(config), store) };
}

function listener(config: InboxConfig): FastifyInstance {
  const app = fastify({
    logger: { level: config.logLevel, base: { service: 'inbox' } },
    // Addresses of calls hold recipients, so requests are not logged; the endpoint logs what it took and refused.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).type('application/problem+json').send(problem(404, 'not_found', 'There is nothing here')));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).type('application/problem+json').send(problem(status, 'invalid_request', 'The request is not valid'));
    request.log.error({ err: error }, 'failed');
    return reply.code(500).type('application/problem+json').send(problem(500, 'internal', 'Something went wrong'));
  });
  return app;
}

function serveInternal(internal: FastifyInstance, store: MessageStore): FastifyInstance {
  internal.get('/health/live', async () => ({ status: 'ok' }));
  // It depends on nothing: once it listens it is ready.
  internal.get('/health/ready', async () => ({ status: 'ok' }));
  internal.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(
      [
        '# HELP latchkey_inbox_messages_total Messages that arrived.',
        '# TYPE latchkey_inbox_messages_total counter',
        ...Object.entries(store.arrived).map(([channel, count]) => `latchkey_inbox_messages_total{channel="${channel}"} ${count}`),
        '# HELP latchkey_inbox_messages_kept Messages in memory.',
        '# TYPE latchkey_inbox_messages_kept gauge',
        `latchkey_inbox_messages_kept ${store.size}`,
        '',
      ].join('\n'),
    ),
  );
  return internal;
}
