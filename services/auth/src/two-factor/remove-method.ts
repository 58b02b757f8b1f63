import { Refusal, type RequestPayload } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { bySession, noteFact } from '../activity/facts.ts';
import { ChangeLogin } from '../logins/change-login.ts';
import { Notify } from '../notices/notify.ts';
import { AskPasswordAgain } from '../passwords/ask-password-again.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { DisableTwoFactor } from './disable-two-factor.ts';
import { ensureDefault, findMethod, listMethods, removeMethods } from './method-rows.ts';

/** Takes one method away; with the last one that counts two-factor is off. */
@Injectable()
export class RemoveMethod {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly askPasswordAgain: AskPasswordAgain,
    private readonly database: DataSource,
    private readonly disableTwoFactor: DisableTwoFactor,
    private readonly changeLogin: ChangeLogin,
    private readonly notify: Notify,
  ) {}

  async remove({ sessionHash, methodId, sealedPassword }: RequestPayload<'two-factor.remove-method'>): Promise<void> {
    const session = await this.requireSession.any(sessionHash);
    const login = await this.askPasswordAgain.check(sessionHash, session, sealedPassword);
    const method = await findMethod(this.database, login.id, methodId);
    if (!method) throw new Refusal('not_found');
    const isLast = login.methods.length === 1 && login.methods[0]?.id === methodId;
    if (isLast) return this.disableTwoFactor.disableFor(login, session, sessionHash);
    const doing = bySession(session);
    // Logins under way that could still use the method end; sessions stay.
    await this.changeLogin.change(login.id, { sessions: { staying: 'all' }, withdrawsTrust: false, asOf: login.sessionEpoch }, async (executor) => {
      const counting = (await listMethods(executor, login.id)).filter(({ confirmedAt }) => confirmedAt !== null);
      // The other one was removed meanwhile: turning two-factor off is for the next try to decide.
      if (counting.length === 1 && counting[0]?.id === methodId) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
      await removeMethods(executor, login.id, [methodId]);
      await ensureDefault(executor, login.id);
      // One that never counted is nobody's news.
      if (method.confirmedAt === null) return;
      const { kind, hint } = method;
      await noteFact(executor, 'two-factor.method-removed', login, doing, { method: { id: methodId, kind, hint } });
      await this.notify.deed(executor, 'method_removed', login, doing, { method: kind, hint }, [method]);
    });
  }
}
