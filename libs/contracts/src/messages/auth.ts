import { z } from 'zod';
import { device } from '../http/devices.ts';
import { loginName, methodChoice, sent } from '../http/login.ts';
import { session as httpSession, sessionList } from '../http/session.ts';
import { twoFactorSettings } from '../http/two-factor.ts';
import { id, ipAddress, locale, moment, sealed, secretHash } from '../primitives.ts';
import { events, requests } from './define.ts';
import { deviceInput } from './device-trust.ts';

// Secrets (session, device, attempt) are made by the gateway: their owners and the broker only ever see hashes.
const session = httpSession.omit({ sessionToken: true, deviceToken: true });
const signedIn = z.object({ status: z.literal('signed_in'), session, browserId: id.nullable() });
const codeRequired = z.object({ status: z.literal('code_required'), methods: z.array(methodChoice), sent: sent.nullable() });

export const authRequests = requests('auth', {
  /** Password, then device, then attempt: signed in at once, or a code is on its way. */
  'login.start': {
    payload: z.object({
      loginName,
      sealedPassword: sealed,
      device: deviceInput,
      attemptId: id,
      attemptHash: secretHash,
      sessionHash: secretHash,
      locale,
    }),
    reply: z.discriminatedUnion('status', [signedIn, codeRequired]),
  },
  'login.send-code': {
    payload: z.object({ attemptHash: secretHash, methodId: id, ip: ipAddress }),
    reply: z.object({ sent: sent.nullable() }),
  },
  'login.verify-code': {
    payload: z.object({
      attemptHash: secretHash,
      methodId: id,
      sealedCode: sealed,
      sessionHash: secretHash,
      device: deviceInput,
    }),
    /** `browserId` is null after a step-up: session and device secrets stay as they are. */
    reply: z.object({ session, browserId: id.nullable(), askToTrust: z.boolean() }),
  },
  /** Who may watch the delivery events of an attempt, and what was handed to the queue so far. */
  'login.watch': {
    payload: z.object({ attemptHash: secretHash }),
    reply: z.object({
      attemptId: id,
      expiresAt: moment,
      queued: z.array(z.object({ methodId: id, at: moment })),
    }),
  },

  'session.get': { payload: z.object({ sessionHash: secretHash }), reply: session },
  'session.list': { payload: z.object({ sessionHash: secretHash }), reply: sessionList },
  'session.end': { payload: z.object({ sessionHash: secretHash, sessionId: id }), reply: z.object({}) },
  'session.end-others': { payload: z.object({ sessionHash: secretHash }), reply: z.object({}) },
  'session.logout': { payload: z.object({ sessionHash: secretHash }), reply: z.object({}) },
  'session.step-up': {
    payload: z.object({ sessionHash: secretHash, attemptId: id, attemptHash: secretHash, ip: ipAddress, locale }),
    reply: codeRequired.omit({ status: true }),
  },

  'session.devices': { payload: z.object({ sessionHash: secretHash }), reply: z.object({ devices: z.array(device) }) },
  'session.trust-devices': {
    payload: z.object({ sessionHash: secretHash, deviceIds: z.array(id).min(1).max(100) }),
    reply: z.object({ devices: z.array(device) }),
  },
  'session.forget-devices': {
    payload: z.object({ sessionHash: secretHash, deviceIds: z.array(id).min(1).max(100) }),
    reply: z.object({ devices: z.array(device) }),
  },

  'two-factor.get': { payload: z.object({ sessionHash: secretHash }), reply: twoFactorSettings },
  'two-factor.add-method': {
    payload: z.object({
      sessionHash: secretHash,
      sealedPassword: sealed,
      kind: z.enum(['sms', 'email', 'totp']),
      /** As typed; null for totp. */
      sealedDestination: sealed.nullable(),
      ip: ipAddress,
      locale,
    }),
    reply: z.object({
      id,
      sent: sent.optional(),
      sealedSecret: sealed.optional(),
      sealedOtpauthUri: sealed.optional(),
    }),
  },
  'two-factor.confirm-method': {
    payload: z.object({ sessionHash: secretHash, methodId: id, sealedCode: sealed }),
    reply: z.object({ enabled: z.literal(true) }),
  },
  'two-factor.set-default': { payload: z.object({ sessionHash: secretHash, methodId: id }), reply: z.object({}) },
  'two-factor.remove-method': {
    payload: z.object({ sessionHash: secretHash, methodId: id, sealedPassword: sealed }),
    reply: z.object({}),
  },
  'two-factor.disable': {
    payload: z.object({ sessionHash: secretHash, sealedPassword: sealed }),
    reply: z.object({}),
  },
});

export const authEvents = events('auth', {
  /** All trust of the login is withdrawn already (by the trust epoch); device-trust tidies its records. */
  'two-factor.disabled': { audience: 'durable', payload: z.object({ loginId: id, trustEpoch: z.int() }) },
  /** The methods are gone already; code-issuance deletes the authenticator secrets among them. */
  'two-factor.methods-removed': {
    audience: 'durable',
    payload: z.object({ loginId: id, methodIds: z.array(id).min(1) }),
  },
});
