import { Refusal, type TwoFactorSettings } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FindLogin } from '../logins/find-login.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { listMethods } from './method-rows.ts';
import { RecoveryCodes } from './recovery-codes.ts';

/** What the settings page shows, and the one choice on it that needs no password. */
@Injectable()
export class ReadSettings {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly findLogin: FindLogin,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly database: DataSource,
  ) {}

  async read(sessionHash: string): Promise<TwoFactorSettings> {
    const { loginId } = await this.requireSession.any(sessionHash);
    const [found, methods] = await Promise.all([this.findLogin.byId(loginId), listMethods(this.database, loginId)]);
    if (!found) throw new Refusal('not_signed_in');
    return {
      enabled: methods.some(({ confirmedAt }) => confirmedAt !== null),
      policy: found.login.policy,
      methods: methods.map(({ id, kind, hint, default: isDefault, confirmedAt }) => ({ id, kind, hint, default: isDefault, confirmedAt: confirmedAt?.toISOString() ?? null })),
      recoveryCodesLeft: await this.recoveryCodes.left(found.login),
    };
  }

  async setDefault(sessionHash: string, methodId: string): Promise<void> {
    const { loginId } = await this.requireSession.ready(sessionHash);
    const changed = await this.database.transaction(async (executor) => {
      // As all changes of methods: one at a time, or a method removed meanwhile leaves none that is the default.
      await executor.query('SELECT 1 FROM logins WHERE id = $1 FOR UPDATE', [loginId]);
      const [, rows] = await executor.query<[unknown, number]>(
        `UPDATE two_factor_methods SET is_default = (id = $2) WHERE login_id = $1 AND confirmed_at IS NOT NULL
         AND EXISTS (SELECT 1 FROM two_factor_methods WHERE login_id = $1 AND id = $2 AND confirmed_at IS NOT NULL)`,
        [loginId, methodId],
      );
      return rows;
    });
    if (changed === 0) throw new Refusal('not_found');
  }
}
