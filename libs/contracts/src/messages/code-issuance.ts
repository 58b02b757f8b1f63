import { z } from 'zod';
import { sent } from '../http/login.ts';
import { channel, id, ipAddress, locale, methodKind, moment, sealed } from '../primitives.ts';
import { events, requests } from './define.ts';

/** What a code is for; it is told in the message and kept apart in the activity list. */
export const codePurpose = z.enum(['login', 'step_up', 'confirm_method', 'reset_two_factor']);
export type CodePurpose = z.infer<typeof codePurpose>;

/** How the message presents itself: the provider's name and the host a browser binds the code to (norm 25). */
export const branding = z.object({
  name: z.string().max(60),
  host: z.string().max(120),
  color: z.string().max(7).optional().describe('#rrggbb'),
  logoUrl: z.string().max(500).optional(),
  /** Who emails come from and what texts come from, where the provider has its own. */
  emailFrom: z.string().max(254).optional(),
  smsSender: z.string().max(20).optional(),
  /** For logins whose language is not known. */
  defaultLocale: locale.optional(),
  /** IANA name; moments are told in it. */
  timeZone: z.string().max(60).optional(),
});
export type Branding = z.infer<typeof branding>;

export const codeIssuanceRequests = requests('code-issuance', {
  /**
   * Makes the code of an attempt and has it sent, or sends the same one again. Refuses with `too_many_requests`
   * (resend wait, limits by destination, login, address and country), `attempt_over`, `unsupported_destination`.
   */
  'code.issue': {
    payload: z.object({
      attemptId: id,
      loginId: id,
      providerId: id,
      methodId: id,
      channel,
      sealedDestination: sealed,
      maskedDestination: z.string().max(120),
      purpose: codePurpose,
      locale,
      branding,
      ip: ipAddress,
    }),
    reply: z.object({ sent }),
  },
  /**
   * Judges one try. Right exactly once, and for any method of the attempt that a code was sent by: a text that comes late
   * is good although the person went on to email. The reply names the method whose code it was, so that a session tells
   * how it was really made (norm 24). Refuses with `wrong_code` (+ attemptsLeft), `code_expired`, `attempt_over`
   * (five wrong tries, or already used) and `locked` (too many wrong tries of this login over all its attempts).
   */
  'code.verify': {
    payload: z.object({ attemptId: id, loginId: id, methodId: id, kind: methodKind, sealedCode: sealed }),
    reply: z.object({ verifiedAt: moment, methodId: id }),
  },
  /** Makes ten recovery codes (63B-4 4.2.1.1), as a sealed JSON array; the ones of other sets of the login stop working. */
  'recovery-codes.make': { payload: z.object({ loginId: id, setId: id }), reply: z.object({ sealedRecoveryCodes: sealed }) },
  'recovery-codes.left': { payload: z.object({ loginId: id, setId: id }), reply: z.object({ left: z.int() }) },
  /** Makes the secret of an authenticator app (RFC 4226 R6: 160 bits). It leaves sealed for the gateway only. */
  'authenticator.enrol': {
    payload: z.object({ methodId: id, loginId: id, accountLabel: z.string().max(254), issuer: z.string().max(60) }),
    reply: z.object({ sealedSecret: sealed, sealedOtpauthUri: sealed }),
  },
});

export const codeIssued = z.object({
  attemptId: id,
  loginId: id,
  providerId: id,
  methodId: id,
  purpose: codePurpose,
  sealedCode: sealed,
  sealedDestination: sealed,
  maskedDestination: z.string(),
  locale,
  branding,
  /** Nothing is sent after this moment, by no path. */
  expiresAt: moment,
  /** 1 for the first message of the attempt's code, growing with every "send again". */
  sendNumber: z.int().positive(),
});
export type CodeIssued = z.infer<typeof codeIssued>;

export const codeIssuanceEvents = events('code-issuance', {
  'code.issued.sms': { audience: 'durable', payload: codeIssued },
  'code.issued.email': { audience: 'durable', payload: codeIssued },
  /** A right code was entered: nothing is sent for its attempt any more. */
  'code.used': { audience: 'durable', payload: z.object({ attemptId: id, loginId: id, methodId: id }) },
});
