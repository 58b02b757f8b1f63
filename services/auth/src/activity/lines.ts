import { type ActivityKind, type Actor, type EventName, type EventPayload } from '@latchkey/contracts';
import { storyOf } from '../attempts/reset-attempt.ts';

/** One line of the timeline, as it is stored; `detail` holds what only some kinds have, in the words of the public API. */
export type ActivityLine = {
  id: string;
  loginId: string;
  at: string;
  kind: ActivityKind;
  attemptId: string | null;
  correlationId: string;
  by: Pick<Actor, 'kind' | 'name'>;
  device: { id: string | null; name: string } | null;
  ip: string | null;
  detail: Record<string, unknown>;
};

type Content = Omit<ActivityLine, 'id' | 'at' | 'correlationId'>;
type FactFields = Pick<EventPayload<'login.not-me'>, 'loginId' | 'by' | 'device' | 'ip' | 'attemptId'>;

const system = { kind: 'system', name: null } as const;

const line = ({ loginId, by, device, ip, attemptId }: FactFields, kind: ActivityKind, detail: Record<string, unknown> = {}): Content[] => [
  { loginId, kind, attemptId, by: { kind: by.kind, name: by.name }, device, ip, detail },
];

const aboutCode = ({ loginId, attemptId }: { loginId: string; attemptId: string }, kind: ActivityKind, detail: Record<string, unknown>): Content[] => [
  { loginId, kind, attemptId: storyOf(attemptId), by: system, device: null, ip: null, detail },
];

const issued = (channel: 'sms' | 'email') => (code: EventPayload<'code.issued.sms'>) =>
  aboutCode(code, 'code_queued', { channel, method: { kind: channel, hint: code.maskedDestination } });
const reported = (kind: ActivityKind) => (report: EventPayload<'delivery.accepted'>) => aboutCode(report, kind, { channel: report.channel, deliveredBy: report.provider });

const onDevices = (kind: ActivityKind) => ({ loginId, devices, ip }: { loginId: string; devices: { id: string; name: string }[]; ip?: string }) =>
  devices.map((device): Content => ({ loginId, kind, attemptId: null, by: kind === 'device_secret_reused' ? system : { kind: 'self', name: null }, device, ip: ip ?? null, detail: {} }));

/** What each event puts into the timeline. */
export const linesOf = {
  'login.refused': (fact: EventPayload<'login.refused'>) => line(fact, 'login_refused', { reason: fact.reason }),
  'login.code-required': (fact: EventPayload<'login.code-required'>) => line(fact, 'code_required', { method: fact.method }),
  'login.code-refused': (fact: EventPayload<'login.code-refused'>) =>
    line(fact, 'code_refused', { reason: fact.reason, ...(fact.method && { method: fact.method }), ...(fact.attemptsLeft !== undefined && { attemptsLeft: fact.attemptsLeft }) }),
  'login.signed-in': (fact: EventPayload<'login.signed-in'>) => line(fact, 'signed_in', { assurance: fact.assurance, newDevice: fact.newDevice }),
  'login.added': (fact: EventPayload<'login.added'>) => line(fact, 'login_added'),
  'login.invited': (fact: EventPayload<'login.invited'>) => line(fact, 'login_invited'),
  'login.removed': (fact: EventPayload<'login.removed'>) => line(fact, 'login_removed'),
  'login.not-me': (fact: EventPayload<'login.not-me'>) => line(fact, 'not_me'),
  'session.stepped-up': (fact: EventPayload<'session.stepped-up'>) => line(fact, 'stepped_up', { assurance: fact.assurance }),
  'session.ended': (fact: EventPayload<'session.ended'>) => line(fact, 'sessions_ended', { reason: fact.ended }),
  'two-factor.method-added': (fact: EventPayload<'two-factor.method-added'>) =>
    line(fact, fact.first ? 'two_factor_on' : 'method_added', { method: { kind: fact.method.kind, hint: fact.method.hint } }),
  'two-factor.method-removed': (fact: EventPayload<'two-factor.method-removed'>) => line(fact, 'method_removed', { method: { kind: fact.method.kind, hint: fact.method.hint } }),
  'two-factor.disabled': (fact: EventPayload<'two-factor.disabled'>) =>
    line(fact, fact.how.startsWith('reset') ? 'two_factor_reset' : 'two_factor_off', { ...(fact.reason !== null && { reason: fact.reason }) }),
  'two-factor.recovery-codes-made': (fact: EventPayload<'two-factor.recovery-codes-made'>) => line(fact, 'recovery_codes_made'),
  'password.changed': (fact: EventPayload<'password.changed'>) => line(fact, 'password_changed', { reason: fact.how }),
  'password.reset-asked': (fact: EventPayload<'password.reset-asked'>) => line(fact, 'password_reset_asked'),
  'device.trusted': onDevices('device_trusted'),
  'device.forgotten': onDevices('device_forgotten'),
  'device.secret-reused': onDevices('device_secret_reused'),
  'code.issued.sms': issued('sms'),
  'code.issued.email': issued('email'),
  'delivery.accepted': reported('code_accepted'),
  'delivery.delivered': reported('code_delivered'),
  'delivery.failed': reported('code_failed'),
  'delivery.unknown': reported('code_unknown'),
  'delivery.expired': reported('code_expired'),
} satisfies { [N in EventName]?: (payload: EventPayload<N>) => Content[] };

export type RecordedEvent = keyof typeof linesOf;
export const recordedEvents = Object.keys(linesOf) as RecordedEvent[];
