import type { RequestPayload, RequestReply } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { RequireSession } from '../sessions/require-session.ts';
import { Audit } from './audit.ts';

/** What delivery owns, for operators: who may is judged here, what is done stands in the book first. */
@Injectable()
export class OperateDelivery {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly requester: Requester,
    private readonly audit: Audit,
  ) {}

  async deliveries({ sessionHash, ...filter }: RequestPayload<'ops.deliveries'>): Promise<RequestReply<'ops.deliveries'>> {
    await this.requireSession.ofRole('operator', sessionHash);
    return this.requester.request('delivery.search', filter);
  }

  async providers(sessionHash: string): Promise<RequestReply<'ops.providers'>> {
    await this.requireSession.ofRole('operator', sessionHash);
    return this.requester.request('delivery.controls', {});
  }

  async setProvider({ sessionHash, ...change }: RequestPayload<'ops.set-provider'>): Promise<RequestReply<'ops.set-provider'>> {
    await this.audit.note(await this.requireSession.ofRole('operator', sessionHash), 'set_provider', change);
    return this.requester.request('delivery.set-provider', change);
  }

  async setChannel({ sessionHash, ...change }: RequestPayload<'ops.set-channel'>): Promise<RequestReply<'ops.set-channel'>> {
    await this.audit.note(await this.requireSession.ofRole('operator', sessionHash), 'set_channel', change);
    return this.requester.request('delivery.set-channel', change);
  }

  async setWorker({ sessionHash, ...change }: RequestPayload<'ops.set-worker'>): Promise<void> {
    await this.audit.note(await this.requireSession.ofRole('operator', sessionHash), 'set_worker', change);
    await this.requester.request('delivery.set-worker', change);
  }
}
