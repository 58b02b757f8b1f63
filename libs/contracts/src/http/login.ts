import { z } from 'zod';
import { clientKind, deliveryState, id, methodKind, moment, suggestion } from '../primitives.ts';
import { session } from './session.ts';

// Control characters (null bytes above all) never belong into a name; emoji and every script do.
const printable = (max: number) =>
  z.string().min(1).max(max).refine((text) => !/\p{Cc}/u.test(text), 'must not contain control characters');

export const loginName = printable(254);
/** Any characters, up to 128 (NIST SP 800-63B-4 3.1.1.2); the lower bound is checked where a password is chosen. */
export const password = z.string().min(1).max(128);
/** Names the client (`a`pp or `w`eb) and 256 random bits, base64url; opaque to clients. */
export const attemptSecret = z.string().regex(/^[aw][\w-]{43}$/).describe('Opaque secret of the attempt');
/** Digits as people type them; spaces and hyphens are dropped. Recovery codes are longer. */
export const code = z.string().min(1).max(64).regex(/[^\s-]/, 'no digits in it').transform((text) => text.replace(/[\s-]/g, ''));

export const loginRequest = z
  .strictObject({ loginName, password, client: clientKind.default('web'), deviceName: printable(80).optional() })
  .meta({ id: 'LoginRequest' });

export const methodChoice = z.object({
  id,
  kind: methodKind,
  hint: z.string().describe('A masked destination, for example •••• 4711'),
  default: z.boolean(),
});

/** What was sent, or `null` where nothing had to be (authenticator app). */
export const sent = z
  .object({
    methodId: id,
    state: z.literal('queued'),
    expiresAt: moment,
    resendAt: moment,
    sendsLeft: z.int(),
  })
  .meta({ id: 'Sent' });
export type Sent = z.infer<typeof sent>;

export const codeRequired = z
  .object({
    status: z.literal('code_required'),
    attempt: attemptSecret,
    methods: z.array(methodChoice),
    sent: sent.nullable(),
  })
  .meta({ id: 'CodeRequired' });

export const signedIn = z.object({ status: z.literal('signed_in'), session }).meta({ id: 'SignedIn' });
export const loginAnswer = z.discriminatedUnion('status', [signedIn, codeRequired]).meta({ id: 'LoginAnswer' });
export type LoginAnswer = z.infer<typeof loginAnswer>;

export const sendCodeRequest = z.strictObject({ attempt: attemptSecret, methodId: id }).meta({ id: 'SendCodeRequest' });
export const sendCodeAnswer = z.object({ sent: sent.nullable() }).meta({ id: 'SendCodeAnswer' });

export const verifyCodeRequest = z
  .strictObject({ attempt: attemptSecret, methodId: id, code })
  .meta({ id: 'VerifyCodeRequest' });
export const verifyCodeAnswer = z
  .object({ status: z.literal('signed_in'), session, askToTrust: z.boolean() })
  .meta({ id: 'VerifyCodeAnswer' });
export type VerifyCodeAnswer = z.infer<typeof verifyCodeAnswer>;

export const stepUpAnswer = z
  .object({ attempt: attemptSecret, methods: z.array(methodChoice), sent: sent.nullable() })
  .meta({ id: 'StepUpAnswer' });

/** The data of one `delivery` event on `GET /v1/login/events`. */
export const deliveryEvent = z
  .object({ methodId: id, state: deliveryState, at: moment, suggestion: suggestion.optional() })
  .meta({ id: 'DeliveryEvent' });
export type DeliveryEvent = z.infer<typeof deliveryEvent>;

export const resetTwoFactorRequest = z.strictObject({ attempt: attemptSecret }).meta({ id: 'ResetTwoFactorRequest' });
export const resetTwoFactorAnswer = z.object({ sent }).meta({ id: 'ResetTwoFactorAnswer' });
export const confirmResetRequest = z.strictObject({ attempt: attemptSecret, code }).meta({ id: 'ConfirmResetRequest' });
