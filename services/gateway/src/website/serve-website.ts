import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const missingPage = '<!doctype html><html lang="en"><title>Latchkey</title><h1>The website is not built</h1><p>The API works; <code>npm start</code> builds the website.</p></html>';

/** The built website: its assets for ever (their names change with their contents), its pages never from a cache. */
export async function serveWebsite(server: FastifyInstance, root: string): Promise<(request: FastifyRequest, reply: FastifyReply) => boolean> {
  const built = existsSync(join(root, 'index.html'));
  if (built) {
    await server.register(fastifyStatic, {
      root,
      wildcard: false,
      index: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        void reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store');
      },
    });
  }
  /** Every other page is the website's own affair; says whether it was one. */
  return (request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    const acceptsPage = path === '/' || (request.headers.accept ?? '').includes('text/html');
    const wantsPage = (request.method === 'GET' || request.method === 'HEAD') && acceptsPage && !/^\/(v1|assets|health|metrics)(\/|$)/.test(path);
    if (!wantsPage) return false;
    if (!built) void reply.code(503).header('retry-after', '30').type('text/html; charset=utf-8').send(missingPage);
    else void reply.code(200).sendFile('index.html');
    return true;
  };
}
