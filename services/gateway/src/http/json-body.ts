import type { FastifyInstance } from 'fastify';

/** The largest body that is looked at, in bytes. */
const bodyLimit = 64 * 1024;
/**
 * Bodies up to here are read to their end before they are refused: a client that is still writing when the answer comes
 * would often see a broken connection and not the 413.
 */
export const readLimit = 2 * 1024 * 1024;

/** JSON only; an empty body is an empty object, so that calls without a body may name the content type all the same. */
export function acceptJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, {});
    if (Buffer.byteLength(body as string) > bodyLimit) return done(Object.assign(new Error('body too large'), { statusCode: 413 }));
    try {
      done(null, JSON.parse(body as string));
    } catch {
      done(Object.assign(new Error('bad JSON'), { statusCode: 400 }));
    }
  });
}
