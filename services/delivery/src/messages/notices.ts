import { http, moment, type NoticeKind } from '@latchkey/contracts';
import { z } from 'zod';

/** What happened, to which login. */
const aboutLogin = z.object({ loginName: z.string(), at: moment });

/** Something that only the person should have done: whoever did it may have been somebody else. */
const deed = aboutLogin.extend({
  device: z.string().nullish(),
  ip: z.string().nullish(),
  /** Where the person says "this wasn't me"; following it changes nothing by itself. */
  notMeUrl: z.string(),
});

const methodChange = deed.extend({
  method: z.enum(['sms', 'email', 'totp']),
  /** The number or address, masked. */
  hint: z.string().nullish(),
});

/** What one of a provider's staff did, and who. */
const ofStaff = aboutLogin.extend({ by: z.string(), device: z.string().nullish(), ip: z.string().nullish(), notMeUrl: z.string().optional() });

/** A link that was asked for, and the moment until which it works. */
const link = z.object({ loginName: z.string(), url: z.string(), until: moment });

/**
 * Every notice of the contract with what it tells: what is sealed as its arguments. Names of devices and accounts may be
 * anybody's words: only plain ones are shown.
 */
export const noticeArguments = {
  new_device: deed.extend({ device: z.string() }),
  /** An old key of the device was used, so somebody may have copied it: its trust was withdrawn. */
  device_secret_reused: deed.extend({ device: z.string() }),
  method_added: methodChange,
  method_removed: methodChange,
  two_factor_on: deed,
  two_factor_off: deed,
  two_factor_reset: deed,
  password_changed: deed,
  provider_turned_two_factor_off: aboutLogin.extend({ provider: z.string(), reason: z.string(), notMeUrl: z.string() }),
  codes_locked: deed.extend({ until: moment }),
  recovery_code_used: deed.extend({ left: z.int().min(0).max(99) }),
  recovery_codes_made: deed,
  /** To each of the provider's staff; only whoever's login did it can say "this wasn't me". */
  policy_changed: ofStaff.extend({ policy: http.twoFactorPolicy, contact: z.string() }),
  brand_changed: ofStaff,
  /** The answer to "this wasn't me". */
  signed_out_everywhere: aboutLogin,
  invitation: link.extend({ account: z.string() }),
  forgotten_password: link.extend({ ip: z.string().nullish() }),
} satisfies Record<NoticeKind, z.ZodType>;

export type NoticeArguments = { [Kind in NoticeKind]: z.output<(typeof noticeArguments)[Kind]> };
/** The other two are links to choose a password, which go by email only. */
export type TextNoticeKind = Exclude<NoticeKind, 'invitation' | 'forgotten_password'>;

/** The arguments out of their JSON; throws for what is not what the notice tells. */
export const readArguments = <Kind extends NoticeKind>(kind: Kind, json: string): NoticeArguments[Kind] => noticeArguments[kind].parse(JSON.parse(json)) as NoticeArguments[Kind];
