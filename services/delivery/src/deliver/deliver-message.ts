import type { Channel, DeliveryEvent, DeliveryState } from '@latchkey/contracts';
import { currentMessageContext, PermanentFailure } from '@latchkey/messaging';
import { type Clock, crashPoint, type Logger, type SealingKeys } from '@latchkey/platform';
import type { OutgoingMessage, ProviderAnswer } from '../providers/provider.ts';
import type { ProviderLine, Turn } from '../routing/provider-line.ts';
import type { Routing } from '../routing/routing.ts';
import { acceptanceOf, slowAt, waitsLongAt } from './acceptance.ts';
import { type ComposedMessage, openMessage } from './compose-message.ts';
import { type Ledger, slowSuggestion } from './ledger.ts';
import { entryOf, type Issued, type LedgerEntry } from './ledger-entry.ts';
import { timeOfId } from './message-time.ts';
import { type DeliveryMetrics, kindOf } from './metrics.ts';
import type { Reports } from './reports.ts';

/** Thrown to have the queue try again later: nothing was sent, or nobody knows. */
export class TryAgainLater extends Error {
  override name = 'TryAgainLater';
}

export interface DeliverMessageParts {
  ledger: Ledger;
  routing: Routing;
  reports: Reports;
  metrics: DeliveryMetrics;
  keys: SealingKeys;
  clock: Clock;
  logger: Logger;
}

/** An ask in the ledger's words: by whose turn, noted when. */
interface Ask {
  entry: LedgerEntry;
  turn: Turn;
  begunAt: Date;
  /** Who is asked when this one surely did not send, in order. */
  others: ProviderLine[];
  /** Whether another one may be asked when this one took the message and did not deliver it. */
  mayFailOver: boolean;
}

/**
 * Takes one code or notice to a provider, always the same words: to the next one at once when a provider surely did not send it, and
 * back to the queue when none is left or nobody knows. Accepted is written down before the message is acknowledged; a
 * crash in between leaves `asking` in the ledger, which the next run records as unknown before it sends again (rule 17).
 */
export class DeliverMessage {
  /** After a lost connection the broker delivers again what this process is still asking for: one run serves both. */
  private readonly running = new Map<string, Promise<void>>();
  private readonly parts: DeliverMessageParts;

  constructor(parts: DeliverMessageParts) {
    this.parts = parts;
  }

  async deliver(channel: Channel, message: Issued): Promise<void> {
    const context = currentMessageContext();
    if (!context) throw new Error('a message is delivered by its id, which makes it happen once');
    const { messageId } = context;
    const running = this.running.get(messageId);
    if (running) return running;
    const entry = entryOf(channel, message, messageId, timeOfId(messageId) ?? new Date(context.occurredAt));
    const run = this.deliverOnce(entry, { again: context.previousTries > 0 || context.redelivered, redelivered: context.redelivered }).finally(() => this.running.delete(messageId));
    this.running.set(messageId, run);
    return run;
  }

  private async deliverOnce(sealedEntry: LedgerEntry, run: { again: boolean; redelivered: boolean }): Promise<void> {
    if (this.isExpired(sealedEntry)) return this.close(sealedEntry, { state: 'expired', begun: false });
    crashPoint('delivery.message-taken');
    const { outgoing, ...facts } = await this.open(sealedEntry);
    const entry = { ...sealedEntry, ...facts };
    try {
      await this.takeToProvider(entry, outgoing, run);
    } catch (error) {
      if (error instanceof TryAgainLater) await this.tellWaiting(entry);
      throw error;
    }
  }

  private async takeToProvider(entry: LedgerEntry, outgoing: OutgoingMessage, { again, redelivered }: { again: boolean; redelivered: boolean }): Promise<void> {
    const { ledger, routing, metrics, clock, logger } = this.parts;
    const tried = again ? await ledger.triedProviders(entry) : new Set<string>();
    const lines = routing.linesFor(entry.channel, { id: entry.messageId, country: entry.country, tried });
    if (lines.length === 0) return this.close(entry, { state: 'failed', failure: 'no provider delivers there', begun: false });
    const turn = await routing.takeTurn(lines, Date.parse(entry.message.expiresAt));
    // Providers, and below ledger and broker, may have taken their time.
    if (this.isExpired(entry)) return this.close(entry, { state: 'expired', begun: false }, turn);
    if (!turn) throw new TryAgainLater('no provider can be asked at the moment');

    const begunAt = clock.now();
    const begun = await orLeave(turn, ledger.beginAsking(entry, turn.line.name, redelivered, begunAt));
    if (begun.kind !== 'asking') turn.leave();
    // Delivered to us again: whatever was settled is told again, and nothing is sent twice.
    if (begun.kind === 'settled') return this.tell(entry, turn.line.name, begun.state, begun.at);
    if (begun.kind === 'elsewhere') throw new TryAgainLater('another copy of this message is being delivered');
    if (begun.crashed) {
      logger.warn({ messageId: entry.messageId }, 'outcome of an earlier send is unknown, sending again');
      metrics.unknown(entry.channel);
      await this.tell(entry, turn.line.name, 'unknown', begunAt);
    }
    if (this.isExpired(entry)) return this.close(entry, { state: 'expired', begun: true }, turn);
    if (!again) metrics.firstAsked(entry.channel, clock.now().getTime() - entry.queuedAt.getTime());
    const others = lines.filter((line) => line !== turn.line);
    await this.ask({ entry, turn, begunAt, others, mayFailOver: others.some(({ name }) => !tried.has(name)) }, outgoing);
  }

