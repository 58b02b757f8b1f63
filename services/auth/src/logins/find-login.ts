import type { Branding, Role, TwoFactorPolicy } from '@latchkey/contracts';
import type { OutboxExecutor } from '@latchkey/messaging';
import { prepared } from '@latchkey/platform';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { loginNameKey } from './login-name.ts';

/** A confirmed way to get codes. */
export type Method = {
  id: string;
  kind: 'sms' | 'email' | 'totp';
  /** Null for an authenticator app. */
  sealedDestination: string | null;
  hint: string;
  default: boolean;
};

/** How a provider presents itself in messages; the name where its staff has set one. */
export type Brand = Omit<Branding, 'name' | 'host'> & { name?: string };

/** What every decision about a login needs; two-factor is on when there is a method. */
export type Login = {
  id: string;
  loginName: string;
  role: Role;
  providerId: string;
  /** Null for staff and operators. */
  accountId: string | null;
  provider: { name: string; brand: Brand; contact: { name: string | null; phone: string | null; email: string | null } };
  /** What the provider asks of its customers; staff and operators are nobody's customers. */
  policy: TwoFactorPolicy;
  /** The login's own address, for notices, invitations and resets. */
  email: { sealed: string; masked: string } | null;
  locale: string;
  newPasswordRequired: boolean;
  /** The recovery codes that work, if there are any. */
  recoverySetId: string | null;
  trustEpoch: number;
  sessionEpoch: number;
  methods: Method[];
};

/** Kept apart from `Login`, which is stored with attempts. */
export type LoginWithPassword = { login: Login; passwordHash: string | null };

const loginSql = `
  SELECT logins.password_hash AS "passwordHash", json_build_object(
    'id', logins.id, 'loginName', login_name, 'role', role, 'providerId', provider_id, 'accountId', account_id, 'policy', CASE WHEN account_id IS NULL THEN 'optional' ELSE policy END,
    'provider', json_build_object('name', providers.name, 'brand', brand, 'contact', json_build_object('name', contact_name, 'phone', contact_phone, 'email', contact_email)),
    'email', CASE WHEN email_sealed IS NOT NULL THEN json_build_object('sealed', email_sealed, 'masked', email_masked) END,
    'locale', locale, 'newPasswordRequired', new_password_required, 'recoverySetId', recovery_set_id, 'trustEpoch', trust_epoch, 'sessionEpoch', session_epoch,
    'methods', coalesce((
      SELECT json_agg(json_build_object('id', m.id, 'kind', kind, 'sealedDestination', sealed_destination, 'hint', hint, 'default', is_default)
        ORDER BY is_default DESC, confirmed_at)
      FROM two_factor_methods m WHERE m.login_id = logins.id AND confirmed_at IS NOT NULL), '[]')
  ) AS login
  FROM logins JOIN providers ON providers.id = provider_id`;
const byNameSql = prepared(`${loginSql} WHERE login_name_key = $1`);
const byIdSql = prepared(`${loginSql} WHERE logins.id = $1`);

/** Reads logins with their provider's policy and confirmed methods, in one statement. */
@Injectable()
export class FindLogin {
  constructor(private readonly database: DataSource) {}

  async byName(loginName: string): Promise<LoginWithPassword | undefined> {
    return (await this.database.query<LoginWithPassword[]>(byNameSql, [loginNameKey(loginName)]))[0];
  }

  async byId(loginId: string, executor: OutboxExecutor = this.database): Promise<LoginWithPassword | undefined> {
    return ((await executor.query(byIdSql, [loginId])) as LoginWithPassword[])[0];
  }
}
