import { z } from 'zod';
import { id, locale, moment, sealed } from '../primitives.ts';
import { branding } from './code-issuance.ts';

/** What a login is told of without having asked, and links that it asked for. */
export const noticeKind = z.enum([
  'new_device',
  'device_secret_reused',
  'method_added',
  'method_removed',
  'two_factor_on',
  'two_factor_off',
  'two_factor_reset',
  'password_changed',
  'provider_turned_two_factor_off',
  'codes_locked',
  'recovery_code_used',
  'recovery_codes_made',
  'policy_changed',
  'brand_changed',
  'signed_out_everywhere',
  'invitation',
  'forgotten_password',
]);
export type NoticeKind = z.infer<typeof noticeKind>;

/** One notice to one address of a login. */
export const noticeIssued = z.object({
  loginId: id,
  providerId: id,
  kind: noticeKind,
  sealedDestination: sealed,
  maskedDestination: z.string(),
  /** JSON of the arguments of the notice's template: they may hold a link with a secret in it. */
  sealedArguments: sealed,
  locale,
  branding,
  /** What is not sent by then is not worth sending. */
  expiresAt: moment,
});
export type NoticeIssued = z.infer<typeof noticeIssued>;
