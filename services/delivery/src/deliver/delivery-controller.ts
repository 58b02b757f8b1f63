import type { CodeIssued, RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleEvent, HandleRequest } from '@latchkey/messaging';
import { Controller } from '@nestjs/common';
import { DeliverCode } from './deliver-code.ts';
import { Ledger } from './ledger.ts';

@Controller()
export class DeliveryController {
  constructor(
    private readonly delivering: DeliverCode,
    private readonly ledger: Ledger,
  ) {}

  @HandleEvent('code.issued.sms')
  async sms(message: CodeIssued): Promise<void> {
    await this.delivering.deliver('sms', message);
  }

  @HandleEvent('code.issued.email')
  async email(message: CodeIssued): Promise<void> {
    await this.delivering.deliver('email', message);
  }

  @HandleRequest('delivery.states')
  async states({ attemptId }: RequestPayload<'delivery.states'>): Promise<RequestReply<'delivery.states'>> {
    return { states: await this.ledger.statesOf(attemptId) };
  }
}
