import { Refusal, type RequestPayload } from '@latchkey/contracts';
import { consequenceId, OutboxRelay, Requester } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { bySession, noteFact } from '../activity/facts.ts';
import { LoginMovedOn } from '../logins/change-login.ts';
import { Notify } from '../notices/notify.ts';
import { AskPasswordAgain } from '../passwords/ask-password-again.ts';
import { RequireSession } from '../sessions/require-session.ts';

/** New recovery codes in place of the old ones, which stop working. */
@Injectable()
export class RecoveryCodes {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly askPasswordAgain: AskPasswordAgain,
    private readonly requester: Requester,
    private readonly notify: Notify,
    private readonly database: DataSource,
    private readonly relay: OutboxRelay,
  ) {}

  async makeNew({ sessionHash, sealedPassword }: RequestPayload<'two-factor.make-recovery-codes'>): Promise<string> {
    const session = await this.requireSession.ready(sessionHash);
    const login = await this.askPasswordAgain.check(sessionHash, session, sealedPassword);
    if (login.methods.length === 0) throw new Refusal('two_factor_off');
    const made = await this.database.transaction(async (executor) => {
      const [now] = await executor.query<{ epoch: number }[]>('SELECT session_epoch AS epoch FROM logins WHERE id = $1 FOR UPDATE', [login.id]);
      if (now?.epoch !== login.sessionEpoch) throw new LoginMovedOn();
      // While the login is locked: of two sets made at once only the later one works, and it has to be the one that counts.
      const { setId, sealedRecoveryCodes } = await this.make(login.id);
      await executor.query('UPDATE logins SET recovery_set_id = $2 WHERE id = $1', [login.id, setId]);
      await noteFact(executor, 'two-factor.recovery-codes-made', login, bySession(session), {});
      await this.notify.deed(executor, 'recovery_codes_made', login, bySession(session), {});
      return sealedRecoveryCodes;
    });
    this.relay.kick();
    return made;
  }

  /** The same set for the same request, however often it is delivered. */
  async make(loginId: string): Promise<{ setId: string; sealedRecoveryCodes: string }> {
    const setId = consequenceId('recovery-codes');
    return { setId, ...(await this.requester.request('recovery-codes.make', { loginId, setId })) };
  }

  async left({ id, recoverySetId }: { id: string; recoverySetId: string | null }): Promise<number> {
    return recoverySetId === null ? 0 : (await this.requester.request('recovery-codes.left', { loginId: id, setId: recoverySetId })).left;
  }
}
