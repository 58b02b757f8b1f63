import type { Channel, DeliveryEvent, DeliveryReport, DeliveryState } from '@latchkey/contracts';
import type { Publisher } from '@latchkey/messaging';
import { suggested } from './ledger.ts';

/** What a report says of the message it is about. */
export interface Reported {
  messageId: string;
  /** Null for a notice. */
  attemptId: string | null;
  loginId: string;
  methodId: string | null;
  channel: Channel;
}

/** Tells open pages what happens to codes. No page waits for a notice: what becomes of those is in the ledger alone. */
export class Reports {
  private readonly publisher: Publisher;

  constructor(publisher: Publisher) {
    this.publisher = publisher;
  }

  /** `at` is the ledger's own time, so that a page that reads both ledger and events tells each thing once. */
  async tell({ messageId, attemptId, loginId, methodId, channel }: Reported, provider: string, state: DeliveryState, at: Date, suggestion?: DeliveryEvent['suggestion']): Promise<void> {
    if (attemptId === null || methodId === null) return;
    const report: DeliveryReport = { messageId, attemptId, loginId, methodId, channel, provider, at: at.toISOString(), ...suggested(state), ...(suggestion ? { suggestion } : {}) };
    await this.publisher.publish(`delivery.${state}`, report, { correlationId: attemptId });
  }
}
