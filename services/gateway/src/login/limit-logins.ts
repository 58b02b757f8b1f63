import { Refusal } from '@latchkey/contracts';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from '../http/problem-filter.ts';
import type { GatewayMetrics } from '../ops/metrics.ts';

/**
 * Lets in as many at once as keep to a time, and no more: grows by one for each round that was quick enough, shrinks by a
 * tenth when one was not (additive increase, multiplicative decrease, as TCP does). A fixed number would be too many for
 * one machine and too few for another.
 */
export class AdaptiveLimit {
  private static readonly least = 4;
  private static readonly most = 1_000;
  allowed = 32;
  inside = 0;
  private shrunkAt = 0;
  private readonly targetMs: number;

  constructor(targetMs: number) {
    this.targetMs = targetMs;
  }

  /** False: it would not be done in time. */
  enter(): boolean {
    if (this.inside >= this.allowed) return false;
    this.inside += 1;
    return true;
  }

  leave(tookMs: number, now = performance.now()): void {
    // Those who were let in before the last cut tell nothing of the limit after it.
    const isTelling = now - tookMs > this.shrunkAt;
    if (tookMs > this.targetMs && isTelling) {
      this.allowed = Math.max(AdaptiveLimit.least, this.allowed * 0.9);
      this.shrunkAt = now;
    } else if (tookMs <= this.targetMs && this.inside >= this.allowed * 0.8) {
      this.allowed = Math.min(AdaptiveLimit.most, this.allowed + 1 / this.allowed);
    }
    this.inside -= 1;
  }
}

/** Answers logins beyond what the password hashes can carry at once, before their bodies are read. */
export function limitLogins(server: FastifyInstance, limit: AdaptiveLimit, metrics: GatewayMetrics): void {
  metrics.watchLogins(limit);
  const entered = new WeakSet<object>();
  server.addHook('onRequest', (request, reply, next) => {
    // The route and not the address, which can be spelled in many ways (`/v1/%6Cogin`).
    if (request.method !== 'POST' || request.routeOptions.url !== '/v1/login') return next();
    if (!limit.enter()) {
      metrics.loginLimited();
      return sendProblem(reply, new Refusal('unavailable', { retryAfterSeconds: 1 }));
    }
    entered.add(request);
    // Also when the client goes away before its answer.
    reply.raw.once('close', () => {
      if (entered.delete(request)) limit.leave(reply.elapsedTime);
    });
    next();
  });
}
