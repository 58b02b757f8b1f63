import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/inbox.css': ['inbox.css', 'text/css; charset=utf-8'],
  '/inbox.js': ['inbox.js', 'text/javascript; charset=utf-8'],
  '/phone.js': ['phone.js', 'text/javascript; charset=utf-8'],
  '/mailbox.js': ['mailbox.js', 'text/javascript; charset=utf-8'],
  '/reading.js': ['reading.js', 'text/javascript; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
} as const;

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page at `/` and its few files. */
export function servePage(app: FastifyInstance): void {
  for (const [path, [file, type]] of Object.entries(files)) {
    // The same place seen from src/ and, bundled, from dist/.
    const content = readFileSync(new URL(`../public/${file}`, import.meta.url));
    app.get(path, async (_request, reply) =>
      reply.header('content-security-policy', contentSecurityPolicy).header('cache-control', 'no-cache').type(type).send(content),
    );
  }
}
