import { z } from 'zod';
import { accountLogin, accountLoginList, providerAccount, providerAccountList, providerLogin, providerLoginList, providerPolicy } from '../http/accounts.ts';
import { activityPage } from '../http/activity.ts';
import { brand } from '../http/brand.ts';
import { device } from '../http/devices.ts';
import { loginName, methodChoice, sent } from '../http/login.ts';
import { session as httpSession, sessionList } from '../http/session.ts';
import { twoFactorSettings } from '../http/two-factor.ts';
import { id, ipAddress, locale, moment, sealed, secretHash } from '../primitives.ts';
import { requests } from './define.ts';
import { deviceInput } from './device-trust.ts';

// Secrets (session, device, attempt) are made by the gateway: their owners and the broker only ever see hashes.
const session = httpSession.omit({ sessionToken: true, deviceToken: true });
/** As gateways are told of it. */
const sessionOfLogin = session.extend({ accountId: id.nullable() });
const signedIn = z.object({ status: z.literal('signed_in'), session, browserId: id.nullable() });
/** A brand as it crosses the broker; what it may be is judged where it comes in. */
const staffBrand = z.object({ name: z.string().max(60), color: z.string().max(7).nullable(), logo: z.string().max(60_000).nullable(), logoUrl: z.string().max(500).nullable() });
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
      /** The attempt of the code that turns two-factor off, if one is asked for. */
      resetAttemptId: id,
      expiresAt: moment,
      queued: z.array(z.object({ methodId: id, at: moment })),
    }),
  },

  /** How the provider of the attempt's login presents itself: told once name and password were right. */
  'login.brand': { payload: z.object({ attemptHash: secretHash }), reply: brand },

  /** A code to the login's own email address. Refuses with `ask_service_provider` where that would be no second way. */
  'login.reset-two-factor': { payload: z.object({ attemptHash: secretHash, ip: ipAddress }), reply: z.object({ sent }) },
  /** The right code turns two-factor off, withdraws all trust, ends all sessions and makes a new one. */
  'login.confirm-reset': {
    payload: z.object({ attemptHash: secretHash, sealedCode: sealed, sessionHash: secretHash, device: deviceInput }),
    reply: z.object({ session, browserId: id }),
  },

  'password.change': { payload: z.object({ sessionHash: secretHash, sealedPassword: sealed, sealedNewPassword: sealed }), reply: z.object({}) },
  /** Answers the same at the same time whether the name is known or not. */
  'password.forgot': { payload: z.object({ loginName, ip: ipAddress, locale }), reply: z.object({}) },
  'password.reset': { payload: z.object({ tokenHash: secretHash, sealedNewPassword: sealed, ip: ipAddress }), reply: z.object({}) },
  'invitation.accept': { payload: z.object({ tokenHash: secretHash, sealedPassword: sealed, ip: ipAddress }), reply: z.object({}) },
  'notice.not-me': { payload: z.object({ tokenHash: secretHash, ip: ipAddress }), reply: z.object({}) },

  'session.get': { payload: z.object({ sessionHash: secretHash }), reply: sessionOfLogin },
  /** Many at once, in the order that they were asked for; null where nobody is signed in. */
  'session.get-all': { payload: z.object({ sessionHashes: z.array(secretHash).min(1).max(100) }), reply: z.object({ sessions: z.array(sessionOfLogin.nullable()) }) },
  'session.list': { payload: z.object({ sessionHash: secretHash }), reply: sessionList },
  'session.end': { payload: z.object({ sessionHash: secretHash, sessionId: id }), reply: z.object({}) },
  'session.end-others': { payload: z.object({ sessionHash: secretHash }), reply: z.object({}) },
  'session.logout': { payload: z.object({ sessionHash: secretHash }), reply: z.object({}) },
  'session.step-up': {
    payload: z.object({ sessionHash: secretHash, attemptId: id, attemptHash: secretHash, ip: ipAddress, locale }),
    reply: codeRequired.omit({ status: true }),
  },

  'session.brand': { payload: z.object({ sessionHash: secretHash }), reply: brand },
  'session.activity': { payload: z.object({ sessionHash: secretHash, before: moment.nullable() }), reply: activityPage },

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
    /** Recovery codes only the first time, as a sealed JSON array. */
    reply: z.object({ enabled: z.literal(true), sealedRecoveryCodes: sealed.optional() }),
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
  'two-factor.reset': { payload: z.object({ sessionHash: secretHash, sealedPassword: sealed }), reply: z.object({}) },
  'two-factor.make-recovery-codes': {
    payload: z.object({ sessionHash: secretHash, sealedPassword: sealed }),
    reply: z.object({ sealedRecoveryCodes: sealed }),
  },

  // For account owners: the logins of their own account.
  'account.logins': { payload: z.object({ sessionHash: secretHash }), reply: accountLoginList },
  'account.add-login': {
    payload: z.object({ sessionHash: secretHash, loginName, sealedEmailAddress: sealed, locale }),
    reply: accountLogin,
  },
  'account.invite-again': { payload: z.object({ sessionHash: secretHash, loginId: id }), reply: z.object({}) },
  'account.remove-login': { payload: z.object({ sessionHash: secretHash, loginId: id }), reply: z.object({}) },

  // For provider staff: what belongs to another provider is not found.
  'provider.accounts': { payload: z.object({ sessionHash: secretHash, cursor: z.string().max(400).nullable() }), reply: providerAccountList },
  'provider.add-account': {
    payload: z.object({ sessionHash: secretHash, name: z.string().max(120), owner: z.object({ loginName, sealedEmailAddress: sealed }), locale }),
    reply: providerAccount,
  },
  'provider.logins': {
    payload: z.object({ sessionHash: secretHash, query: z.string().max(254), cursor: z.string().max(400).nullable() }),
    reply: providerLoginList,
  },
  'provider.login': { payload: z.object({ sessionHash: secretHash, loginId: id }), reply: providerLogin },
  'provider.login-activity': { payload: z.object({ sessionHash: secretHash, loginId: id, before: moment.nullable() }), reply: activityPage },
  'provider.invite-again': { payload: z.object({ sessionHash: secretHash, loginId: id }), reply: z.object({}) },
  'provider.disable-two-factor': { payload: z.object({ sessionHash: secretHash, loginId: id, reason: z.string().max(500) }), reply: z.object({}) },
  'provider.policy': { payload: z.object({ sessionHash: secretHash }), reply: providerPolicy },
  'provider.set-policy': { payload: z.object({ sessionHash: secretHash, policy: providerPolicy }), reply: providerPolicy },
  'provider.brand': { payload: z.object({ sessionHash: secretHash }), reply: staffBrand },
  'provider.set-brand': { payload: z.object({ sessionHash: secretHash, brand: staffBrand }), reply: staffBrand },
});
