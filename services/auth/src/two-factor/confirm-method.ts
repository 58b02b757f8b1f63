import { Refusal, type RequestPayload } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { type Clock } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLOCK } from '../injected.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { ChangeLogin } from './change-login.ts';
import { ensureDefault, findMethod, listMethods, removeMethods } from './method-rows.ts';

/** A right code makes a method count. Every session ends, this one included: the next login needs a code (rule 3). */
@Injectable()
export class ConfirmMethod {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly requester: Requester,
    private readonly database: DataSource,
    private readonly changeLogin: ChangeLogin,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async confirm({ sessionHash, methodId, sealedCode }: RequestPayload<'two-factor.confirm-method'>): Promise<void> {
    const { loginId } = await this.requireSession.any(sessionHash);
    const method = await findMethod(this.database, loginId, methodId);
    if (!method) throw new Refusal('not_found');
    if (method.confirmedAt) throw new Refusal('attempt_over');
    await this.requester.request('code.verify', { attemptId: methodId, loginId, methodId, kind: method.kind, sealedCode });

    await this.changeLogin.change(loginId, { staying: 'none' }, async (executor) => {
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
      return { withdrawTrust: false };
    });
  }
}
