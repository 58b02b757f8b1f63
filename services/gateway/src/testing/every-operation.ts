import { randomUUIDv7 } from 'node:crypto';
import type { RequestName, RequestReply } from '@latchkey/contracts';
import { newSecret, type SealingKeys } from '@latchkey/platform';
import { codeRequiredReply, moment, sessionReply } from './gateway-under-test.ts';

/** One call as the document has it: a right body, what auth is asked by it, and what auth answers. */
export interface ExampleOperation<N extends RequestName = RequestName> {
  method: string;
  /** As the document writes it. */
  template: string;
  path: string;
  body?: Record<string, unknown>;
  /** Fields of the body that may be missing. */
  optional?: string[];
  /** Fields of the body that may be null. */
  nullable?: string[];
  query?: Record<string, string>;
  /** Parameters that may not be missing. */
  required?: string[];
  asks: N;
  reply: (keys: SealingKeys) => Promise<RequestReply<N>> | RequestReply<N>;
  status: number;
  /** What of the body must cross the broker sealed or hashed only. */
  secrets?: string[];
}

export const exampleId = '01a20d7f-b25a-7867-be05-cb22a0f51cef';
export const exampleAttempt = `w${newSecret()}`;
const linkToken = 'latchkeylink'.repeat(5).slice(0, 56);
const password = 'unmistakable-old-password';
const newPassword = 'unmistakable-new-password';
const emailAddress = 'unmistakable@example.com';
const code = '918273';
const recoveryCodes = ['aaaa-bbbb-cccc-dddd', 'eeee-ffff-gggg-hhhh'];
const nothing = () => ({});
const sent = () => ({ methodId: exampleId, state: 'queued' as const, expiresAt: moment(600), resendAt: moment(30), sendsLeft: 4 });

