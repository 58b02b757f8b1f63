import type { RequestReply } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { ProviderPolicies } from '../provider/provider-policies.ts';
import type { SessionRecord } from './session-store.ts';

/** Shows sessions as the public API does, with what the provider's policy makes of them at the moment. */
@Injectable()
export class PresentSession {
  constructor(private readonly policies: ProviderPolicies) {}

  async present(session: SessionRecord): Promise<Omit<RequestReply<'session.get'>, 'accountId'>> {
    const { id, loginId, loginName, role, assurance, device, expiresAt } = session;
    return { id, login: { id: loginId, loginName, role }, assurance, device, setupRequired: await this.policies.requireSetup(session), expiresAt };
  }
}
