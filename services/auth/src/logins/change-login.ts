import { Refusal } from '@latchkey/contracts';
import { type OutboxExecutor, OutboxRelay } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SessionStore } from '../sessions/session-store.ts';

export type Epochs = { trustEpoch: number; sessionEpoch: number };

/** Which sessions a change leaves: none, one (by the hash of its secret), or all. */
export type SessionsThatStay = { staying: 'none' } | { staying: 'one'; sessionHash: string } | { staying: 'all' };

type Change = {
  sessions: SessionsThatStay;
  withdrawsTrust: boolean;
  /** The session epoch of what was judged beforehand: a password, a code, a session. */
  asOf?: number;
};

/** Another change came first, and what was judged before it counts no more. Asking again finds the login as it is. */
export class LoginMovedOn extends Refusal {
  constructor() {
    super('unavailable', { retryAfterSeconds: 1 });
  }
}

/**
 * Changes a login in one transaction: the change, its facts, and new epochs that end what was begun before. Redis hears of
 * the session epoch just before the commit. If the commit fails then, people are logged out for nothing; the other way
 * round, a crash would leave sessions alive that had to end.
 */
@Injectable()
export class ChangeLogin {
  constructor(
    private readonly database: DataSource,
    private readonly sessions: SessionStore,
    private readonly relay: OutboxRelay,
  ) {}

  /** `work` gets the epochs that are the login's after the change; with `withdrawsTrust` one of its facts has to tell the new one. */
  async change(loginId: string, { sessions, withdrawsTrust, asOf }: Change, work: (executor: OutboxExecutor, epochs: Epochs) => Promise<void>): Promise<Epochs> {
    const epochs = await this.database.transaction(async (executor) => {
      // One change of a login at a time: the row stays locked.
      const [rows] = await executor.query<[Epochs[]]>(
        `UPDATE logins SET session_epoch = session_epoch + 1, trust_epoch = trust_epoch + $2 WHERE id = $1
         RETURNING trust_epoch AS "trustEpoch", session_epoch AS "sessionEpoch"`,
        [loginId, withdrawsTrust ? 1 : 0],
      );
      const changed = rows[0];
      if (!changed || (asOf !== undefined && changed.sessionEpoch !== asOf + 1)) throw new LoginMovedOn();
      await work(executor, changed);
      await this.endSessions(loginId, sessions, changed.sessionEpoch);
      return changed;
    });
    this.relay.kick();
    return epochs;
  }

  private async endSessions(loginId: string, sessions: SessionsThatStay, epoch: number): Promise<void> {
    if (sessions.staying === 'all') await this.sessions.refuseLoginsBefore(loginId, epoch);
    else await this.sessions.endAll(loginId, { epoch, ...(sessions.staying === 'one' && { except: sessions.sessionHash }) });
  }
}
