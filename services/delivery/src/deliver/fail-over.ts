import { type Envelope, eventRegistry } from '@latchkey/contracts';
import { eventQueues, type Publisher, triesHeader } from '@latchkey/messaging';
import { type Clock, crashPoint, type Logger } from '@latchkey/platform';
import type { Routing } from '../routing/routing.ts';
import type { AcceptedMessage, AcceptedMessages } from './accepted-messages.ts';
import { mayHaveHad } from './ledger.ts';
import { type DeliveryMetrics, kindOf } from './metrics.ts';
import type { Reports } from './reports.ts';

interface FailOverParts {
  messages: AcceptedMessages;
  routing: Routing;
  publisher: Publisher;
  reports: Reports;
  metrics: DeliveryMetrics;
  clock: Clock;
  logger: Logger;
}

/**
 * What follows when a provider took a message and then failed: the message goes back into its channel's queue, with its
 * id and its code, and is delivered from there by the next provider, within the caps like any other.
 */
export class FailOver {
  private readonly parts: FailOverParts;

  constructor(parts: FailOverParts) {
    this.parts = parts;
  }

  /** The provider says that it could not deliver the message. */
  async failed(message: AcceptedMessage, reason: string): Promise<void> {
    if (await this.toNextProvider(message, 'failed', reason)) return;
    const now = this.parts.clock.now();
    if (!(await this.parts.messages.fail(message, reason, now))) return;
    this.parts.metrics.ended(message.channel, kindOf(message), 'failed_later');
    await this.parts.reports.tell(message, message.provider, 'failed', now);
  }

  /** The provider said nothing in time. False when nobody else is to be asked: then the message stays accepted. */
  noReceipt(message: AcceptedMessage): Promise<boolean> {
    return this.toNextProvider(message, 'no_receipt', 'no receipt in time');
  }

  private async toNextProvider(message: AcceptedMessage, outcome: 'failed' | 'no_receipt', reason: string): Promise<boolean> {
    const { messages, routing, metrics, clock, logger } = this.parts;
    const now = clock.now();
    if (!message.keptMessage || message.expiresAt <= now) return false;
    const tried = new Set([...mayHaveHad(message.earlier), message.provider]);
    const [next] = routing.linesFor(message.channel, { id: message.messageId, country: message.country, tried });
    if (!next || tried.has(next.name)) return false;

    const failed = { provider: message.provider, outcome, reason, at: now.toISOString(), ...(message.receiptKey ? { receiptKey: message.receiptKey } : {}) };
    if (!(await messages.failOver(message, failed, now))) return false;
    crashPoint('delivery.outcome-noted');
    metrics.failover(message.channel, message.provider, outcome);
    logger.warn({ messageId: message.messageId, provider: message.provider, reason: outcome }, 'the next provider is asked');
    await this.queueAgain(message);
    return true;
  }

  /** Once more when a worker noted the failover and died: a message that is in the queue twice is sent once. */
  async queueAgain({ messageId, queuedAt, attemptId, channel, keptMessage }: AcceptedMessage): Promise<void> {
    const queue = eventQueues.find((one) => one.service === 'delivery' && one.channel === channel);
    if (!keptMessage || !queue) return;
    const name = attemptId === null ? (`notice.issued.${channel}` as const) : (`code.issued.${channel}` as const);
    const envelope: Envelope = { id: messageId, name, version: eventRegistry[name].version, occurredAt: queuedAt.toISOString(), correlationId: attemptId ?? messageId, causationId: messageId, payload: keptMessage };
    await this.parts.publisher.send({
      id: messageId,
      // To the queue itself: the fact that it was issued is no news to anybody else.
      exchange: '',
      routingKey: queue.name,
      body: Buffer.from(JSON.stringify(envelope)),
      headers: { [triesHeader]: 1 },
      mandatory: true,
    });
  }
}
