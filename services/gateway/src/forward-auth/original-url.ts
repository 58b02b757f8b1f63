import type { FastifyRequest } from 'fastify';

/** The header, unless it was sent several times: then nobody knows which of them the proxy wrote. */
function single(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && !value.includes(',') ? value : undefined;
}

/**
 * The address that the proxy was asked for: `X-Original-URL` (nginx), else `X-Forwarded-Proto`, `-Host` and `-Uri` (Traefik,
 * Caddy, HAProxy), else what follows our own path (Envoy appends the path that it was asked for). Only a trusted proxy may ask.
 */
export function originalUrl(request: FastifyRequest, pathAfterOurs: string): string | null {
  const whole = request.headers['x-original-url'];
  if (typeof whole === 'string') return whole;
  const scheme = single(request, 'x-forwarded-proto') ?? request.protocol;
  const host = single(request, 'x-forwarded-host') ?? (request.headers['x-forwarded-host'] === undefined ? request.headers.host : undefined);
  const path = request.headers['x-forwarded-uri'] ?? pathAfterOurs;
  if (!host || typeof path !== 'string' || !path.startsWith('/')) return null;
  return `${scheme}://${host}${path}`;
}
