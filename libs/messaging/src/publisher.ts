import { randomUUIDv7 } from 'node:crypto';
import { type Envelope, type EventName, type EventPayload, eventRegistry, Refusal } from '@latchkey/contracts';
import type { BrokerConnection, BrokerLogger } from './broker-connection.ts';
import { UnroutableMessage } from './failures.ts';
import { LastingChannel } from './lasting-channel.ts';
import { currentMessageContext } from './message-context.ts';
import type { MessagingMetrics } from './metrics.ts';
import { eventsExchange } from './topology.ts';
import { currentTraceHeaders, type TraceHeaders, tracePublish } from './trace-messages.ts';

export interface PublishOptions {
  /** Set by who must be able to publish the same fact twice without it counting twice (outbox, redelivery). */
  id?: string;
  correlationId?: string;
  causationId?: string | null;
  occurredAt?: string;
  /** How long to keep trying, in milliseconds (default 4,000): a caller is waiting. */
  withinMs?: number;
  /** The trace it belongs to, where that is not the one of who publishes. */
  trace?: TraceHeaders;
}

interface Outgoing {
  id: string;
  exchange: string;
  routingKey: string;
  body: Buffer;
  headers: Record<string, unknown>;
  mandatory: boolean;
  expirationMs?: number;
  returned: boolean;
  settle(error?: Error): void;
}

/** Publishes with confirms: a resolved promise means that the broker has the message in every queue that wants it. */
export class Publisher {
  /** Of the process; whoever consumes tells them too. */
  readonly metrics: MessagingMetrics;
  private readonly connection: BrokerConnection;
  private readonly logger: BrokerLogger;
  private readonly channel: LastingChannel;
  private readonly unconfirmed = new Set<Outgoing>();

  constructor(connection: BrokerConnection, logger: BrokerLogger, metrics: MessagingMetrics) {
    this.metrics = metrics;
    metrics.watchInFlight('publishes', () => this.pending);
    this.connection = connection;
    this.logger = logger;
    this.channel = new LastingChannel(connection, logger, {
      prepare: async (channel) => {
        channel.on('return', ({ fields, properties }: { fields: { exchange: string; routingKey: string }; properties: { messageId?: string } }) => {
          // One that is on its way twice is returned twice.
          for (const message of this.unconfirmed) {
            if (message.id === properties.messageId && message.exchange === fields.exchange && message.routingKey === fields.routingKey) message.returned = true;
          }
        });
      },
      // Whatever is not confirmed: a duplicate beats a loss.
      opened: () => this.unconfirmed.forEach((message) => this.write(message)),
      lost: () => undefined,
      // What it was given for other queues is confirmed meanwhile, and not sent twice.
      lingerMs: 50,
    });
  }

  /** Publishes a fact. Rejects with `Refusal('unavailable')` when the broker didn't confirm it in time. */
  async publish<N extends EventName>(name: N, payload: EventPayload<N>, options: PublishOptions = {}): Promise<void> {
    const context = currentMessageContext();
    const definition = eventRegistry[name];
    const message: Envelope = {
      id: options.id ?? randomUUIDv7(),
      name,
      version: definition.version,
      occurredAt: options.occurredAt ?? new Date().toISOString(),
      correlationId: options.correlationId ?? context?.correlationId ?? randomUUIDv7(),
      causationId: options.causationId ?? context?.messageId ?? null,
      payload: definition.payload.parse(payload),
    };
    const send = () =>
      this.send({
        id: message.id,
        exchange: eventsExchange,
        routingKey: name,
        body: Buffer.from(JSON.stringify(message)),
        headers: {},
        mandatory: definition.audience === 'durable',
        ...(options.withinMs === undefined ? {} : { withinMs: options.withinMs }),
      });
    await tracePublish(message, eventsExchange, options.trace, send);
  }

  /** Publishes bytes as they are, persistent and confirmed; for retries and dead letters, which name their own trace. */
  send(message: {
    id: string;
    exchange: string;
    routingKey: string;
    body: Buffer;
    headers: Record<string, unknown>;
    mandatory: boolean;
    expirationMs?: number;
    withinMs?: number;
  }): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const { withinMs = 4_000, ...rest } = message;
      const startedAt = performance.now();
      const timer = setTimeout(
        () => outgoing.settle(new Refusal('unavailable', { detail: 'message not confirmed in time', retryAfterSeconds: 2 })),
        withinMs,
      );
      const outgoing: Outgoing = {
        ...rest,
        headers: 'traceparent' in rest.headers ? rest.headers : { ...rest.headers, ...currentTraceHeaders() },
        returned: false,
        settle: (error) => {
          if (!this.unconfirmed.delete(outgoing)) return;
          clearTimeout(timer);
          const outcome = !error ? 'confirmed' : error instanceof UnroutableMessage ? 'unroutable' : 'not_confirmed';
          this.metrics.published(outcome, performance.now() - startedAt);
          if (error) reject(error);
          else resolve();
        },
      };
      this.unconfirmed.add(outgoing);
      if (this.channel.current) this.write(outgoing);
    });
  }

  get pending(): number {
    return this.unconfirmed.size;
  }

  /** Gives what is on its way the time that it has anyway. */
  async close(): Promise<void> {
    await this.channel.close(4_000);
  }

  private write(message: Outgoing): void {
    message.returned = false;
    const properties = {
      persistent: true,
      mandatory: message.mandatory,
      messageId: message.id,
      contentType: 'application/json',
      timestamp: Math.floor(Date.now() / 1000),
      headers: message.headers,
      ...(message.expirationMs === undefined ? {} : { expiration: message.expirationMs }),
    };
    try {
      this.channel.publish({ ...message, properties }, (outcome) => {
        if (outcome !== 'taken') return; // The next channel sends it again.
        if (!message.returned) return message.settle();
        message.settle(new UnroutableMessage(`no queue takes ${message.routingKey}`));
        // A queue for retries or dead letters that somebody deleted. One with a consumer is made anew by that alone: before
        // the broker has cancelled it, a new queue of the same name would be left without its consumer (seen on 3.10).
        if (message.exchange !== eventsExchange) void this.connection.assertTopology().catch(() => undefined);
      });
    } catch (error) {
      // A closed channel throws here; its close event brings the next one.
      this.logger.warn({ reason: (error as Error).message }, 'publish failed, sending again on a new channel');
    }
  }
}
