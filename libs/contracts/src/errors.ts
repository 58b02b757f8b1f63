/**
 * The closed union of error codes of the public API, each with its HTTP status and a title that is safe to show.
 * Services refuse with `throw new Refusal(code)`; the refusal crosses the broker as data and leaves the gateway as
 * RFC 9457 problem details.
 */
export const errorCodes = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  invalid_credentials: { status: 401, title: 'Login name or password is not right' },
  not_signed_in: { status: 401, title: 'You are not signed in' },
  wrong_code: { status: 401, title: 'The code is not right' },
  code_expired: { status: 401, title: 'The code has expired' },
  wrong_password: { status: 401, title: 'The password is not right' },
  cross_site_request: { status: 403, title: 'The request came from another site' },
  forbidden: { status: 403, title: 'This is not allowed for you' },
  step_up_required: { status: 403, title: 'This needs a session that passed two-factor' },
  new_password_required: { status: 403, title: 'A new password has to be chosen by the link in the email' },
  two_factor_setup_required: { status: 403, title: 'Two-factor has to be set up first' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  two_factor_off: { status: 409, title: 'Two-factor is off' },
  required_by_provider: { status: 409, title: 'The service provider requires two-factor' },
  ask_service_provider: { status: 409, title: 'Only the service provider can help here' },
  method_exists: { status: 409, title: 'There already is such a method' },
  login_name_taken: { status: 409, title: 'This login name is taken, or looks like one that is' },
  invitation_accepted: { status: 409, title: 'The invitation was accepted already' },
  attempt_over: { status: 410, title: 'This login attempt is over' },
  link_over: { status: 410, title: 'This link is used, replaced or too old' },
  too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'The body has to be application/json' },
  unsupported_destination: { status: 422, title: 'No message can be sent to this destination' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  locked: { status: 429, title: 'Too many wrong codes' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Not available at the moment' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** What a refusal may tell besides its code; everything in it is safe to show to the caller. */
export interface RefusalDetails {
  detail?: string;
  attemptsLeft?: number;
  /** Seconds until trying again makes sense. */
  retryAfterSeconds?: number;
  issues?: { path: string; message: string }[];
  provider?: { name: string; phone: string | null; email: string | null };
}

/** A documented, expected "no". Anything else that is thrown is a fault and becomes `internal_error`. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly details: RefusalDetails;

  constructor(code: ErrorCode, details: RefusalDetails = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}
