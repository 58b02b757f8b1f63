import type { FastifyInstance } from 'fastify';

/** JSON only; an empty body is an empty object, so that calls without a body may name the content type all the same. */
export function acceptJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, {});
    try {
      done(null, JSON.parse(body as string));
    } catch {
      done(Object.assign(new Error('bad JSON'), { statusCode: 400 }));
    }
  });
}
