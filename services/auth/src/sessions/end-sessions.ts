import { Refusal } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { bySession, TellFacts } from '../activity/facts.ts';
import { RequireSession } from './require-session.ts';
import { type SessionRecord, SessionStore } from './session-store.ts';

/** The ways in which a person ends sessions. */
@Injectable()
export class EndSessions {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly sessions: SessionStore,
    private readonly facts: TellFacts,
  ) {}

  /** Logging out twice is as good as once. */
  async logout(sessionHash: string): Promise<void> {
    const session = await this.sessions.find(sessionHash);
    if (!session) return;
    await this.sessions.end(session.loginId, sessionHash);
    await this.note(session, 'this');
  }

  async one(sessionHash: string, sessionId: string): Promise<void> {
    const session = await this.requireSession.ready(sessionHash);
    const { loginId } = session;
    const ended = (await this.sessions.listOf(loginId)).find((other) => other.session.id === sessionId);
    if (!ended) throw new Refusal('not_found');
    await this.sessions.end(loginId, ended.sessionHash);
    await this.note(session, 'one');
  }

  async others(sessionHash: string): Promise<void> {
    const session = await this.requireSession.ready(sessionHash);
    await this.sessions.endAll(session.loginId, { except: sessionHash });
    await this.note(session, 'others');
  }

  private async note(session: SessionRecord, ended: 'this' | 'one' | 'others'): Promise<void> {
    const { loginId: id, providerId, accountId } = session;
    await this.facts.tell('session.ended', { id, providerId, accountId }, bySession(session), { ended });
  }
}
