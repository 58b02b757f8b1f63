import type { RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleRequest } from '@latchkey/messaging';
import { Controller } from '@nestjs/common';
import { ActivityStore } from '../activity/activity-store.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { Audit } from './audit.ts';
import { OperateBroker } from './operate-broker.ts';
import { OperateDelivery } from './operate-delivery.ts';

@Controller()
export class OpsController {
  constructor(
    private readonly broker: OperateBroker,
    private readonly delivery: OperateDelivery,
    private readonly requireSession: RequireSession,
    private readonly activity: ActivityStore,
    private readonly audit: Audit,
  ) {}

  @HandleRequest('ops.queues')
  async queues({ sessionHash }: RequestPayload<'ops.queues'>): Promise<RequestReply<'ops.queues'>> {
    return this.broker.queues(sessionHash);
  }

  @HandleRequest('ops.dead-letters')
  async deadLetters(payload: RequestPayload<'ops.dead-letters'>): Promise<RequestReply<'ops.dead-letters'>> {
    return this.broker.listDeadLetters(payload);
  }

  @HandleRequest('ops.redrive')
  async redrive(payload: RequestPayload<'ops.redrive'>): Promise<RequestReply<'ops.redrive'>> {
    return this.broker.redrive(payload);
  }

  @HandleRequest('ops.discard')
  async discard(payload: RequestPayload<'ops.discard'>): Promise<RequestReply<'ops.discard'>> {
    return this.broker.discard(payload);
  }

  @HandleRequest('ops.deliveries')
  async deliveries(payload: RequestPayload<'ops.deliveries'>): Promise<RequestReply<'ops.deliveries'>> {
    return this.delivery.deliveries(payload);
  }

  @HandleRequest('ops.providers')
  async providers({ sessionHash }: RequestPayload<'ops.providers'>): Promise<RequestReply<'ops.providers'>> {
    return this.delivery.providers(sessionHash);
  }

  @HandleRequest('ops.set-provider')
  async setProvider(payload: RequestPayload<'ops.set-provider'>): Promise<RequestReply<'ops.set-provider'>> {
    return this.delivery.setProvider(payload);
  }

  @HandleRequest('ops.set-channel')
  async setChannel(payload: RequestPayload<'ops.set-channel'>): Promise<RequestReply<'ops.set-channel'>> {
    return this.delivery.setChannel(payload);
  }

  @HandleRequest('ops.set-worker')
  async setWorker(payload: RequestPayload<'ops.set-worker'>): Promise<RequestReply<'ops.set-worker'>> {
    await this.delivery.setWorker(payload);
    return {};
  }

  @HandleRequest('ops.activity')
  async story({ sessionHash, ...of }: RequestPayload<'ops.activity'>): Promise<RequestReply<'ops.activity'>> {
    await this.requireSession.ofRole('operator', sessionHash);
    return this.activity.story(of);
  }

  @HandleRequest('ops.audit')
  async book({ sessionHash, before }: RequestPayload<'ops.audit'>): Promise<RequestReply<'ops.audit'>> {
    await this.requireSession.ofRole('operator', sessionHash);
    return this.audit.page(before);
  }
}
