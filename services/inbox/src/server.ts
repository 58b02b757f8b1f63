import fastify, { LogController } from 'fastify';
import type { FastifyError, FastifyInstance } from 'fastify';
import type { SMTPServer } from 'smtp-server';
import { serveAws } from './aws-endpoint.ts';
import type { InboxConfig } from './config.ts';
import { MessageStore } from './message-store.ts';
import { problem, serveMessages } from './messages-api.ts';
import { servePage } from './page.ts';
import { ReceiptSender } from './receipt-sender.ts';
import { buildSmtp } from './smtp.ts';
import { SnsTopic } from './sns-topic.ts';
import { makeTestCertificate } from './test-certificate.ts';
import { serveTwilio } from './twilio-endpoint.ts';
import { serveWebhook } from './webhook-endpoint.ts';

/** The listeners of the inbox, not yet listening: HTTP, health and metrics, and SMTP when it is set. */
export function buildInbox(config: InboxConfig): { app: FastifyInstance; internal: FastifyInstance; smtp: SMTPServer | undefined } {
  const store = new MessageStore();
  const app = listener(config);
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
  });
  const sender = new ReceiptSender(config.receiptDelayMs, app.log);
  app.addHook('onClose', async () => sender.stop());

  // Only who tells of mail over SNS, or offers STARTTLS, needs one; making it takes a moment.
  const certificate = config.ses.receiptUrl || config.smtp ? makeTestCertificate('sns.amazonaws.com') : undefined;
  const topic = certificate && config.ses.receiptUrl ? new SnsTopic({ arn: config.ses.topicArn, subscriber: config.ses.receiptUrl, certificate, sender }) : undefined;
  topic?.serve(app);
  serveAws(app, config, store, topic);
  if (config.twilioAccounts.length > 0) serveTwilio(app, config, store, sender);
  if (config.webhookSecret) serveWebhook(app, config.webhookSecret, config, store, sender);
  serveMessages(app, store);
  servePage(app);
  const smtp = certificate && config.smtp ? buildSmtp(config.smtp, config, store, certificate, app.log) : undefined;
  // What a mail client has to trust that uses STARTTLS.
  if (smtp) app.get('/smtp-certificate.pem', async (_request, reply) => reply.type('application/x-pem-file').send(certificate?.certificatePem));
  return { app, internal: serveInternal(listener(config), store), smtp };
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
