import type {} from '@fastify/cookie';
import { Refusal } from '@latchkey/contracts';
import { type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { carriesOurCookies } from './credentials.ts';

/** State-changing requests that carry our cookies come from our own pages, or not at all. */
export class SameOriginGuard implements CanActivate {
  private readonly publicUrl: URL;

  constructor(publicUrl: string) {
    this.publicUrl = new URL(publicUrl);
  }

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (isCrossSite(request, this.publicUrl)) throw new Refusal('cross_site_request');
    return true;
  }
}

export function isCrossSite(request: FastifyRequest, publicUrl: URL): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return false;
  if (!carriesOurCookies(request)) return false;
  const { origin } = request.headers;
  const fetchSite = request.headers['sec-fetch-site'];
  // Another name of this server is as good, another scheme is not: anybody on the way can write a page of plain http.
  if (origin && origin !== publicUrl.origin && origin !== `${publicUrl.protocol}//${request.host}`) return true;
  if (fetchSite) return fetchSite !== 'same-origin' && fetchSite !== 'none';
  // Browsers send one of the two with every such request; a cookie without either is no browser, so no victim.
  return false;
}
