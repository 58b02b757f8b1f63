import { type ErrorCode, errorCodes, http, type Problem, Refusal } from '@latchkey/contracts';
import { isBackingServiceAway } from '@latchkey/messaging';
import type { Logger } from '@latchkey/platform';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

const byStatus: Record<number, ErrorCode> = { 400: 'invalid_request', 404: 'not_found', 405: 'method_not_allowed', 413: 'too_large', 415: 'unsupported_media_type' };

/** Turns everything that is thrown into RFC 9457 problem details; nothing of the inside leaves. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger: Logger;
  private readonly allowedMethods: (path: string) => string[];

  constructor(logger: Logger, allowedMethods: (path: string) => string[]) {
    this.logger = logger;
    this.allowedMethods = allowedMethods;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    let refusal = this.toRefusal(error);
    if (refusal.code === 'not_found' && error instanceof HttpException) {
      const allowed = this.allowedMethods(request.url.split('?')[0] ?? '/').filter((method) => method !== 'HEAD');
      if (allowed.length > 0 && !allowed.includes(request.method)) {
        refusal = new Refusal('method_not_allowed');
        void reply.header('allow', allowed.join(', '));
      }
    }
    if (refusal.code === 'internal_error') this.logger.error({ err: error, method: request.method, route: request.routeOptions?.url }, 'request failed');
    sendProblem(reply, refusal);
  }

  private toRefusal(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
    const code = status === undefined ? undefined : byStatus[status];
    if (code) return new Refusal(code, code === 'invalid_request' ? { issues: [{ path: '', message: 'the body is not valid JSON' }] } : {});
    if (isBackingServiceAway(error)) return new Refusal('unavailable', { retryAfterSeconds: 2 });
    return new Refusal('internal_error');
  }
}

/** What leaves of a refusal: the fields of the contract and no other, whatever the service that refused put in. */
export function problemOf({ code, details }: Refusal): Problem {
  const known = errorCodes[code] as (typeof errorCodes)[ErrorCode] | undefined;
  if (!known) return problemOf(new Refusal('internal_error'));
  const { status, title } = known;
  const retryAfterSeconds = status === 503 || status === 429 ? (details.retryAfterSeconds ?? 2) : undefined;
  const problem = http.problem.safeParse({
    ...(code === 'invalid_request' ? { issues: [] } : {}),
    ...details,
    type: 'about:blank',
    title,
    status,
    code,
    // Which part is away is ours to know.
    ...(status === 503 ? { detail: undefined } : {}),
    retryAfterSeconds: retryAfterSeconds === undefined ? undefined : Math.max(1, Math.ceil(retryAfterSeconds)),
  });
  return problem.success ? problem.data : problemOf(new Refusal('internal_error'));
}

export const problemType = 'application/problem+json; charset=utf-8';

export function sendProblem(reply: FastifyReply, refusal: Refusal): void {
  const problem = problemOf(refusal);
  if (problem.retryAfterSeconds !== undefined) void reply.header('retry-after', String(problem.retryAfterSeconds));
  void reply.code(problem.status).header('content-type', problemType).send(JSON.stringify(problem));
}
