import type { EventPayload } from '@latchkey/contracts';
import type { OutboxExecutor } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { type Doing, noteFact } from '../activity/facts.ts';
import { ChangeLogin, type Epochs, type SessionsThatStay } from '../logins/change-login.ts';
import type { Login } from '../logins/find-login.ts';
import { Notify } from '../notices/notify.ts';
import { Passwords } from './passwords.ts';

type Chosen = {
  login: Login;
  newPassword: string;
  how: EventPayload<'password.changed'>['how'];
  doing: Doing;
  sessions: SessionsThatStay;
  /** The session epoch in which the old password was right. */
  asOf?: number;
  /** What goes with it, in the same transaction. */
  alongside?: (executor: OutboxExecutor) => Promise<unknown>;
};

/** Stores the password that a person chose: all trust is withdrawn, and the login is told (rule 14, norm 15). */
@Injectable()
export class StorePassword {
  constructor(
    private readonly passwords: Passwords,
    private readonly changeLogin: ChangeLogin,
    private readonly notify: Notify,
  ) {}

  async store({ login, newPassword, how, doing, sessions, asOf, alongside }: Chosen): Promise<Epochs> {
    const passwordHash = await this.passwords.hash(newPassword);
    return this.changeLogin.change(login.id, { sessions, withdrawsTrust: true, ...(asOf !== undefined && { asOf }) }, async (executor, { trustEpoch }) => {
      await alongside?.(executor);
      await executor.query('UPDATE logins SET password_hash = $2, new_password_required = false WHERE id = $1', [login.id, passwordHash]);
      // Links that were asked for with the old password are worth nothing any more.
      await executor.query(`DELETE FROM links WHERE login_id = $1 AND kind IN ('new_password', 'invitation')`, [login.id]);
      await noteFact(executor, 'password.changed', login, doing, { trustEpoch, how });
      // The first password of an invited login is no news to it.
      if (how !== 'chosen') await this.notify.deed(executor, 'password_changed', login, doing, {});
    });
  }
}