  private async ask(ask: Ask, outgoing: OutgoingMessage): Promise<void> {
    crashPoint('delivery.asking-noted');
    const answer = await ask.turn.ask(outgoing);
    crashPoint('delivery.provider-asked');
    if (answer.outcome !== 'transient') return this.writeDown(ask, answer);
    const next = await this.moveOn(ask, answer.reason);
    if (next) await this.ask(next, outgoing);
  }

  private async writeDown({ entry, turn, mayFailOver }: Ask, answer: Exclude<ProviderAnswer, { outcome: 'transient' }>): Promise<void> {
    const { ledger, metrics, clock, logger } = this.parts;
    const [now, { line }] = [clock.now(), turn];
    switch (answer.outcome) {
      case 'accepted': {
        const { state, slow } = await ledger.accept(entry, acceptanceOf(entry, line, { providerMessageId: answer.providerMessageId, mayFailOver, now }), now);
        metrics.accepted(entry.channel, kindOf(entry), now.getTime() - entry.queuedAt.getTime());
        crashPoint('delivery.outcome-noted');
        // A receipt may have been faster.
        if (state === 'accepted') await this.tell(entry, line.name, 'accepted', now, slow ? slowSuggestion : undefined);
        return crashPoint('delivery.outcome-told');
      }
      case 'permanent':
        await ledger.putDown(entry, 'failed', { reason: answer.reason }, now);
        metrics.ended(entry.channel, kindOf(entry), 'failed');
        logger.warn({ messageId: entry.messageId, provider: line.name, reason: answer.reason }, 'provider refuses the message for good');
        return this.tell(entry, line.name, 'failed', now);
      case 'unknown': {
        metrics.unknown(entry.channel);
        const earlier = { provider: line.name, outcome: 'unknown', reason: answer.reason, at: now.toISOString() } as const;
        await ledger.putDown(entry, 'retrying', { reason: answer.reason, earlier, unknown: true, dueAt: slowAt(entry) }, now);
        await this.tell(entry, line.name, 'unknown', now);
        throw new TryAgainLater(answer.reason);
      }
    }
  }

  /** This provider surely did not send: the next one that has room and works is asked, or the queue waits. */
  private async moveOn({ entry, turn, begunAt, others, mayFailOver }: Ask, reason: string): Promise<Ask | undefined> {
    const { ledger, routing, metrics, clock } = this.parts;
    const next = this.isExpired(entry) ? undefined : await routing.takeTurnNow(others);
    const now = clock.now();
    const failed = { provider: turn.line.name, outcome: 'transient', reason, at: now.toISOString() } as const;
    if (!next) {
      await ledger.putDown(entry, 'retrying', { reason, earlier: failed, dueAt: slowAt(entry) }, now);
      throw new TryAgainLater(reason);
    }
    if (!(await orLeave(next, ledger.moveOn(entry, begunAt, next.line.name, failed, now)))) {
      next.leave();
      throw new TryAgainLater('another copy of this message is being delivered');
    }
    metrics.failover(entry.channel, turn.line.name, 'transient');
    return { entry, turn: next, begunAt: now, others: others.slice(others.indexOf(next.line) + 1), mayFailOver };
  }

  /** Who has waited for a code for long while no provider takes it is offered another way, once. */
  private async tellWaiting(entry: LedgerEntry): Promise<void> {
    const [now, longAt, provider] = [this.parts.clock.now(), waitsLongAt(entry), this.parts.routing.firstOf(entry.channel)];
    if (longAt === null || longAt > now || this.isExpired(entry)) return;
    const heard = await this.parts.ledger.noteWaiting(entry, provider, now);
    if (heard) await this.tell(entry, provider, heard, now, slowSuggestion);
  }

  private isExpired({ message }: LedgerEntry): boolean {
    return new Date(message.expiresAt) <= this.parts.clock.now();
  }

  private async close(entry: LedgerEntry, end: { state: 'expired' | 'failed'; failure?: string; begun: boolean }, turn?: Turn): Promise<void> {
    turn?.leave();
    const { ledger, routing, metrics, clock } = this.parts;
    const [now, provider] = [clock.now(), turn?.line.name ?? routing.firstOf(entry.channel)];
    const { state, at, crashed } = await ledger.close(entry, { ...end, provider }, now);
    if (crashed) metrics.unknown(entry.channel);
    if (state === 'expired') metrics.expired(entry.channel);
    // One that had ended before and is delivered to us again has its end from then.
    if ((state === 'expired' || state === 'failed') && at.getTime() === now.getTime()) metrics.ended(entry.channel, kindOf(entry), state);
    if (crashed) await this.tell(entry, provider, 'unknown', now);
    await this.tell(entry, provider, state, at);
  }

  /** What nobody here can open or put into words is not asked for: the person is told, and the operator finds it in the dead letters. */
  private async open(entry: LedgerEntry): Promise<ComposedMessage> {
    const opened = await openMessage(entry, this.parts.keys, this.parts.clock.now());
    if (typeof opened !== 'string') return opened;
    await this.close(entry, { state: 'failed', failure: opened, begun: false });
    throw new PermanentFailure(opened);
  }

  private tell(entry: LedgerEntry, provider: string, ...what: [state: DeliveryState, at: Date, suggestion?: DeliveryEvent['suggestion']]): Promise<void> {
    return this.parts.reports.tell({ ...entry, loginId: entry.message.loginId }, provider, ...what);
  }
}

async function orLeave<T>(turn: Turn, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    turn.leave();
    throw error;
  }
}
