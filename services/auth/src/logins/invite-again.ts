import { Refusal } from '@latchkey/contracts';
import type { OutboxExecutor } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { Injectable } from '@nestjs/common';
import { type Doing, noteFact } from '../activity/facts.ts';
import { Notify } from '../notices/notify.ts';
import { FindLogin } from './find-login.ts';
import { LimitInvitations } from './limit-invitations.ts';

type Waiting = { waits: boolean; accountId: string | null; accountName: string | null };

/** Emails a new invitation to a login that still waits for its first password; the link before it works no more. */
@Injectable()
export class InviteAgain {
  constructor(
    private readonly findLogin: FindLogin,
    private readonly sealing: SealingKeys,
    private readonly limit: LimitInvitations,
    private readonly notify: Notify,
  ) {}

  /** In a transaction of the caller's, who has made sure that the login is one it may invite. */
  async invite(executor: OutboxExecutor, loginId: string, doing: Doing): Promise<void> {
    const found = await this.findLogin.byId(loginId, executor);
    if (!found) throw new Refusal('not_found');
    const { login } = found;
    if (!login.email) throw new Refusal('unsupported_destination');
    const emailAddress = await this.sealing.open('destination', login.email.sealed);
    await this.limit.count({ inviterId: doing.by.loginId, accountId: login.accountId, emailAddress });
    await this.send(executor, loginId, doing);
  }

  /** Without counting, which whoever calls it has done. */
  async send(executor: OutboxExecutor, loginId: string, doing: Doing): Promise<void> {
    // Locked: an invitation accepted at this very moment must not be followed by a link that replaces the password.
    const [row] = (await executor.query(
      `SELECT password_hash IS NULL AS waits, account_id AS "accountId", accounts.name AS "accountName"
       FROM logins LEFT JOIN accounts ON accounts.id = account_id WHERE logins.id = $1 FOR UPDATE OF logins`,
      [loginId],
    )) as Waiting[];
    const found = await this.findLogin.byId(loginId, executor);
    if (!row || !found) throw new Refusal('not_found');
    if (!row.waits) throw new Refusal('invitation_accepted');
    await noteFact(executor, 'login.invited', found.login, doing, { loginName: found.login.loginName });
    await this.notify.invitation(executor, found.login, row.accountName ?? found.login.provider.name);
  }
}
