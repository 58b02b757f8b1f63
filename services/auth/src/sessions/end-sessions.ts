import { Refusal } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { RequireSession } from './require-session.ts';
import { SessionStore } from './session-store.ts';

/** The ways in which a person ends sessions. */
@Injectable()
export class EndSessions {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly sessions: SessionStore,
  ) {}

  /** Logging out twice is as good as once. */
  async logout(sessionHash: string): Promise<void> {
    const session = await this.sessions.find(sessionHash);
    if (session) await this.sessions.end(session.loginId, sessionHash);
  }

  async one(sessionHash: string, sessionId: string): Promise<void> {
    const { loginId } = await this.requireSession.ready(sessionHash);
    const ended = (await this.sessions.listOf(loginId)).find(({ session }) => session.id === sessionId);
    if (!ended) throw new Refusal('not_found');
    await this.sessions.end(loginId, ended.sessionHash);
  }

  async others(sessionHash: string): Promise<void> {
    const { loginId } = await this.requireSession.ready(sessionHash);
    await this.sessions.endAll(loginId, { except: sessionHash });
  }
}
