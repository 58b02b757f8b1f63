import type { EventPayload } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { type Doing, noteFact } from '../activity/facts.ts';
import { ChangeLogin, type Epochs, type SessionsThatStay } from '../logins/change-login.ts';
import type { Login } from '../logins/find-login.ts';
import { Notify } from '../notices/notify.ts';
import { SessionStore } from '../sessions/session-store.ts';
import { removeAllMethods } from './method-rows.ts';

type How = EventPayload<'two-factor.disabled'>['how'];
type Off = { doing: Doing; sessions: SessionsThatStay } & ({ how: Exclude<How, 'disabled_by_provider'> } | { how: 'disabled_by_provider'; reason: string; provider: string });

/** Turns two-factor off, whoever asked for it: no methods, no recovery codes, no trusted device, and the login is told. */
@Injectable()
export class TurnOff {
  constructor(
    private readonly changeLogin: ChangeLogin,
    private readonly notify: Notify,
    private readonly sessions: SessionStore,
  ) {}

  async turnOff(login: Login, off: Off): Promise<Epochs> {
    const { doing, how, sessions } = off;
    return this.changeLogin.change(login.id, { sessions, withdrawsTrust: true, asOf: login.sessionEpoch }, async (executor, { trustEpoch }) => {
      const methods = await removeAllMethods(executor, login);
      await executor.query('UPDATE logins SET recovery_set_id = NULL WHERE id = $1', [login.id]);
      await noteFact(executor, 'two-factor.disabled', login, doing, { trustEpoch, how, reason: how === 'disabled_by_provider' ? off.reason : null });
      const confirmed = methods.filter(({ confirmedAt }) => confirmedAt !== null);
      if (how === 'disabled_by_provider') await this.notify.deed(executor, 'provider_turned_two_factor_off', login, doing, { provider: off.provider, reason: off.reason }, confirmed);
      else await this.notify.deed(executor, how === 'disabled' ? 'two_factor_off' : 'two_factor_reset', login, doing, {}, confirmed);
      // Before the commit, as the end of sessions: one that outlived a crash in between would not know that set-up has to follow.
      if (sessions.staying !== 'none') await this.sessions.noteTwoFactorOff(login.id);
    });
  }
}
