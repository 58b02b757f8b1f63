import type { OutboxExecutor } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { bySession } from '../activity/facts.ts';
import { FindLogin, type Login } from '../logins/find-login.ts';
import { Notify, type StaffDetails } from '../notices/notify.ts';
import type { SessionRecord } from '../sessions/session-store.ts';

/**
 * The staff is told of what one of them changed, all of it: one stolen login of theirs could loosen the policy, have
 * locked-out customers call a number of the thief's, or speak to them under another name. Customers are not: nothing about
 * their logins has changed, what is asked of them they are told where it is asked, and a mail to every customer at each change
 * would teach them to follow mails.
 */
@Injectable()
export class TellStaff {
  constructor(
    private readonly findLogin: FindLogin,
    private readonly notify: Notify,
  ) {}

  async of<K extends keyof StaffDetails>(executor: OutboxExecutor, session: SessionRecord, kind: K, details: (staff: Login) => StaffDetails[K]): Promise<void> {
    const staff = (await executor.query(`SELECT id FROM logins WHERE provider_id = $1 AND role = 'provider_staff' ORDER BY id`, [session.providerId])) as { id: string }[];
    for (const { id } of staff) {
      const found = await this.findLogin.byId(id, executor);
      if (found) await this.notify.staff(executor, kind, found.login, bySession(session), details(found.login));
    }
  }
}
