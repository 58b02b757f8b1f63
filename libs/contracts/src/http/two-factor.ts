import { z } from 'zod';
import { id, methodKind, moment } from '../primitives.ts';
import { code, password, sent } from './login.ts';

export const twoFactorPolicy = z.enum(['optional', 'suggested', 'required']);
export type TwoFactorPolicy = z.infer<typeof twoFactorPolicy>;

export const twoFactorSettings = z
  .object({
    enabled: z.boolean(),
    policy: twoFactorPolicy,
    methods: z.array(
      z.object({ id, kind: methodKind, hint: z.string(), default: z.boolean(), confirmedAt: moment.nullable() }),
    ),
    recoveryCodesLeft: z.int(),
  })
  .meta({ id: 'TwoFactorSettings' });
export type TwoFactorSettings = z.infer<typeof twoFactorSettings>;

export const addMethodRequest = z
  .discriminatedUnion('kind', [
    z.strictObject({ password, kind: z.literal('sms'), phoneNumber: z.string().min(1).max(40) }),
    z.strictObject({ password, kind: z.literal('email'), emailAddress: z.string().min(1).max(254) }),
    z.strictObject({ password, kind: z.literal('totp') }),
  ])
  .meta({ id: 'AddMethodRequest' });
export type AddMethodRequest = z.infer<typeof addMethodRequest>;

export const addMethodAnswer = z
  .object({
    id,
    sent: sent.optional().describe('For sms and email'),
    secret: z.string().optional().describe('For totp: base32, shown this once'),
    otpauthUri: z.string().optional().describe('For totp: what the QR code holds'),
  })
  .meta({ id: 'AddMethodAnswer' });
export type AddMethodAnswer = z.infer<typeof addMethodAnswer>;

export const confirmMethodRequest = z.strictObject({ code }).meta({ id: 'ConfirmMethodRequest' });
export const confirmMethodAnswer = z
  .object({ enabled: z.literal(true), recoveryCodes: z.array(z.string()).optional() })
  .meta({ id: 'ConfirmMethodAnswer' });
export const defaultMethodRequest = z.strictObject({ methodId: id }).meta({ id: 'DefaultMethodRequest' });
export const passwordRequest = z.strictObject({ password }).meta({ id: 'PasswordRequest' });
export const recoveryCodesAnswer = z.object({ recoveryCodes: z.array(z.string()) }).meta({ id: 'RecoveryCodesAnswer' });
