import { z } from 'zod';
import { actorKind, assurance, id, ipAddress, locale, methodKind, sealed } from '../primitives.ts';
import { twoFactorPolicy } from '../http/two-factor.ts';
import { events } from './define.ts';
import { trustEpoch } from './device-trust.ts';
import { noticeIssued } from './notices.ts';

/** Who did it; the name is a login name, or the provider's for its staff. */
const actor = z.object({ kind: actorKind, loginId: id.nullable(), name: z.string().nullable() });
export type Actor = z.infer<typeof actor>;

/** What every fact about a login tells. */
const fact = z.object({
  loginId: id,
  providerId: id,
  accountId: id.nullable(),
  /** The login attempt it belongs to. */
  attemptId: id.nullable(),
  by: actor,
  device: z.object({ id: id.nullable(), name: z.string() }).nullable(),
  ip: ipAddress.nullable(),
});
export type Fact = z.infer<typeof fact>;

const method = z.object({ id, kind: methodKind, hint: z.string() });
/** The login's trust epoch after it: trust given in an earlier one is withdrawn by this very fact. */
const withdrawsTrust = { trustEpoch };

export const authEvents = events('auth', {
  'login.refused': { audience: 'durable', payload: fact.extend({ reason: z.enum(['wrong_password', 'too_many_requests', 'new_password_required']) }) },
  /** The password was right and the device is not trusted. */
  'login.code-required': { audience: 'durable', payload: fact.extend({ method: method.omit({ id: true }) }) },
  'login.code-refused': {
    audience: 'durable',
    payload: fact.extend({ method: method.omit({ id: true }).nullable(), reason: z.enum(['wrong_code', 'code_expired', 'attempt_over', 'locked']), attemptsLeft: z.int().optional() }),
  },
  'login.signed-in': { audience: 'durable', payload: fact.extend({ sessionId: id, assurance, newDevice: z.boolean() }) },
  'login.added': { audience: 'durable', payload: fact.extend({ loginName: z.string() }) },
  /** An invitation that was not accepted yet was sent again. */
  'login.invited': { audience: 'durable', payload: fact.extend({ loginName: z.string() }) },
  'login.removed': { audience: 'durable', payload: fact.extend({ loginName: z.string() }) },
  /** "This wasn't me": every session is ended and a new password is asked for at the next login. */
  'login.not-me': { audience: 'durable', payload: fact.extend(withdrawsTrust) },
  /** A code raised a session in place. */
  'session.stepped-up': { audience: 'durable', payload: fact.extend({ sessionId: id, assurance }) },
  'session.ended': { audience: 'durable', payload: fact.extend({ ended: z.enum(['this', 'one', 'others']) }) },
  'two-factor.method-added': { audience: 'durable', payload: fact.extend({ method, first: z.boolean() }) },
  'two-factor.method-removed': { audience: 'durable', payload: fact.extend({ method }) },
  /** Turned off, by whom and how. */
  'two-factor.disabled': {
    audience: 'durable',
    payload: fact.extend({ ...withdrawsTrust, how: z.enum(['disabled', 'reset', 'reset_by_email', 'disabled_by_provider']), reason: z.string().nullable() }),
  },
  /** The methods (and sets of recovery codes) are gone already; code-issuance deletes what it keeps of them. */
  'two-factor.methods-removed': {
    audience: 'durable',
    payload: z.object({ loginId: id, methodIds: z.array(id).min(1) }),
  },
  'two-factor.recovery-codes-made': { audience: 'durable', payload: fact },
  'password.changed': { audience: 'durable', payload: fact.extend({ ...withdrawsTrust, how: z.enum(['changed', 'reset', 'chosen']) }) },
  /** A link was asked for; whether there is such a login is nobody's to know, and looked at later. */
  'password.forgotten': { audience: 'durable', payload: z.object({ sealedLoginName: sealed, ip: ipAddress, locale }) },
  'password.reset-asked': { audience: 'durable', payload: fact },
  /** Open pages and other replicas act by the new policy at once. */
  'provider.policy-changed': { audience: 'live', payload: z.object({ providerId: id, twoFactor: twoFactorPolicy, by: actor }) },
  'notice.issued.sms': { audience: 'durable', payload: noticeIssued },
  'notice.issued.email': { audience: 'durable', payload: noticeIssued },
});
