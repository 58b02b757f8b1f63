import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { KeptMessage, Message, MessageStore } from './message-store.ts';

const query = z.strictObject({
  to: z.string().min(1).max(320).optional(),
  limit: z.coerce.number().int().min(1).max(5_000).optional(),
});

/** How many messages a page that has just opened is given. */
const snapshotSize = 500;
const heartbeatMs = 15_000;
/** A reader this far behind is cut off; its browser connects again and starts from a fresh snapshot. */
const mostBuffered = 32 * 1024 * 1024;

/** `GET /messages`, `DELETE /messages`, `GET /messages/:id/html`, `GET /events`. */
export function serveMessages(app: FastifyInstance, store: MessageStore): void {
  app.get('/messages', async (request, reply) => {
    const read = query.safeParse(request.query);
    if (!read.success) {
      const issues = read.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
      return reply.code(400).type('application/problem+json').send({ ...problem(400, 'invalid_request', 'The request is not valid'), issues });
    }
    reply.header('cache-control', 'no-store');
    return store.list(read.data).map(asPublic);
  });

  app.delete('/messages', async (_request, reply) => {
    store.clear();
    return reply.code(204).send();
  });

  // A mail's own HTML, shut in: no scripts, no requests, an origin of its own even when opened by itself.
  app.get<{ Params: { id: string } }>('/messages/:id/html', async (request, reply) => {
    const html = store.find(request.params.id)?.html;
    if (html === undefined) return reply.callNotFound();
    return reply
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox")
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(openLinksOutside(html));
  });

  const open = new Set<ServerResponse>();
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end();
  });

  app.get('/events', (_request, reply) => {
    reply.hijack();
    const stream = reply.raw;
    const send = (event: string, data: unknown) => {
      if (stream.writableLength > mostBuffered) stream.destroy();
      else stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    stream.write('retry: 1000\n\n');
    send('snapshot', store.list({ limit: snapshotSize }));
    const unwatch = store.watch((change) => (change.kind === 'arrived' ? send('message', change.message) : send('cleared', {})));
    const heartbeat = setInterval(() => stream.write(': alive\n\n'), heartbeatMs);
    open.add(stream);
    stream.on('close', () => {
      unwatch();
      clearInterval(heartbeat);
      open.delete(stream);
    });
  });
}

/** A problem document (RFC 9457), as the rest of the system answers. */
export function problem(status: number, code: string, title: string) {
  return { type: 'about:blank', title, status, code };
}

function asPublic({ id, channel, to, subject, text, html, receivedAt, headers }: KeptMessage): Message {
  return { id, channel, to, ...(subject === undefined ? {} : { subject }), text, ...(html === undefined ? {} : { html }), receivedAt, ...(headers === undefined ? {} : { headers }) };
}

/** Links of a mail open a tab of their own: inside the frame most sites refuse to be shown. */
function openLinksOutside(html: string): string {
  const base = '<base target="_blank">';
  return /<head\b[^>]*>/i.test(html) ? html.replace(/<head\b[^>]*>/i, (head) => head + base) : base + html;
}
