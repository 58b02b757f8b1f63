import { Refusal } from '@latchkey/contracts';
import { consequenceId, type OutboxExecutor } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { Injectable } from '@nestjs/common';
import { type Doing, noteFact } from '../activity/facts.ts';
import { Notify } from '../notices/notify.ts';
import { parseEmailAddress } from '../two-factor/parse-destination.ts';
import { FindLogin } from './find-login.ts';
import { InviteAgain } from './invite-again.ts';
import { LimitInvitations } from './limit-invitations.ts';
import { acceptLoginName, loginNameKey } from './login-name.ts';

/** `accountId`: where it is, which is another account than the given one when it waited there already. */
type AddedLogin = { id: string; accountId: string };
type NewLogin = { loginName: string; sealedEmailAddress: string; role: 'customer' | 'account_owner'; account: { id: string; name: string }; providerId: string; locale: string; doing: Doing; path: string };

/** Adds a login and emails its person an invitation: nobody else ever chooses a password (norm 18). */
@Injectable()
export class AddLogin {
  constructor(
    private readonly sealing: SealingKeys,
    private readonly findLogin: FindLogin,
    private readonly notify: Notify,
    private readonly limit: LimitInvitations,
    private readonly inviteAgain: InviteAgain,
  ) {}

  /**
   * Added again by those who added it, under the same name and address, a login that waits for its first password is sent
   * its invitation again. Refuses with `login_name_taken`, `unsupported_destination`, `too_many_requests`, or
   * `invalid_request` for the name at `path`.
   */
  async add(executor: OutboxExecutor, newLogin: NewLogin): Promise<AddedLogin> {
    const { loginName, sealedEmailAddress, role, account, providerId, locale, doing, path } = newLogin;
    const { normalized, hint } = parseEmailAddress(await this.sealing.open('destination', sealedEmailAddress));
    const name = acceptLoginName(loginName, path);
    await this.limit.count({ inviterId: doing.by.loginId, accountId: account.id, emailAddress: normalized });
    const newId = consequenceId('login');
    const rows = (await executor.query(
      `INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, email_sealed, email_masked, locale)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (login_name_key) DO NOTHING RETURNING id`,
      [newId, account.id, providerId, name, loginNameKey(name), role, await this.sealing.seal('destination', normalized), hint, locale],
    )) as { id: string }[];
    const id = rows[0]?.id;
    if (id === undefined) return this.again(executor, newLogin, newId, name, normalized);
    const found = await this.findLogin.byId(id, executor);
    if (!found) throw new Error('the login that was added is gone');
    await noteFact(executor, 'login.added', found.login, doing, { loginName: name });
    await this.notify.invitation(executor, found.login, account.name);
    return { id, accountId: account.id };
  }

  /** An account that staff adds is the same one when it has the same name: of the account itself it is not told yet. */
  private async again(executor: OutboxExecutor, { role, account, providerId, doing }: NewLogin, newId: string, name: string, emailAddress: string): Promise<AddedLogin> {
    const [waiting] = (await executor.query(
      `SELECT logins.id, account_id AS "accountId", email_sealed AS "sealedEmail" FROM logins JOIN accounts ON accounts.id = account_id
       WHERE login_name_key = $1 AND login_name = $2 AND role = $3 AND password_hash IS NULL AND email_sealed IS NOT NULL
         AND logins.provider_id = $4 AND (account_id = $5 OR (role = 'account_owner' AND accounts.name = $6))`,
      [loginNameKey(name), name, role, providerId, account.id, account.name],
    )) as (AddedLogin & { sealedEmail: string })[];
    if (!waiting || (await this.sealing.open('destination', waiting.sealedEmail)) !== emailAddress) throw new Refusal('login_name_taken');
    // The very request that added it, delivered again, has sent an invitation already.
    if (waiting.id !== newId) await this.inviteAgain.send(executor, waiting.id, doing);
    return { id: waiting.id, accountId: waiting.accountId };
  }
}
