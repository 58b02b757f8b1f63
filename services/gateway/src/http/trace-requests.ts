import { type Context, context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { failSpan } from '@latchkey/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TrustedPeers } from '../forward-auth/trusted-peers.ts';

const tracer = trace.getTracer('latchkey/gateway');

/**
 * Begins a trace with each request of the API, or goes on with the one that a proxy in front began: only those that may
 * speak for others are believed, or anybody could write into a trace, and have every request of his kept.
 */
export function traceRequests(server: FastifyInstance, peers: TrustedPeers): void {
  const contexts = new WeakMap<FastifyRequest, Context>();
  server.addHook('onRequest', (request, reply, next) => {
    // The pattern and never the address, in which somebody may have written anything. The website's files are no story.
    const route = request.routeOptions.url;
    if (!route?.startsWith('/v1/')) return next();
    const parent = peers.includes(request.socket.remoteAddress) ? propagation.extract(ROOT_CONTEXT, request.headers) : ROOT_CONTEXT;
    const attributes = { 'http.request.method': request.method, 'http.route': route, 'url.scheme': request.protocol };
    const span = tracer.startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
    reply.raw.once('close', () => {
      if (reply.raw.headersSent) span.setAttribute('http.response.status_code', reply.raw.statusCode);
      if (!reply.raw.headersSent) failSpan(span, 'client_gone');
      else if (reply.raw.statusCode >= 500) failSpan(span, String(reply.raw.statusCode));
      span.end();
    });
    const inside = trace.setSpan(parent, span);
    contexts.set(request, inside);
    context.with(inside, next);
  });
  // The body is read by events of the socket, which know nothing of the request.
  server.addHook('preValidation', (request, _reply, next) => {
    const inside = contexts.get(request);
    if (inside) context.with(inside, next);
    else next();
  });
}
