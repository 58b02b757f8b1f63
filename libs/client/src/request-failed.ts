import type { Schemas } from './operations.ts';

export type Problem = Schemas['Problem'];
export type ErrorCode = Problem['code'];

/** Everything the API can refuse with, and the one refusal that never reached it. */
export type FailureCode = ErrorCode | 'network_lost';

/** A request that did not succeed, with what a page may need to say so. */
export class RequestFailed extends Error {
  readonly code: FailureCode;
  readonly attemptsLeft: number | undefined;
  /** Seconds until trying again makes sense. */
  readonly retryAfterSeconds: number | undefined;
  readonly issues: NonNullable<Problem['issues']>;
  readonly provider: Problem['provider'];

  /** Of the answer; undefined where there was none. */
  readonly status: number | undefined;

  constructor(code: FailureCode, details: Partial<Problem> = {}, cause?: unknown) {
    super(code, { cause });
    this.name = 'RequestFailed';
    this.code = code;
    this.status = details.status;
    this.attemptsLeft = details.attemptsLeft;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.issues = details.issues ?? [];
    this.provider = details.provider;
  }
}

/** Reads a refusal out of a response and its body; one that is not problem details (a proxy's error page) goes by its status. */
export function failureOf(response: Response, body: unknown): RequestFailed {
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const known = { status: response.status, ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}) };
  if (isProblem(body)) return new RequestFailed(body.code, { ...known, ...body });
  return new RequestFailed(codeOfStatus(response.status), known);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'not_signed_in';
  if (status === 404) return 'not_found';
  if (status === 429) return 'too_many_requests';
  return status >= 502 && status <= 504 ? 'unavailable' : 'internal_error';
}

/** Whatever was caught, as a failure; anything that is not one is a fault of the page. */
export function asFailure(error: unknown): RequestFailed {
  return error instanceof RequestFailed ? error : new RequestFailed('internal_error');
}
