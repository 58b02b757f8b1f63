import { Refusal } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { type Login } from '../logins/find-login.ts';
import { AskPasswordAgain } from '../passwords/ask-password-again.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { SessionStore } from '../sessions/session-store.ts';
import { ChangeLogin } from './change-login.ts';
import { listMethods, removeMethods } from './method-rows.ts';

/** Turns two-factor off: no methods, no trusted devices, and no session but the one it was done in. */
@Injectable()
export class DisableTwoFactor {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly askPasswordAgain: AskPasswordAgain,
    private readonly changeLogin: ChangeLogin,
    private readonly sessions: SessionStore,
  ) {}

  async disable(sessionHash: string, sealedPassword: string): Promise<void> {
    const session = await this.requireSession.any(sessionHash);
    await this.disableFor(await this.askPasswordAgain.check(session, sealedPassword), sessionHash);
  }

  /** After the password was asked for. */
  async disableFor(login: Login, sessionHash: string): Promise<void> {
    if (login.policy === 'required') throw new Refusal('required_by_provider');
    if (login.methods.length === 0) throw new Refusal('two_factor_off');
    await this.changeLogin.change(login.id, { staying: 'one', sessionHash }, async (executor) => {
      const methods = await listMethods(executor, login.id);
      await removeMethods(executor, login.id, methods.map(({ id }) => id));
      return { withdrawTrust: true };
    });
    // What the session that stays shows of its device.
    await this.sessions.updateDevices(login.id, []);
  }
}
