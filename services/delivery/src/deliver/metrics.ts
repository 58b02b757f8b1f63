import { channel as channels, type Channel } from '@latchkey/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ProviderAnswer } from '../providers/provider.ts';
import type { CircuitWord } from '../routing/circuit.ts';

const circuitValues: Record<CircuitWord, number> = { closed: 0, half_open: 1, open: 2 };
/** `failed_later`: the provider took it, and its receipt says that it did not arrive. */
const ends = ['accepted', 'failed', 'expired', 'failed_later'] as const;
type End = (typeof ends)[number];
/** A code is waited for, a notice is not. */
type Kind = 'code' | 'notice';
const kinds: Kind[] = ['code', 'notice'];
export const kindOf = ({ attemptId }: { attemptId: string | null }): Kind => (attemptId === null ? 'notice' : 'code');

const secondsBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** What an operator sees of deliveries, on the internal port. */
export class DeliveryMetrics {
  private readonly asks: Counter<'channel' | 'provider' | 'outcome'>;
  private readonly queuedToAsked: Histogram<'channel'>;
  private readonly queuedToAccepted: Histogram<'channel' | 'kind'>;
  private readonly settled: Counter<'channel' | 'kind' | 'end'>;
  private readonly askedToAnswered: Histogram<'provider' | 'outcome'>;
  private readonly acceptedToReceipt: Histogram<'provider' | 'outcome'>;
  private readonly receipts: Counter<'provider' | 'outcome'>;
  private readonly circuits: Gauge<'provider'>;
  private readonly failovers: Counter<'channel' | 'provider' | 'reason'>;
  private readonly expirations: Counter<'channel'>;
  private readonly unknowns: Counter<'channel'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.asks = new Counter({ name: 'latchkey_delivery_asks_total', help: 'Messages that providers were asked to send, by their answer', labelNames: ['channel', 'provider', 'outcome'], registers });
    this.queuedToAsked = new Histogram({ name: 'latchkey_delivery_queued_to_asked_seconds', help: 'From the message being issued to the first provider being asked', labelNames: ['channel'], buckets: secondsBuckets, registers });
    this.queuedToAccepted = new Histogram({ name: 'latchkey_delivery_queued_to_accepted_seconds', help: 'From the message being issued to a provider taking it', labelNames: ['channel', 'kind'], buckets: secondsBuckets, registers });
    this.settled = new Counter({ name: 'latchkey_delivery_settled_total', help: 'Messages by how they ended; failed_later: taken, and by its receipt not delivered', labelNames: ['channel', 'kind', 'end'], registers });
    this.askedToAnswered = new Histogram({ name: 'latchkey_delivery_asked_to_answered_seconds', help: 'How long a provider takes to answer', labelNames: ['provider', 'outcome'], buckets: secondsBuckets, registers });
    this.acceptedToReceipt = new Histogram({ name: 'latchkey_delivery_accepted_to_receipt_seconds', help: 'From acceptance to the receipt', labelNames: ['provider', 'outcome'], buckets: secondsBuckets, registers });
    this.receipts = new Counter({ name: 'latchkey_delivery_receipts_total', help: 'Receipts by what they were: of a message, told before, or of a message that is not known', labelNames: ['provider', 'outcome'], registers });
    this.circuits = new Gauge({ name: 'latchkey_delivery_circuit_state', help: 'Circuit of a provider in this worker: 0 closed, 1 half open, 2 open', labelNames: ['provider'], registers });
    this.failovers = new Counter({ name: 'latchkey_delivery_failovers_total', help: 'Messages that went on from a provider to the next', labelNames: ['channel', 'provider', 'reason'], registers });
    this.expirations = new Counter({ name: 'latchkey_delivery_expired_total', help: 'Messages that expired before they could be sent', labelNames: ['channel'], registers });
    this.unknowns = new Counter({ name: 'latchkey_delivery_unknown_total', help: 'Sends whose outcome nobody knows: each may have been one more', labelNames: ['channel'], registers });
    this.startAtZero();
  }

  /** What appears with its first failure has not grown. */
  private startAtZero(): void {
    for (const channel of channels.options) {
      this.queuedToAsked.zero({ channel });
      this.expirations.inc({ channel }, 0);
      this.unknowns.inc({ channel }, 0);
      for (const kind of kinds) {
        this.queuedToAccepted.zero({ channel, kind });
        for (const end of ends) this.settled.inc({ channel, kind, end }, 0);
      }
    }
  }

  /** The counts of a provider are there before it is first asked. */
  provides(provider: string, channel: Channel): void {
    for (const outcome of ['accepted', 'permanent', 'transient', 'unknown'] as const) {
      this.asks.inc({ channel, provider, outcome }, 0);
      this.askedToAnswered.zero({ provider, outcome });
    }
    for (const reason of ['transient', 'failed', 'no_receipt'] as const) this.failovers.inc({ channel, provider, reason }, 0);
    for (const outcome of ['delivered', 'failed', 'repeated', 'not_known'] as const) this.receipts.inc({ provider, outcome }, 0);
  }

  accepted(channel: Channel, kind: Kind, ms: number): void {
    this.queuedToAccepted.observe({ channel, kind }, ms / 1_000);
    this.settled.inc({ channel, kind, end: 'accepted' });
  }

  ended(channel: Channel, kind: Kind, end: Exclude<End, 'accepted'>): void {
    this.settled.inc({ channel, kind, end });
  }

  firstAsked(channel: Channel, ms: number): void {
    this.queuedToAsked.observe({ channel }, ms / 1_000);
  }

  answered(channel: Channel, provider: string, outcome: ProviderAnswer['outcome'], ms: number): void {
    this.asks.inc({ channel, provider, outcome });
    this.askedToAnswered.observe({ provider, outcome }, ms / 1_000);
  }

  receipt(provider: string, outcome: 'delivered' | 'failed' | 'repeated' | 'not_known'): void {
    this.receipts.inc({ provider, outcome });
  }

  receiptAfter(provider: string, outcome: 'delivered' | 'failed', ms: number): void {
    this.acceptedToReceipt.observe({ provider, outcome }, Math.max(0, ms) / 1_000);
  }

  circuit(provider: string, state: CircuitWord): void {
    this.circuits.set({ provider }, circuitValues[state]);
  }

  failover(channel: Channel, provider: string, reason: 'transient' | 'failed' | 'no_receipt'): void {
    this.failovers.inc({ channel, provider, reason });
  }

  expired(channel: Channel): void {
    this.expirations.inc({ channel });
  }

  unknown(channel: Channel): void {
    this.unknowns.inc({ channel });
  }
}
