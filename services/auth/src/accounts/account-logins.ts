import { type AccountLogin, Refusal, type RequestPayload } from '@latchkey/contracts';
import { OutboxRelay } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { byAccountOwner, noteFact } from '../activity/facts.ts';
import { AddLogin } from '../logins/add-login.ts';
import { FindLogin } from '../logins/find-login.ts';
import { InviteAgain } from '../logins/invite-again.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { SessionStore } from '../sessions/session-store.ts';
import { removeAllMethods } from '../two-factor/method-rows.ts';

type Row = { id: string; loginName: string; role: AccountLogin['role']; email: string | null; twoFactor: boolean; invited: boolean; createdAt: Date };

const loginsSql = `
  SELECT id, login_name AS "loginName", role, email_masked AS email, password_hash IS NULL AS invited, created_at AS "createdAt",
    EXISTS (SELECT 1 FROM two_factor_methods m WHERE m.login_id = logins.id AND confirmed_at IS NOT NULL) AS "twoFactor"
  FROM logins WHERE account_id = $1`;

/** The account owner looks after the logins of the household or business. */
@Injectable()
export class AccountLogins {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly addLogin: AddLogin,
    private readonly inviteAgain: InviteAgain,
    private readonly findLogin: FindLogin,
    private readonly sessions: SessionStore,
    private readonly database: DataSource,
    private readonly relay: OutboxRelay,
  ) {}

  async list(sessionHash: string): Promise<AccountLogin[]> {
    const { accountId } = await this.owner(sessionHash);
    return (await this.database.query<Row[]>(`${loginsSql} ORDER BY created_at, id`, [accountId])).map(present);
  }

  async add({ sessionHash, loginName, sealedEmailAddress, locale }: RequestPayload<'account.add-login'>): Promise<AccountLogin> {
    const { accountId, session } = await this.owner(sessionHash);
    const added = await this.database.transaction(async (executor) => {
      const [account] = await executor.query<{ id: string; name: string }[]>('SELECT id, name FROM accounts WHERE id = $1', [accountId]);
      if (!account) throw new Error('an account owner without an account');
      const { providerId } = session;
      const { id } = await this.addLogin.add(executor, { loginName, sealedEmailAddress, role: 'customer', account, providerId, locale, doing: byAccountOwner(session), path: 'loginName' });
      return executor.query<Row[]>(`${loginsSql} AND id = $2`, [accountId, id]);
    });
    this.relay.kick();
    if (!added[0]) throw new Error('the login that was added is gone');
    return present(added[0]);
  }

  async invite({ sessionHash, loginId }: RequestPayload<'account.invite-again'>): Promise<void> {
    const { accountId, session } = await this.owner(sessionHash);
    const found = await this.findLogin.byId(loginId);
    if (found?.login.accountId !== accountId) throw new Refusal('not_found');
    await this.database.transaction((executor) => this.inviteAgain.invite(executor, loginId, byAccountOwner(session)));
    this.relay.kick();
  }

  /** Whoever owns the account can't remove itself: nobody would be left to look after it. */
  async remove({ sessionHash, loginId }: RequestPayload<'account.remove-login'>): Promise<void> {
    const { accountId, session } = await this.owner(sessionHash);
    const found = await this.findLogin.byId(loginId);
    if (found?.login.accountId !== accountId) throw new Refusal('not_found');
    const { login } = found;
    if (login.role === 'account_owner') throw new Refusal('forbidden');
    await this.database.transaction(async (executor) => {
      // Locked before its methods, as by every change of a login.
      const there = await executor.query<unknown[]>('SELECT 1 FROM logins WHERE id = $1 FOR UPDATE', [loginId]);
      if (there.length === 0) throw new Refusal('not_found');
      await removeAllMethods(executor, login);
      await executor.query('DELETE FROM logins WHERE id = $1', [loginId]);
      await noteFact(executor, 'login.removed', login, byAccountOwner(session), { loginName: login.loginName });
      // As with every change: ended just before the commit, and no login under way gets a session after it.
      await this.sessions.endAll(loginId, { epoch: login.sessionEpoch + 1_000_000 });
    });
    this.relay.kick();
  }

  private async owner(sessionHash: string) {
    const session = await this.requireSession.ofRole('account_owner', sessionHash);
    if (session.accountId === null) throw new Error('an account owner without an account');
    return { session, accountId: session.accountId };
  }
}

const present = ({ createdAt, ...row }: Row): AccountLogin => ({ ...row, createdAt: createdAt.toISOString() });
