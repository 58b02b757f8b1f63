import type { Channel, DeliveryEvent, DeliveryReport, DeliveryState } from '@latchkey/contracts';
import type { Publisher } from '@latchkey/messaging';
import { suggested } from './ledger.ts';

/** What a report says of the message it is about. */
export interface Reported {
  messageId: string;
  attemptId: string;
  loginId: string;
  methodId: string;
  channel: Channel;
}

/** Tells open pages what happens to messages. */
export class Reports {
  private readonly publisher: Publisher;

  constructor(publisher: Publisher) {
    this.publisher = publisher;
  }

  /** `at` is the ledger's own time, so that a page that reads both ledger and events tells each thing once. */
  tell({ messageId, attemptId, loginId, methodId, channel }: Reported, provider: string, state: Exclude<DeliveryState, 'queued'>, at: Date, suggestion?: DeliveryEvent['suggestion']): Promise<void> {
    const report: DeliveryReport = { messageId, attemptId, loginId, methodId, channel, provider, at: at.toISOString(), ...suggested(state), ...(suggestion ? { suggestion } : {}) };
    return this.publisher.publish(`delivery.${state}`, report, { correlationId: attemptId });
  }
}