const device = () => ({ id: exampleId, name: 'Firefox on Linux', client: 'web' as const, browser: 'Firefox', os: 'Linux', current: true, trusted: true, trustedUntil: moment(86_400), firstSeenAt: moment(), lastSeenAt: moment(), lastIp: '192.0.2.7' });
const devices = () => ({ devices: [device()] });
const login = () => ({ id: exampleId, loginName: 'member', role: 'customer' as const, email: 'm•••@example.com', twoFactor: false, invited: true, createdAt: moment() });
const account = () => ({ id: exampleId, name: 'Demo household', createdAt: moment(), logins: [{ id: exampleId, loginName: 'owner', role: 'account_owner' as const }] });
const customer = () => ({
  id: exampleId,
  loginName: 'owner',
  role: 'account_owner' as const,
  account: { id: exampleId, name: 'Demo household' },
  email: null,
  invited: false,
  twoFactor: { enabled: true, methods: [{ kind: 'sms' as const, hint: '•••• 4711', default: true }] },
  lastLoginAt: moment(),
  createdAt: moment(),
});
const policy = { twoFactor: 'required' as const, contact: { name: 'Demo Security', phone: '+1 415 555 0100', email: null } };
const brand = { name: 'Demo Security', color: '#0a5c8f', logo: 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', logoUrl: 'https://demo.example/logo.png' };
const activities = (): RequestReply<'session.activity'> => ({
  activities: [
    { id: exampleId, at: moment(), kind: 'code_delivered', attemptId: exampleId, by: { kind: 'system', name: null }, device: null, ip: null, method: { kind: 'sms', hint: '•••• 4711' }, channel: 'sms', deliveredBy: 'sns' },
    { id: randomUUIDv7(), at: moment(), kind: 'login_refused', attemptId: null, by: { kind: 'self', name: 'owner' }, device: { id: null, name: 'Firefox on Linux' }, ip: '192.0.2.7', reason: 'wrong_password' },
  ],
  before: moment(-60),
});

const worker = () => ({ worker: 'delivery-1:7', channels: ['sms' as const], inFlight: 2, draining: false, startedAt: moment(-60), seenAt: moment() });
const providers = (): RequestReply<'ops.providers'> => ({ providers: [{ provider: 'sns-eu', on: false, workers: [{ worker: 'delivery-1:7', channels: ['sms'], circuit: 'half_open', changedAt: moment() }] }], channels: [{ channel: 'sms', paused: true }] });
const deadLetter = () => ({ id: exampleId, event: 'code.issued.sms', reason: 'gave up', tries: 6, history: [{ at: moment(-60), reason: 'TryAgainLater' }], diedAt: moment(), occurredAt: moment(-90), correlationId: exampleId, expiresAt: moment(30), bytes: 812, contents: { maskedDestination: '•••• 4711', branding: { name: 'Demo' } } });
const delivery = (): RequestReply<'ops.deliveries'>['deliveries'][number] => ({
  ...{ messageId: exampleId, attemptId: exampleId, loginId: exampleId, channel: 'sms', purpose: 'login', maskedDestination: '•••• 4711', country: 'DE', segments: 1, state: 'retrying', provider: 'sns-eu', asks: 2, unknowns: 1, costMicros: null, failure: 'throttled' },
  ...{ earlier: [{ provider: 'sns-eu', outcome: 'unknown', reason: 'timeout', at: moment(-9) }], queuedAt: moment(-10), askedAt: moment(-9), acceptedAt: null, settledAt: null, expiresAt: moment(590) },
});

function operation<N extends RequestName>(call: `${string} /v1/${string}`, asks: N, status: number, reply: ExampleOperation<N>['reply'], rest: Pick<ExampleOperation, 'body' | 'optional' | 'nullable' | 'query' | 'required' | 'secrets'> = {}): ExampleOperation {
  const [method = '', template = ''] = call.split(' ');
  return { method, template, path: template.replace('{id}', exampleId), asks, status, reply: reply as ExampleOperation['reply'], ...rest };
}

/** Every operation that auth answers: all but the stream of events. */
export const everyOperation: ExampleOperation[] = [
  operation('POST /v1/login', 'login.start', 200, () => codeRequiredReply(), { body: { loginName: 'owner', password, client: 'web', deviceName: 'Desk' }, optional: ['client', 'deviceName'], secrets: [password] }),
  operation('POST /v1/login/brand', 'login.brand', 200, () => ({ name: 'Demo Security', color: '#0a5c8f', logo: null }), { body: { attempt: exampleAttempt }, secrets: [exampleAttempt] }),
  operation('POST /v1/login/send-code', 'login.send-code', 202, () => ({ sent: sent() }), { body: { attempt: exampleAttempt, methodId: exampleId }, secrets: [exampleAttempt] }),
  operation('POST /v1/login/verify-code', 'login.verify-code', 200, () => ({ session: sessionReply(), browserId: exampleId, askToTrust: true }), { body: { attempt: exampleAttempt, methodId: exampleId, code }, secrets: [exampleAttempt, code] }),
  operation('POST /v1/login/reset-two-factor', 'login.reset-two-factor', 202, () => ({ sent: sent() }), { body: { attempt: exampleAttempt }, secrets: [exampleAttempt] }),
  operation('POST /v1/login/reset-two-factor/confirm', 'login.confirm-reset', 200, () => ({ session: sessionReply(), browserId: exampleId }), { body: { attempt: exampleAttempt, code }, secrets: [exampleAttempt, code] }),

  operation('POST /v1/password/forgot', 'password.forgot', 202, nothing, { body: { loginName: 'owner' } }),
  operation('POST /v1/password/reset', 'password.reset', 204, nothing, { body: { token: linkToken, newPassword }, secrets: [linkToken, newPassword] }),
  operation('POST /v1/password/change', 'password.change', 204, nothing, { body: { password, newPassword }, secrets: [password, newPassword] }),
  operation('POST /v1/invitations/accept', 'invitation.accept', 204, nothing, { body: { token: linkToken, password: newPassword }, secrets: [linkToken, newPassword] }),
  operation('POST /v1/not-me', 'notice.not-me', 204, nothing, { body: { token: linkToken }, secrets: [linkToken] }),

  operation('GET /v1/session', 'session.get', 200, sessionReply),
  operation('GET /v1/brand', 'session.brand', 200, () => ({ name: 'Demo Security', color: '#0a5c8f', logo: null })),
  operation('GET /v1/sessions', 'session.list', 200, () => ({ sessions: [{ id: exampleId, current: true, assurance: 'pwd', device: { id: exampleId, name: 'Desk' }, ip: '192.0.2.7', createdAt: moment(), expiresAt: moment(3600) }] })),
  operation('DELETE /v1/sessions/{id}', 'session.end', 204, nothing),
  operation('POST /v1/sessions/end-others', 'session.end-others', 204, nothing),
  operation('POST /v1/session/step-up', 'session.step-up', 200, () => ({ methods: codeRequiredReply().methods, sent: null })),
  operation('POST /v1/logout', 'session.logout', 204, nothing),
  operation('GET /v1/activity', 'session.activity', 200, activities, { query: { before: '2026-01-02T03:04:05.678Z' } }),
  operation('GET /v1/devices', 'session.devices', 200, devices),
  operation('POST /v1/devices/trust', 'session.trust-devices', 200, devices, { body: { deviceIds: [exampleId] } }),
  operation('POST /v1/devices/forget', 'session.forget-devices', 200, devices, { body: { deviceIds: [exampleId] } }),

  operation('GET /v1/two-factor', 'two-factor.get', 200, () => ({ enabled: true, policy: 'optional', methods: [{ id: exampleId, kind: 'sms', hint: '•••• 4711', default: true, confirmedAt: null }], recoveryCodesLeft: 9 })),
  operation('POST /v1/two-factor/methods', 'two-factor.add-method', 201, () => ({ id: exampleId, sent: sent() }), { body: { password, kind: 'email', emailAddress }, secrets: [password, emailAddress] }),
  operation('POST /v1/two-factor/methods/{id}/confirm', 'two-factor.confirm-method', 200, async (keys) => ({ enabled: true, sealedRecoveryCodes: await sealCodes(keys) }), { body: { code }, secrets: [code] }),
  operation('PUT /v1/two-factor/default-method', 'two-factor.set-default', 204, nothing, { body: { methodId: exampleId } }),
  operation('DELETE /v1/two-factor/methods/{id}', 'two-factor.remove-method', 204, nothing, { body: { password }, secrets: [password] }),
  operation('POST /v1/two-factor/disable', 'two-factor.disable', 204, nothing, { body: { password }, secrets: [password] }),
  operation('POST /v1/two-factor/reset', 'two-factor.reset', 204, nothing, { body: { password }, secrets: [password] }),
  operation('POST /v1/two-factor/recovery-codes', 'two-factor.make-recovery-codes', 200, async (keys) => ({ sealedRecoveryCodes: await sealCodes(keys) }), { body: { password }, secrets: [password] }),

  operation('GET /v1/account/logins', 'account.logins', 200, () => ({ logins: [login()] })),
  operation('POST /v1/account/logins', 'account.add-login', 201, login, { body: { loginName: 'member', emailAddress }, secrets: [emailAddress] }),
  operation('POST /v1/account/logins/{id}/invitation', 'account.invite-again', 202, nothing),
  operation('DELETE /v1/account/logins/{id}', 'account.remove-login', 204, nothing),
  operation('GET /v1/provider/accounts', 'provider.accounts', 200, () => ({ accounts: [account()], cursor: 'page-2' }), { query: { cursor: 'page-1' } }),
  operation('POST /v1/provider/accounts', 'provider.add-account', 201, account, { body: { name: 'Demo household', owner: { loginName: 'owner', emailAddress } }, secrets: [emailAddress] }),
  operation('GET /v1/provider/logins', 'provider.logins', 200, () => ({ logins: [customer()], cursor: null }), { query: { query: "o'wner 100%", cursor: 'page-1' } }),
  operation('GET /v1/provider/logins/{id}', 'provider.login', 200, customer),
  operation('GET /v1/provider/logins/{id}/activity', 'provider.login-activity', 200, activities, { query: { before: '2026-01-02T03:04:05.678Z' } }),
  operation('POST /v1/provider/logins/{id}/invitation', 'provider.invite-again', 202, nothing),
  operation('POST /v1/provider/logins/{id}/disable-two-factor', 'provider.disable-two-factor', 204, nothing, { body: { reason: 'Lost the phone; identity checked in person' } }),
  operation('GET /v1/provider/brand', 'provider.brand', 200, () => brand),
  operation('PUT /v1/provider/brand', 'provider.set-brand', 200, () => brand, { body: brand, nullable: ['color', 'logo', 'logoUrl'] }),
  operation('GET /v1/provider/policy', 'provider.policy', 200, () => policy),
  operation('PUT /v1/provider/policy', 'provider.set-policy', 200, () => policy, { body: policy }),

  operation('GET /v1/ops/queues', 'ops.queues', 200, () => ({ queues: [{ name: 'delivery.sms', service: 'delivery', ready: 3, unacked: null, consumers: 1, publishPerSecond: 0.4, deliverPerSecond: null, oldestSeconds: null }], workers: [worker()] })),
  operation('GET /v1/ops/dead-letters', 'ops.dead-letters', 200, () => ({ queue: 'delivery.sms', total: 1, letters: [deadLetter()] }), { query: { queue: 'delivery.sms' }, required: ['queue'] }),
  operation('POST /v1/ops/dead-letters/redrive', 'ops.redrive', 200, () => ({ handled: 1, left: 0, notFound: [] }), { body: { queue: 'delivery.sms', ids: [exampleId] }, optional: ['ids'] }),
  operation('POST /v1/ops/dead-letters/discard', 'ops.discard', 200, () => ({ handled: 0, left: 2, notFound: [exampleId] }), { body: { queue: 'delivery.sms', ids: [exampleId] }, optional: ['ids'] }),
  operation('GET /v1/ops/deliveries', 'ops.deliveries', 200, () => ({ deliveries: [delivery()], before: null }), { query: { state: 'retrying', provider: 'sns-eu', channel: 'sms', loginId: exampleId, before: '2026-01-02T03:04:05.678Z' } }),
  operation('GET /v1/ops/providers', 'ops.providers', 200, providers),
  operation('PUT /v1/ops/providers', 'ops.set-provider', 200, providers, { body: { provider: 'sns-eu', on: false } }),
  operation('PUT /v1/ops/channels', 'ops.set-channel', 200, providers, { body: { channel: 'sms', paused: true } }),
  operation('PUT /v1/ops/workers', 'ops.set-worker', 204, nothing, { body: { worker: 'delivery-1:7', draining: true } }),
  operation('GET /v1/ops/activity', 'ops.activity', 200, () => ({ activities: activities().activities.map((line) => ({ ...line, loginId: exampleId, correlationId: exampleId })), before: null }), { query: { correlationId: exampleId, before: '2026-01-02T03:04:05.678Z' }, required: ['correlationId'] }),
  operation('GET /v1/ops/audit', 'ops.audit', 200, () => ({ entries: [{ id: exampleId, at: moment(), by: { loginId: exampleId, loginName: 'operator' }, action: 'redrive', target: { queue: 'delivery.sms', ids: [exampleId] } }], before: null }), { query: { before: '2026-01-02T03:04:05.678Z' } }),
];

const sealCodes = (keys: SealingKeys) => keys.seal('recovery-codes', JSON.stringify(recoveryCodes));

/** Where no session is needed: the way in, and the links of emails. */
export const isPublic = (template: string): boolean => /^\/v1\/(login|password\/(forgot|reset)|invitations|not-me)(\/|$)/.test(template);
