import { randomUUIDv7 } from 'node:crypto';
import { type Envelope, type EventName, type EventPayload, eventRegistry, Refusal } from '@latchkey/contracts';
import type { ConfirmChannel } from 'amqplib';
import type { BrokerConnection, BrokerLogger } from './broker-connection.ts';
import { UnroutableMessage } from './failures.ts';
import { currentMessageContext } from './message-context.ts';
import { eventsExchange } from './topology.ts';

export interface PublishOptions {
  /** Set by who must be able to publish the same fact twice without it counting twice (outbox, redelivery). */
  id?: string;
  correlationId?: string;
  causationId?: string | null;
  occurredAt?: string;
  /** How long to keep trying, in milliseconds (default 4,000): a caller is waiting. */
  withinMs?: number;
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

// After a quorum leader died, a channel that published before the new leader was visible is nacked for ever after:
// close it, give the election this long, and send again on a new one.
const waitAfterNackMs = 200;

/** Publishes with confirms: a resolved promise means that the broker has the message in every queue that wants it. */
export class Publisher {
  private readonly connection: BrokerConnection;
  private readonly logger: BrokerLogger;
  private channel: ConfirmChannel | undefined;
  private opening: Promise<void> | undefined;
  private readonly unconfirmed = new Map<string, Outgoing>();
  private closed = false;

  constructor(connection: BrokerConnection, logger: BrokerLogger) {
    this.connection = connection;
    this.logger = logger;
    connection.on('connected', () => void this.reopen());
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
    await this.send({
      id: message.id,
      exchange: eventsExchange,
      routingKey: name,
      body: Buffer.from(JSON.stringify(message)),
      headers: {},
      mandatory: definition.audience === 'durable',
      ...(options.withinMs === undefined ? {} : { withinMs: options.withinMs }),
    });
  }

  /** Publishes bytes as they are, persistent and confirmed; for retries and dead letters. */
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
      // The broker's answers carry no id of ours but a returned message does, so every message gets its own key.
      const key = crypto.randomUUID();
      const timer = setTimeout(
        () => outgoing.settle(new Refusal('unavailable', { detail: 'message not confirmed in time', retryAfterSeconds: 2 })),
        withinMs,
      );
      const outgoing: Outgoing = {
        ...rest,
        returned: false,
        settle: (error) => {
          if (!this.unconfirmed.delete(key)) return;
          clearTimeout(timer);
          if (error) reject(error);
          else resolve();
        },
      };
      this.unconfirmed.set(key, outgoing);
      if (this.channel) this.write(this.channel, key, outgoing);
      else void this.reopen();
    });
  }

  get pending(): number {
    return this.unconfirmed.size;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.channel?.waitForConfirms().catch(() => undefined);
    await this.channel?.close().catch(() => undefined);
    this.channel = undefined;
  }

  private write(channel: ConfirmChannel, key: string, message: Outgoing): void {
    try {
      channel.publish(
        message.exchange,
        message.routingKey,
        message.body,
        {
          persistent: true,
          mandatory: message.mandatory,
          messageId: message.id,
          contentType: 'application/json',
          timestamp: Math.floor(Date.now() / 1000),
          headers: { ...message.headers, 'x-publish-key': key },
          ...(message.expirationMs === undefined ? {} : { expiration: message.expirationMs }),
        },
        (error: Error | null) => {
          if (channel !== this.channel) return; // An older channel's answer: the message was sent again already.
          if (error) void this.replaceNackedChannel(channel);
          else if (message.returned) message.settle(new UnroutableMessage(`no queue takes ${message.routingKey}`));
          else message.settle();
        },
      );
    } catch (error) {
      // A closed channel throws here; its close event brings the resending.
      this.logger.warn({ reason: (error as Error).message }, 'publish failed, sending again on a new channel');
      if (channel === this.channel) {
        this.channel = undefined;
        void this.reopen();
      }
    }
  }

  private async replaceNackedChannel(channel: ConfirmChannel): Promise<void> {
    if (channel !== this.channel) return;
    this.logger.warn({ unconfirmed: this.unconfirmed.size }, 'broker refused a message, changing channel');
    this.channel = undefined;
    await channel.close().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, waitAfterNackMs));
    await this.reopen();
  }

  /** Opens a channel if there is none and sends again whatever is not confirmed: a duplicate beats a loss. */
  private reopen(): Promise<void> {
    this.opening ??= (async () => {
      if (this.channel || this.closed || !this.connection.connected) return;
      try {
        const channel = await this.connection.createConfirmChannel();
        const lost = () => {
          if (channel !== this.channel) return;
          this.channel = undefined;
          setTimeout(() => void this.reopen(), 50);
        };
        channel.on('error', () => undefined);
        channel.on('close', lost);
        channel.on('return', (returned: { properties: { headers?: Record<string, unknown> } }) => {
          const message = this.unconfirmed.get(String(returned.properties.headers?.['x-publish-key']));
          if (message) message.returned = true;
        });
        this.channel = channel;
        for (const [key, message] of this.unconfirmed) {
          message.returned = false;
          this.write(channel, key, message);
        }
      } catch (error) {
        this.logger.warn({ reason: (error as Error).message }, 'no channel to publish on');
        setTimeout(() => void this.reopen(), waitAfterNackMs);
      }
    })().finally(() => {
      this.opening = undefined;
    });
    return this.opening;
  }
}
