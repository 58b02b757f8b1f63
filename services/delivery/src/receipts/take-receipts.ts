import { Refusal } from '@latchkey/contracts';
import type { Clock } from '@latchkey/platform';
import type { AcceptedMessages } from '../deliver/accepted-messages.ts';
import type { FailOver } from '../deliver/fail-over.ts';
import type { DeliveryMetrics } from '../deliver/metrics.ts';
import type { Reports } from '../deliver/reports.ts';
import type { Receipt, ReceiptReader, ReceiptRequest } from '../providers/provider.ts';
import type { EarlyReceipts } from './take-early-receipts.ts';

interface TakeReceiptsParts {
  readers: ReadonlyMap<string, ReceiptReader>;
  messages: AcceptedMessages;
  early: EarlyReceipts;
  failOver: FailOver;
  reports: Reports;
  metrics: DeliveryMetrics;
  clock: Clock;
}

/**
 * What providers tell of messages they took. A receipt that is told again, or after a newer one, changes nothing: delivered
 * stays delivered, and a failure counts only while the message is still with the provider that tells of it.
 */
export class TakeReceipts {
  private readonly parts: TakeReceiptsParts;

  constructor(parts: TakeReceiptsParts) {
    this.parts = parts;
  }

  /** Refuses with `not_found` what the provider did not sign; says nothing of which messages there are. */
  async take(provider: string, request: ReceiptRequest): Promise<void> {
    const reader = this.parts.readers.get(provider);
    if (!reader) throw new Refusal('not_found');
    for (const receipt of await reader.read(request)) await this.note(receipt);
  }

  /** Those that came before their message's acceptance was written down. */
  async takeEarlyOnes(): Promise<void> {
    const { early, clock } = this.parts;
    for (const receipt of await early.nowKnown(clock.now())) {
      await this.note(receipt);
      await early.forget(receipt);
    }
  }

  private async note(receipt: Receipt): Promise<void> {
    const { messages, early, failOver, reports, metrics, clock } = this.parts;
    const { provider, providerMessageId, outcome } = receipt;
    const receiptKey = `${provider}:${providerMessageId}`;
    const now = clock.now();
    const delivered = outcome === 'delivered' ? await messages.deliver(receiptKey, now) : undefined;
    if (delivered) {
      metrics.receipt(provider, 'delivered');
      if (delivered.acceptedAt) metrics.receiptAfter(provider, 'delivered', now.getTime() - delivered.acceptedAt.getTime());
      return reports.tell(delivered, provider, 'delivered', now);
    }

    const message = await messages.find(receiptKey, now);
    if (!message) {
      metrics.receipt(provider, 'not_known');
      return early.keep(receipt, now);
    }
    if (outcome === 'delivered' || message.state !== 'accepted' || message.receiptKey !== receiptKey) return metrics.receipt(provider, 'repeated');
    metrics.receipt(provider, 'failed');
    if (message.acceptedAt) metrics.receiptAfter(provider, 'failed', now.getTime() - message.acceptedAt.getTime());
    await failOver.failed(message, receipt.reason ?? 'not delivered');
  }
}
