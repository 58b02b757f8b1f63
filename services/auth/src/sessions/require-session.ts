import { Refusal, type Role } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { ProviderPolicies } from '../provider/provider-policies.ts';
import { type SessionRecord, SessionStore } from './session-store.ts';

/** Finds the session of a secret, or refuses: the one place that knows what a session's state and role let it do. */
@Injectable()
export class RequireSession {
  constructor(
    private readonly sessions: SessionStore,
    private readonly policies: ProviderPolicies,
  ) {}

  /** For what only some roles do; `forbidden` to all others. */
  async ofRole<R extends Role>(role: R, sessionHash: string): Promise<SessionRecord & { role: R }> {
    const session = await this.ready(sessionHash);
    if (session.role !== role) throw new Refusal('forbidden');
    return session as SessionRecord & { role: R };
  }

  /** For everything that a login must not do before it has set up the two-factor its provider requires. */
  async ready(sessionHash: string): Promise<SessionRecord> {
    const session = await this.any(sessionHash);
    if (await this.policies.requireSetup(session)) throw new Refusal('two_factor_setup_required');
    return session;
  }

  /** For two-factor set-up, looking at the session, and logging out. */
  async any(sessionHash: string): Promise<SessionRecord> {
    const session = await this.sessions.find(sessionHash);
    if (!session) throw new Refusal('not_signed_in');
    return session;
  }
}
