import { Refusal, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { type Clock } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { bySession, noteFact } from '../activity/facts.ts';
import { CLOCK } from '../injected.ts';
import { ChangeLogin } from '../logins/change-login.ts';
import { FindLogin } from '../logins/find-login.ts';
import { Notify } from '../notices/notify.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { ensureDefault, findMethod, listMethods, removeMethods } from './method-rows.ts';
import { RecoveryCodes } from './recovery-codes.ts';

/** A right code makes a method count. Every session ends, this one included: the next login needs a code (rule 3). */
@Injectable()
export class ConfirmMethod {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly findLogin: FindLogin,
    private readonly requester: Requester,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly database: DataSource,
    private readonly changeLogin: ChangeLogin,
    private readonly notify: Notify,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async confirm({ sessionHash, methodId, sealedCode }: RequestPayload<'two-factor.confirm-method'>): Promise<RequestReply<'two-factor.confirm-method'>> {
    const session = await this.requireSession.any(sessionHash);
    const { loginId } = session;
    const [method, found] = await Promise.all([findMethod(this.database, loginId, methodId), this.findLogin.byId(loginId)]);
    if (!method || !found) throw new Refusal('not_found');
    if (method.confirmedAt) throw new Refusal('attempt_over');
    const { login } = found;
    // Once more, now that the login was read: what ended the session before that has changed the login that was read.
    await this.requireSession.any(sessionHash);
    await this.requester.request('code.verify', { attemptId: methodId, loginId, methodId, kind: method.kind, sealedCode });
    const doing = bySession(session);
    let made: Awaited<ReturnType<RecoveryCodes['make']>> | undefined;

    await this.changeLogin.change(loginId, { sessions: { staying: 'none' }, withdrawsTrust: false, asOf: login.sessionEpoch }, async (executor) => {
      const methods = await listMethods(executor, loginId);
      // Another set-up of the same kind, begun meanwhile, has taken its place.
      if (!methods.some(({ id }) => id === methodId)) throw new Refusal('not_found');
      const replaced = methods.filter(({ id, kind, confirmedAt }) => id !== methodId && kind === method.kind && confirmedAt !== null);
      await removeMethods(executor, loginId, replaced.map(({ id }) => id));
      await executor.query('UPDATE two_factor_methods SET confirmed_at = $2, is_default = $3 WHERE id = $1', [
        methodId,
        this.clock.now(),
        replaced.some((earlier) => earlier.default),
      ]);
      await ensureDefault(executor, loginId);
      // While the login is locked: of two sets made at once only the later one works, and it has to be the one that counts.
      if (login.recoverySetId === null) made = await this.recoveryCodes.make(loginId);
      if (made) await executor.query('UPDATE logins SET recovery_set_id = $2 WHERE id = $1', [loginId, made.setId]);

      const first = !methods.some(({ confirmedAt }) => confirmedAt !== null);
      const { kind, hint } = method;
      await noteFact(executor, 'two-factor.method-added', login, doing, { method: { id: methodId, kind, hint }, first });
      if (first) await this.notify.deed(executor, 'two_factor_on', login, doing, {}, [method]);
      else await this.notify.deed(executor, 'method_added', login, doing, { method: kind, hint }, [method]);
    });
    return { enabled: true, ...(made && { sealedRecoveryCodes: made.sealedRecoveryCodes }) };
  }
}
