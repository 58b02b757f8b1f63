import type { RequestPayload } from '@latchkey/contracts';
import { type Clock } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { byLink, noteFact } from '../activity/facts.ts';
import { CLOCK } from '../injected.ts';
import { ChangeLogin } from '../logins/change-login.ts';
import { FindLogin } from '../logins/find-login.ts';
import { findLink, useLink } from './links.ts';
import { Notify } from './notify.ts';

/** "This wasn't me": ends all sessions, withdraws all trust, and asks for a new password at the next login. */
@Injectable()
export class NotMe {
  constructor(
    private readonly findLogin: FindLogin,
    private readonly changeLogin: ChangeLogin,
    private readonly notify: Notify,
    private readonly database: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async say({ tokenHash, ip }: RequestPayload<'notice.not-me'>): Promise<void> {
    const found = await this.findLogin.byId(await findLink(this.database, tokenHash, 'not_me', this.clock.now()));
    if (!found) throw new Error('a link without a login');
    const { login } = found;
    await this.changeLogin.change(login.id, { sessions: { staying: 'none' }, withdrawsTrust: true }, async (executor, { trustEpoch }) => {
      await useLink(executor, tokenHash, ['not_me'], this.clock.now());
      await executor.query('UPDATE logins SET new_password_required = true WHERE id = $1', [login.id]);
      await noteFact(executor, 'login.not-me', login, byLink(login, ip), { trustEpoch });
      await this.notify.signedOutEverywhere(executor, login);
    });
  }
}
