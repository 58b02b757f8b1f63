import type { Channel } from '@latchkey/contracts';
import type { Clock, Logger } from '@latchkey/platform';
import type { TakeReceipts } from '../receipts/take-receipts.ts';
import type { Routing } from '../routing/routing.ts';
import { slowAt } from './acceptance.ts';
import type { AcceptedMessage, AcceptedMessages } from './accepted-messages.ts';
import type { FailOver } from './fail-over.ts';
import { lastHeard, slowSuggestion } from './ledger.ts';
import type { Reports } from './reports.ts';

const everyMs = 1_000;
const batch = 100;

interface FollowUpParts {
  channels: readonly Channel[];
  messages: AcceptedMessages;
  receipts: TakeReceipts;
  failOver: FailOver;
  routing: Routing;
  reports: Reports;
  clock: Clock;
  logger: Logger;
}

/**
 * Looks after messages that wait for a receipt. Every second each worker asks the ledger for those that are due: an index
 * that holds only what waits makes that cheap, and the rows outlive every worker and broker. (A delay queue would carry
 * each code a second time, could not be told that the receipt came, and would need the row for a failure all the same.)
 */
export class FollowUp {
  private readonly parts: FollowUpParts;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(parts: FollowUpParts) {
    this.parts = parts;
  }

  start(): void {
    if (this.stopped) return;
    // Workers that were started together do not all come at the same moment.
    this.timer = setTimeout(() => {
      this.running = this.round()
        .catch((error: Error) => this.parts.logger.warn({ reason: error.message }, 'due messages not looked after, trying again'))
        .finally(() => this.start());
    }, everyMs * (0.8 + Math.random() * 0.4));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Everything that is due now. */
  async round(): Promise<void> {
    const { channels, messages, receipts, clock } = this.parts;
    await receipts.takeEarlyOnes();
    for (;;) {
      const due = await messages.takeDue(channels, batch, clock.now());
      await Promise.all(due.map((message) => this.lookAfter(message)));
      if (due.length < batch || this.stopped) return;
    }
  }

  private async lookAfter(message: AcceptedMessage): Promise<void> {
    const { messages, failOver, routing, reports, clock } = this.parts;
    const now = clock.now();
    // Noted by a worker that died before it was queued.
    if (message.state === 'retrying' && message.keptMessage) return failOver.queueAgain(message);

    const slow = message.suggestedAt ? null : slowAt(message);
    const receiptDue = this.receiptDue(message);
    const expired = message.expiresAt <= now;
    if (!expired && slow && slow <= now && (await messages.noteSlow(message, now))) {
      await reports.tell(message, message.provider, lastHeard(message, now), now, slowSuggestion);
    }
    const receiptMissing = receiptDue !== null && receiptDue <= now;
    // Not again when it is looked at a second time because it takes long.
    if (!expired && receiptMissing && !(slow && slow <= now && slow > receiptDue)) await routing.line(message.provider)?.circuit.receiptMissing();
    if (!expired && receiptMissing && (await failOver.noReceipt(message))) return;
    const later = expired ? [] : [slow, receiptDue].filter((at) => at !== null && at > now).map(Number);
    await messages.lookAgain(message, { dueAt: later.length > 0 ? new Date(Math.min(...later)) : null, keep: !receiptMissing });
  }

  private receiptDue({ state, provider, acceptedAt }: AcceptedMessage): Date | null {
    if (state !== 'accepted') return null;
    const withinMs = this.parts.routing.line(provider)?.receiptWithinMs ?? null;
    return acceptedAt && withinMs !== null ? new Date(acceptedAt.getTime() + withinMs) : null;
  }
}
