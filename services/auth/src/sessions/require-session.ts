import { Refusal } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { type SessionRecord, SessionStore } from './session-store.ts';

/** Finds the session of a secret, or refuses. */
@Injectable()
export class RequireSession {
  constructor(private readonly sessions: SessionStore) {}

  /** For everything that a login must not do before it has set up the two-factor its provider requires. */
  async ready(sessionHash: string): Promise<SessionRecord> {
    const session = await this.any(sessionHash);
    if (session.setupRequired) throw new Refusal('two_factor_setup_required');
    return session;
  }

  /** For two-factor set-up, looking at the session, and logging out. */
  async any(sessionHash: string): Promise<SessionRecord> {
    const session = await this.sessions.find(sessionHash);
    if (!session) throw new Refusal('not_signed_in');
    return session;
  }
}
