import type { FastifyInstance } from 'fastify';

/** The largest body that is looked at, in bytes. */
const bodyLimit = 64 * 1024;
/**
 * Bodies up to here are read to their end before they are refused: a client that is still writing when the answer comes
 * would often see a broken connection and not the 413.
 */
export const readLimit = 2 * 1024 * 1024;

const refusedWith = (statusCode: number) => Object.assign(new Error('body refused'), { statusCode });

/** JSON in UTF-8 only; an empty body is an empty object, so that calls without a body may name the content type all the same. */
export function acceptJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) return done(null, {});
    if (body.length > bodyLimit) return done(refusedWith(413));
    const text = decode(body);
    if (text === undefined) return done(refusedWith(400));
    void parse(request, text, done);
  });
}

/** What is no UTF-8 is no JSON (RFC 8259 8.1); replacement characters would make one password of many. */
function decode(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
