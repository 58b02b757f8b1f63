import { Refusal } from '@latchkey/contracts';
import { SealingKeys } from '@latchkey/platform';
import { Injectable } from '@nestjs/common';
import { FindLogin, type Login } from '../logins/find-login.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { type SessionRecord } from '../sessions/session-store.ts';
import { LimitFailures } from './limit-failures.ts';
import { Passwords } from './passwords.ts';

/** Changes to two-factor ask for the password again, limited like logins (norm 16). */
@Injectable()
export class AskPasswordAgain {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly findLogin: FindLogin,
    private readonly sealing: SealingKeys,
    private readonly passwords: Passwords,
    private readonly failures: LimitFailures,
  ) {}

  /** The session's login as it is now; refuses with `wrong_password`. */
  async check(sessionHash: string, session: SessionRecord, sealedPassword: string): Promise<Login> {
    const limited = `session of ${session.loginId}`;
    await this.failures.countBeforehand(limited, session.ip);
    const [password, found] = await Promise.all([this.sealing.open('password', sealedPassword), this.findLogin.byId(session.loginId)]);
    if (!(await this.passwords.isRight(password, found?.passwordHash)) || !found) throw new Refusal('wrong_password');
    // Once more, now that the login was read: what ended the session before that has changed the login that was read.
    await this.requireSession.any(sessionHash);
    await this.failures.forgive(limited, session.ip);
    return found.login;
  }
}
