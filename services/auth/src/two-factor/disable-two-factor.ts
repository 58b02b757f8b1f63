import { Refusal, type RequestPayload } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { bySession } from '../activity/facts.ts';
import type { Login } from '../logins/find-login.ts';
import { AskPasswordAgain } from '../passwords/ask-password-again.ts';
import { RequireSession } from '../sessions/require-session.ts';
import type { SessionRecord } from '../sessions/session-store.ts';
import { TurnOff } from './turn-off.ts';

/** A person turns two-factor off, or begins it anew; the session it is done in stays. */
@Injectable()
export class DisableTwoFactor {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly askPasswordAgain: AskPasswordAgain,
    private readonly turnOff: TurnOff,
  ) {}

  async disable({ sessionHash, sealedPassword }: RequestPayload<'two-factor.disable'>): Promise<void> {
    const session = await this.requireSession.any(sessionHash);
    await this.disableFor(await this.askPasswordAgain.check(sessionHash, session, sealedPassword), session, sessionHash);
  }

  /** After the password was asked for. */
  async disableFor(login: Login, session: SessionRecord, sessionHash: string): Promise<void> {
    if (login.policy === 'required') throw new Refusal('required_by_provider');
    await this.off(login, session, sessionHash, 'disabled');
  }

  /** Allowed under every policy: where two-factor is required, set-up has to follow (rule 10). */
  async reset({ sessionHash, sealedPassword }: RequestPayload<'two-factor.reset'>): Promise<void> {
    const session = await this.requireSession.any(sessionHash);
    await this.off(await this.askPasswordAgain.check(sessionHash, session, sealedPassword), session, sessionHash, 'reset');
  }

  private async off(login: Login, session: SessionRecord, sessionHash: string, how: 'disabled' | 'reset'): Promise<void> {
    if (login.methods.length === 0) throw new Refusal('two_factor_off');
    await this.turnOff.turnOff(login, { how, doing: bySession(session), sessions: { staying: 'one', sessionHash } });
  }
}
