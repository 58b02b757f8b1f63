import { z } from 'zod';
import { id, methodKind, moment, printable, role } from '../primitives.ts';
import { loginName } from './login.ts';
import { twoFactorPolicy } from './two-factor.ts';

const emailAddress = z.string().min(1).max(254);

/** A login as the owner of its account sees it. */
export const accountLogin = z
  .object({ id, loginName: z.string(), role, email: z.string().nullable().describe('Masked'), twoFactor: z.boolean(), invited: z.boolean().describe('The invitation was not accepted yet'), createdAt: moment })
  .meta({ id: 'AccountLogin' });
export type AccountLogin = z.infer<typeof accountLogin>;
export const accountLoginList = z.object({ logins: z.array(accountLogin) }).meta({ id: 'AccountLoginList' });
export const addLoginRequest = z.strictObject({ loginName, emailAddress }).meta({ id: 'AddLoginRequest' });

export const providerAccount = z
  .object({ id, name: z.string(), createdAt: moment, logins: z.array(z.object({ id, loginName: z.string(), role })) })
  .meta({ id: 'ProviderAccount' });
export type ProviderAccount = z.infer<typeof providerAccount>;
export const providerAccountList = z.object({ accounts: z.array(providerAccount), cursor: z.string().nullable() }).meta({ id: 'ProviderAccountList' });
export const addAccountRequest = z.strictObject({ name: printable(120), owner: z.strictObject({ loginName, emailAddress }) }).meta({ id: 'AddAccountRequest' });

/** A customer's login as the staff of its service provider sees it: destinations masked, no secrets. */
export const providerLogin = z
  .object({
    id,
    loginName: z.string(),
    role,
    account: z.object({ id, name: z.string() }),
    email: z.string().nullable().describe('Masked'),
    invited: z.boolean(),
    twoFactor: z.object({ enabled: z.boolean(), methods: z.array(z.object({ kind: methodKind, hint: z.string(), default: z.boolean() })) }),
    lastLoginAt: moment.nullable(),
    createdAt: moment,
  })
  .meta({ id: 'ProviderLogin' });
export type ProviderLogin = z.infer<typeof providerLogin>;
export const providerLoginList = z.object({ logins: z.array(providerLogin), cursor: z.string().nullable() }).meta({ id: 'ProviderLoginList' });
export const disableForCustomerRequest = z.strictObject({ reason: printable(500) }).meta({ id: 'DisableForCustomerRequest' });

const contact = z.strictObject({ name: printable(120).nullable(), phone: printable(40).nullable(), email: printable(254).nullable() });
export const providerPolicy = z.strictObject({ twoFactor: twoFactorPolicy, contact }).meta({ id: 'ProviderPolicy' });
export type ProviderPolicy = z.infer<typeof providerPolicy>;
