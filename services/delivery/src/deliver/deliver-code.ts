import type { Channel, CodeIssued, DeliveryReport } from '@latchkey/contracts';
import { currentMessageContext, type Publisher } from '@latchkey/messaging';
import type { Clock, Logger, SealingKeys } from '@latchkey/platform';
import { codeEmail, codeText } from '../messages/code-message.ts';
import type { OutgoingMessage, Provider } from '../providers/provider.ts';
import { Ledger, type LedgerEntry } from './ledger.ts';

/** Thrown to have the queue try again later: nothing was sent, or nobody knows. */
export class TryAgainLater extends Error {
  override name = 'TryAgainLater';
}

/**
 * Takes one code to its provider. Accepted is written down before the message is acknowledged; a crash in between leaves
 * `asking` in the ledger, which the next run records as unknown before it sends again (rule 17).
 */
export class DeliverCode {
  private readonly ledger: Ledger;
  private readonly providers: Record<Channel, Provider>;
  private readonly publisher: Publisher;
  private readonly keys: SealingKeys;
  private readonly clock: Clock;
  private readonly logger: Logger;

  constructor(parts: { ledger: Ledger; providers: Record<Channel, Provider>; publisher: Publisher; keys: SealingKeys; clock: Clock; logger: Logger }) {
    this.ledger = parts.ledger;
    this.providers = parts.providers;
    this.publisher = parts.publisher;
    this.keys = parts.keys;
    this.clock = parts.clock;
    this.logger = parts.logger;
  }

  async deliver(channel: Channel, message: CodeIssued): Promise<void> {
    const context = currentMessageContext();
    const provider = this.providers[channel];
    const entry: LedgerEntry = {
      messageId: context?.messageId ?? crypto.randomUUID(),
      message,
      channel,
      provider: provider.name,
      queuedAt: new Date(context?.occurredAt ?? this.clock.now()),
    };
    if (new Date(message.expiresAt) <= this.clock.now()) return this.expire(entry);

    const { before } = await this.ledger.beginAsking(entry, this.clock.now());
    // Delivered to us again: whatever was settled is told again, and nothing is sent twice.
    if (before === 'accepted' || before === 'delivered' || before === 'failed' || before === 'expired') return this.report(entry, before);
    if (before === 'asking') {
      this.logger.warn({ messageId: entry.messageId }, 'outcome of an earlier send is unknown, sending again');
      await this.report(entry, 'unknown');
    }

    const answer = await provider.send(await this.compose(entry));
    const now = this.clock.now();
    switch (answer.outcome) {
      case 'accepted':
        await this.ledger.settle(entry.messageId, 'accepted', { providerMessageId: answer.providerMessageId }, now);
        return this.report(entry, 'accepted');
      case 'permanent':
        await this.ledger.settle(entry.messageId, 'failed', { failure: answer.reason }, now);
        this.logger.warn({ messageId: entry.messageId, reason: answer.reason }, 'provider refuses the message for good');
        return this.report(entry, 'failed', 'other_method');
      case 'transient':
        await this.ledger.settle(entry.messageId, 'retrying', { failure: answer.reason }, now);
        throw new TryAgainLater(answer.reason);
      case 'unknown':
        await this.ledger.settle(entry.messageId, 'retrying', { failure: answer.reason, unknown: true }, now);
        await this.report(entry, 'unknown', 'wait');
        throw new TryAgainLater(answer.reason);
    }
  }

  private async expire(entry: LedgerEntry): Promise<void> {
    const expired = await this.ledger.expire(entry, this.clock.now());
    if (expired) await this.report(entry, 'expired', 'send_again');
  }

  private async compose({ channel, message, messageId }: LedgerEntry): Promise<OutgoingMessage> {
    const [code, to] = await Promise.all([this.keys.open('code', message.sealedCode), this.keys.open('destination', message.sealedDestination)]);
    if (channel === 'sms') return { channel, to, text: codeText(message, code) };
    return { channel, to, messageId, ...codeEmail(message, code) };
  }

  private report(entry: LedgerEntry, state: 'accepted' | 'delivered' | 'failed' | 'unknown' | 'expired', suggestion?: DeliveryReport['suggestion']): Promise<void> {
    const { attemptId, loginId, methodId } = entry.message;
    return this.publisher.publish(
      `delivery.${state}`,
      {
        messageId: entry.messageId,
        attemptId,
        loginId,
        methodId,
        channel: entry.channel,
        provider: entry.provider,
        at: this.clock.now().toISOString(),
        ...(suggestion ? { suggestion } : {}),
      },
      { correlationId: attemptId },
    );
  }
}
