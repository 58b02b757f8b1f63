import { setTimeout as wait } from 'node:timers/promises';
import { failSpan, inSpan, SpanKind } from '@latchkey/platform';
import type { DeliveryMetrics } from '../deliver/metrics.ts';
import type { OutgoingMessage, Provider, ProviderAnswer } from '../providers/provider.ts';
import type { Cap } from './cap.ts';
import type { Circuit } from './circuit.ts';
import type { ProviderOptions } from './routes-setting.ts';

/** The right to ask a provider once; who does not use it leaves it. */
export interface Turn {
  line: ProviderLine;
  ask(message: OutgoingMessage): Promise<ProviderAnswer>;
  leave(): void;
}

/** One provider as this worker sees it: whether it works, and whether it has room. */
export class ProviderLine {
  readonly name: string;
  /** How long a receipt is waited for; null for a provider that gives none. */
  readonly receiptWithinMs: number | null;
  readonly circuit: Circuit;
  private readonly provider: Provider;
  private readonly prices: Readonly<Record<string, number>>;
  private readonly cap: Cap | undefined;
  private readonly metrics: DeliveryMetrics;

  constructor(name: string, options: ProviderOptions, parts: { provider: Provider; circuit: Circuit; cap: Cap | undefined; metrics: DeliveryMetrics }) {
    this.name = name;
    this.receiptWithinMs = 'receipts' in options && options.receipts ? options.receipts.withinSeconds * 1_000 : null;
    this.prices = options.prices;
    this.circuit = parts.circuit;
    this.provider = parts.provider;
    this.cap = parts.cap;
    this.metrics = parts.metrics;
  }

  /** A turn; `open` when the provider is not to be asked now; or the milliseconds until it may have room again. */
  async take(): Promise<Turn | 'open' | number> {
    if (!this.circuit.enter()) return 'open';
    const taken = await this.cap?.take();
    if (taken?.kind === 'full') {
      this.circuit.leave();
      return taken.againInMs;
    }
    const leave = () => {
      this.circuit.leave();
      if (taken) this.cap?.giveBack(taken.turn);
    };
    const turnAt = performance.now() + (taken?.inMs ?? 0);
    return { line: this, leave, ask: (message) => this.ask(message, turnAt).finally(leave) };
  }

  /** What a message costs, in millionths; null when its price is not known. */
  costOf(country: string | null, segments: number): number | null {
    const price = (country === null ? undefined : this.prices[country]) ?? this.prices['*'];
    return price === undefined ? null : price * segments;
  }

  close(): void {
    this.provider.close?.();
  }

  private async ask(message: OutgoingMessage, turnAt: number): Promise<ProviderAnswer> {
    const untilTurn = turnAt - performance.now();
    if (untilTurn > 0) await wait(untilTurn);
    const askedAt = performance.now();
    // A provider that throws has a fault of its own: what became of the message nobody knows.
    const attributes = { 'latchkey.provider': this.name, 'latchkey.channel': message.channel, 'messaging.message.id': message.messageId };
    const answer = await inSpan(`ask ${this.name}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      const told = await this.circuit.ask(() => this.provider.send(message).catch((error: Error): ProviderAnswer => ({ outcome: 'unknown', reason: error.name })));
      span.setAttribute('latchkey.outcome', told.outcome);
      if (told.outcome !== 'accepted') failSpan(span, told.outcome);
      return told;
    });
    this.metrics.answered(message.channel, this.name, answer.outcome, performance.now() - askedAt);
    return answer;
  }
}
