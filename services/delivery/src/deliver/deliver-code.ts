import type { Channel, CodeIssued, DeliveryState } from '@latchkey/contracts';
import { currentMessageContext, PermanentFailure, type Publisher } from '@latchkey/messaging';
import { type Clock, crashPoint, type Logger, type SealingKeys } from '@latchkey/platform';
import { codeEmail, codeText } from '../messages/code-message.ts';
import type { OutgoingMessage, Provider } from '../providers/provider.ts';
import { type Ledger, type LedgerEntry, suggested } from './ledger.ts';

/** Thrown to have the queue try again later: nothing was sent, or nobody knows. */
export class TryAgainLater extends Error {
  override name = 'TryAgainLater';
}

/**
 * Takes one code to its provider. Accepted is written down before the message is acknowledged; a crash in between leaves
 * `asking` in the ledger, which the next run records as unknown before it sends again (rule 17).
 */
export class DeliverCode {
  /** After a lost connection the broker delivers again what this process is still asking for: one run serves both. */
  private readonly running = new Map<string, Promise<void>>();
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
    if (!context) throw new Error('a code is delivered for a message, whose id makes it happen once');
    const { messageId, occurredAt, redelivered } = context;
    const running = this.running.get(messageId);
    if (running) return running;
    const entry: LedgerEntry = { messageId, message, channel, provider: this.providers[channel].name, queuedAt: new Date(occurredAt) };
    const run = this.deliverOnce(entry, redelivered).finally(() => this.running.delete(messageId));
    this.running.set(messageId, run);
    return run;
  }

  private async deliverOnce(entry: LedgerEntry, redelivered: boolean): Promise<void> {
    if (this.isExpired(entry)) return this.close(entry, { state: 'expired', begun: false });
    crashPoint('delivery.message-taken');
    const outgoing = await this.compose(entry);

    const startedAt = this.clock.now();
    const begun = await this.ledger.beginAsking(entry, redelivered, startedAt);
    // Delivered to us again: whatever was settled is told again, and nothing is sent twice.
    if (begun.kind === 'settled') return this.report(entry, begun.state, begun.at);
    if (begun.kind === 'elsewhere') throw new TryAgainLater('another copy of this message is being delivered');
    if (begun.crashed) {
      this.logger.warn({ messageId: entry.messageId }, 'outcome of an earlier send is unknown, sending again');
      await this.report(entry, 'unknown', startedAt);
    }
    // Ledger and broker may have taken their time.
    if (this.isExpired(entry)) return this.close(entry, { state: 'expired', begun: true });

    crashPoint('delivery.asking-noted');
    const answer = await this.providers[entry.channel].send(outgoing);
    crashPoint('delivery.provider-asked');
    const now = this.clock.now();
    switch (answer.outcome) {
      case 'accepted':
        await this.ledger.settle(entry.messageId, 'accepted', { providerMessageId: answer.providerMessageId }, now);
        crashPoint('delivery.outcome-noted');
        await this.report(entry, 'accepted', now);
        return crashPoint('delivery.outcome-told');
      case 'permanent':
        await this.ledger.settle(entry.messageId, 'failed', { failure: answer.reason }, now);
        this.logger.warn({ messageId: entry.messageId, reason: answer.reason }, 'provider refuses the message for good');
        return this.report(entry, 'failed', now);
      case 'transient':
        await this.ledger.settle(entry.messageId, 'retrying', { failure: answer.reason }, now);
        throw new TryAgainLater(answer.reason);
      case 'unknown':
        await this.ledger.settle(entry.messageId, 'retrying', { failure: answer.reason, unknown: true }, now);
        await this.report(entry, 'unknown', now);
        throw new TryAgainLater(answer.reason);
    }
  }

  private isExpired({ message }: LedgerEntry): boolean {
    return new Date(message.expiresAt) <= this.clock.now();
  }

  private async close(entry: LedgerEntry, end: { state: 'expired' | 'failed'; failure?: string; begun: boolean }): Promise<void> {
    const now = this.clock.now();
    const { state, at, crashed } = await this.ledger.close(entry, end, now);
    if (crashed) await this.report(entry, 'unknown', now);
    await this.report(entry, state, at);
  }

  /** What nobody here can open is not asked for: the person is told, and the operator finds it in the dead letters. */
  private async compose(entry: LedgerEntry): Promise<OutgoingMessage> {
    const { channel, message, messageId } = entry;
    let opened: [string, string];
    try {
      opened = await Promise.all([this.keys.open('code', message.sealedCode), this.keys.open('destination', message.sealedDestination)]);
    } catch {
      await this.close(entry, { state: 'failed', failure: 'not sealed with a key that is held here', begun: false });
      throw new PermanentFailure('code or destination is not sealed with a key that is held here');
    }
    const [code, to] = opened;
    if (channel === 'sms') return { channel, to, text: codeText(message, code) };
    return { channel, to, messageId, ...codeEmail(message, code, this.clock.now()) };
  }

  /** `at` is the ledger's own time, so that a page that reads both ledger and events tells each thing once. */
  private report(entry: LedgerEntry, state: Exclude<DeliveryState, 'queued'>, at: Date): Promise<void> {
    const { attemptId, loginId, methodId } = entry.message;
    return this.publisher.publish(
      `delivery.${state}`,
      { messageId: entry.messageId, attemptId, loginId, methodId, channel: entry.channel, provider: entry.provider, at: at.toISOString(), ...suggested(state) },
      { correlationId: attemptId },
    );
  }
}
