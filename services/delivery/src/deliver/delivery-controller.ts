import type { CodeIssued, EventPayload, NoticeIssued, RequestPayload, RequestReply } from '@latchkey/contracts';
import { Refusal } from '@latchkey/contracts';
import { HandleEvent, HandleRequest } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { Controller } from '@nestjs/common';
import { TakeReceipts } from '../receipts/take-receipts.ts';
import { ProviderStates } from '../routing/provider-states.ts';
import { AcceptedMessages } from './accepted-messages.ts';
import { DeliverMessage } from './deliver-message.ts';
import { Ledger } from './ledger.ts';

@Controller()
export class DeliveryController {
  constructor(
    private readonly delivering: DeliverMessage,
    private readonly ledger: Ledger,
    private readonly messages: AcceptedMessages,
    private readonly receipts: TakeReceipts,
    private readonly providerStates: ProviderStates,
    private readonly keys: SealingKeys,
  ) {}

  @HandleEvent('code.issued.sms')
  async codeBySms(message: CodeIssued): Promise<void> {
    await this.delivering.deliver('sms', message);
  }

  @HandleEvent('code.issued.email')
  async codeByEmail(message: CodeIssued): Promise<void> {
    await this.delivering.deliver('email', message);
  }

  @HandleEvent('notice.issued.sms')
  async noticeBySms(message: NoticeIssued): Promise<void> {
    await this.delivering.deliver('sms', message);
  }

  @HandleEvent('notice.issued.email')
  async noticeByEmail(message: NoticeIssued): Promise<void> {
    await this.delivering.deliver('email', message);
  }

  @HandleRequest('delivery.states')
  async states({ attemptId }: RequestPayload<'delivery.states'>): Promise<RequestReply<'delivery.states'>> {
    return { states: await this.ledger.statesOf(attemptId) };
  }

  @HandleRequest('delivery.take-receipt')
  async takeReceipt({ provider, url, headers, sealedBody }: RequestPayload<'delivery.take-receipt'>): Promise<RequestReply<'delivery.take-receipt'>> {
    const body = await this.keys.open('destination', sealedBody).catch(() => {
      throw new Refusal('invalid_request');
    });
    await this.receipts.take(provider, { url, headers, body });
    return {};
  }

  @HandleEvent('code.used')
  async codeUsed({ attemptId }: EventPayload<'code.used'>): Promise<void> {
    await this.messages.codeUsed(attemptId);
  }

  @HandleRequest('delivery.providers')
  async providers(): Promise<RequestReply<'delivery.providers'>> {
    return { providers: await this.providerStates.list(new Date()) };
  }
}
