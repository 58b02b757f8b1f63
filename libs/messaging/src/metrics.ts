import { Refusal } from '@latchkey/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { BrokerConnection } from './broker-connection.ts';

const secondsBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** `refused`: the owner's documented "no". `late`: dropped, since nobody waited any more. */
export type RequestOutcome = 'ok' | 'refused' | 'unavailable' | 'failed' | 'late';
export type EventOutcome = 'done' | 'retried' | 'dead' | 'put_back';
/** Why a message died; what exactly was wrong stands in its headers and in the log. */
export const deathReasons = ['not_valid', 'no_handler', 'permanent', 'gave_up'] as const;
export type DeathReason = (typeof deathReasons)[number];

/** How a request ended whose handler or asker threw this. */
export function outcomeOf(error: unknown): RequestOutcome {
  if (!(error instanceof Refusal)) return 'failed';
  if (error.code === 'unavailable') return 'unavailable';
  return error.code === 'internal_error' ? 'failed' : 'refused';
}

const inFlight = {
  handling: ['latchkey_messages_in_handling', 'Messages being handled'],
  requests: ['latchkey_requests_in_flight', 'Requests that wait for their answer'],
  publishes: ['latchkey_publishes_unconfirmed', 'Messages published and not confirmed yet'],
} as const;

/** What an operator sees of one process and its broker. Names of requests, events and queues are those of the contracts. */
export class MessagingMetrics {
  private readonly asked: Histogram<'request' | 'outcome'>;
  private readonly answered: Histogram<'request' | 'outcome'>;
  private readonly handled: Counter<'queue' | 'event' | 'outcome'>;
  private readonly handlingTook: Histogram<'event'>;
  private readonly retries: Counter<'queue'>;
  private readonly deaths: Counter<'queue' | 'reason'>;
  private readonly confirms: Histogram<'outcome'>;
  private readonly registers: Registry[];
  private readonly underWay: Record<keyof typeof inFlight, (() => number)[]> = { handling: [], requests: [], publishes: [] };

  constructor(registry: Registry, connection: BrokerConnection) {
    const registers = (this.registers = [registry]);
    const buckets = secondsBuckets;
    this.asked = new Histogram({ name: 'latchkey_requests_asked_seconds', help: 'Requests to other services, from asking to the answer', labelNames: ['request', 'outcome'], buckets, registers });
    this.answered = new Histogram({ name: 'latchkey_requests_answered_seconds', help: 'Requests answered by this process, from taking to the answer', labelNames: ['request', 'outcome'], buckets, registers });
    this.handled = new Counter({ name: 'latchkey_events_handled_total', help: 'Events taken from a queue, by what became of them', labelNames: ['queue', 'event', 'outcome'], registers });
    this.handlingTook = new Histogram({ name: 'latchkey_events_handling_seconds', help: 'How long the effect of an event takes', labelNames: ['event'], buckets, registers });
    this.retries = new Counter({ name: 'latchkey_events_retried_total', help: 'Events sent through a retry queue', labelNames: ['queue'], registers });
    this.deaths = new Counter({ name: 'latchkey_events_dead_lettered_total', help: 'Events put into the dead letters', labelNames: ['queue', 'reason'], registers });
    this.confirms = new Histogram({ name: 'latchkey_publish_confirm_seconds', help: 'From publishing to the confirm of the broker', labelNames: ['outcome'], buckets, registers });
    const disconnects = new Counter({ name: 'latchkey_broker_disconnects_total', help: 'Connections to the broker that were lost', registers });
    connection.on('disconnected', () => disconnects.inc());
    for (const [what, [name, help]] of Object.entries(inFlight)) this.watch(name, help, () => this.underWay[what as keyof typeof inFlight].reduce((sum, count) => sum + count(), 0));
    this.watch('latchkey_broker_connected', 'Whether there is a connection to the broker', () => Number(connection.connected));
    this.watch('latchkey_broker_blocked', 'Whether the broker takes nothing more, short of memory or disk', () => Number(connection.blocked));
  }

  requestAsked(request: string, outcome: RequestOutcome, ms: number): void {
    this.asked.observe({ request, outcome }, ms / 1_000);
  }

  requestAnswered(request: string, outcome: RequestOutcome, ms: number): void {
    this.answered.observe({ request, outcome }, ms / 1_000);
  }

  eventHandled(queue: string, event: string, outcome: EventOutcome): void {
    this.handled.inc({ queue, event, outcome });
  }

  effectTook(event: string, ms: number): void {
    this.handlingTook.observe({ event }, ms / 1_000);
  }

  /** From here on the counts of failures are there: what appears with its first failure has not grown. */
  takesFrom(queue: string): void {
    this.retries.inc({ queue }, 0);
    for (const reason of deathReasons) this.deaths.inc({ queue, reason }, 0);
  }

  eventRetried(queue: string): void {
    this.retries.inc({ queue });
  }

  eventDied(queue: string, reason: DeathReason): void {
    this.deaths.inc({ queue, reason });
  }

  published(outcome: 'confirmed' | 'unroutable' | 'not_confirmed', ms: number): void {
    this.confirms.observe({ outcome }, ms / 1_000);
  }

  /** What is under way at the moment of the scrape; of several servers or requesters of a process together. */
  watchInFlight(what: keyof typeof inFlight, count: () => number): void {
    this.underWay[what].push(count);
  }

  private watch(name: string, help: string, value: () => number): void {
    // A server that was closed and made anew on the same connection takes the place of the one before.
    for (const registry of this.registers) registry.removeSingleMetric(name);
    new Gauge({
      name,
      help,
      registers: this.registers,
      collect() {
        this.set(value());
      },
    });
  }
}
