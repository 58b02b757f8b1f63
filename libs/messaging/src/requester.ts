import { randomUUIDv7 } from 'node:crypto';
import { type Envelope, Refusal, type RefusalDetails, type RequestName, type RequestPayload, type RequestReply, requestRegistry, type ErrorCode } from '@latchkey/contracts';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { BrokerConnection, BrokerLogger } from './broker-connection.ts';
import { currentMessageContext } from './message-context.ts';
import { requestQueueName } from './topology.ts';

export interface RequestOptions {
  /** Milliseconds until nobody waits any more; never later than the deadline of the message being handled. */
  deadlineMs?: number;
  correlationId?: string;
}

/** What travels as the body of a reply. */
export type ReplyBody = { ok: true; data: unknown } | { ok: false; code: ErrorCode; details: RefusalDetails };

/** An envelope with the moment (ms since the epoch) after which the work is not wanted any more. */
export type RequestEnvelope = Envelope & { deadline: number };

interface Waiting {
  name: RequestName;
  resolve(data: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

const unavailable = (detail: string) => new Refusal('unavailable', { detail, retryAfterSeconds: 2 });

/** Asks other services over RabbitMQ's direct reply-to, with deadlines and a bound on what is in flight. */
export class Requester {
  private readonly connection: BrokerConnection;
  private readonly logger: BrokerLogger;
  private readonly maxInFlight: number;
  private readonly defaultDeadlineMs: number;
  private channel: Channel | undefined;
  private readonly waiting = new Map<string, Waiting>();
  private lastNumber = 0;
  private closed = false;

  constructor(connection: BrokerConnection, logger: BrokerLogger, options: { maxInFlight?: number; defaultDeadlineMs?: number } = {}) {
    this.connection = connection;
    this.logger = logger;
    this.maxInFlight = options.maxInFlight ?? 1_000;
    this.defaultDeadlineMs = options.defaultDeadlineMs ?? 4_500;
    connection.on('connected', () => void this.openChannel());
    connection.on('disconnected', () => this.dropChannel());
  }

  /** Rejects with the owner's `Refusal`, or with `unavailable` when no answer came in time. */
  async request<N extends RequestName>(name: N, payload: RequestPayload<N>, options: RequestOptions = {}): Promise<RequestReply<N>> {
    const context = currentMessageContext();
    const now = Date.now();
    const deadline = Math.min(now + (options.deadlineMs ?? this.defaultDeadlineMs), context?.deadline ?? Number.MAX_SAFE_INTEGER);
    if (deadline <= now) throw unavailable('the deadline has passed');
    if (this.waiting.size >= this.maxInFlight) throw unavailable('too many requests in flight');
    const channel = this.channel;
    if (!channel) throw unavailable('the broker is not connected');

    const definition = requestRegistry[name];
    const message: RequestEnvelope = {
      id: randomUUIDv7(),
      name,
      version: definition.version,
      occurredAt: new Date(now).toISOString(),
      correlationId: options.correlationId ?? context?.correlationId ?? randomUUIDv7(),
      causationId: context?.messageId ?? null,
      payload,
      deadline,
    };
    const data = await this.exchange(channel, name, requestQueueName(definition.owner), message);
    return definition.reply.parse(data) as RequestReply<N>;
  }

  get inFlight(): number {
    return this.waiting.size;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.channel?.close().catch(() => undefined);
    this.dropChannel();
  }

  private exchange(channel: Channel, name: RequestName, queue: string, message: RequestEnvelope): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const key = String((this.lastNumber += 1));
      const leftMs = message.deadline - Date.now();
      const timer = setTimeout(() => {
        this.waiting.delete(key);
        reject(unavailable(`no answer to ${name} in time`));
      }, leftMs);
      this.waiting.set(key, { name, resolve, reject, timer });
      try {
        channel.publish('', queue, Buffer.from(JSON.stringify(message)), {
          correlationId: key,
          replyTo: 'amq.rabbitmq.reply-to',
          // The broker drops it with its deadline; a returned one (no such queue: service never up) is answered at once.
          expiration: Math.max(1, leftMs),
          mandatory: true,
          persistent: false,
        });
      } catch {
        this.settle(key)?.reject(unavailable('the broker connection was lost'));
      }
    });
  }

  private settle(key: string): Waiting | undefined {
    const waiting = this.waiting.get(key);
    if (!waiting) return undefined; // Too late: the deadline passed.
    this.waiting.delete(key);
    clearTimeout(waiting.timer);
    return waiting;
  }

  private receive(message: ConsumeMessage | null): void {
    if (!message) return;
    const waiting = this.settle(String(message.properties.correlationId));
    if (!waiting) return;
    const reply = JSON.parse(message.content.toString()) as ReplyBody;
    if (reply.ok) waiting.resolve(reply.data);
    else waiting.reject(new Refusal(reply.code, reply.details));
  }

  private async openChannel(): Promise<void> {
    if (this.closed) return;
    try {
      const channel = await this.connection.createChannel();
      channel.on('error', (error: Error) => this.logger.warn({ reason: error.message }, 'request channel failed'));
      channel.on('close', () => {
        if (channel !== this.channel) return;
        this.dropChannel();
        if (this.connection.connected) setTimeout(() => void this.openChannel(), 100);
      });
      channel.on('return', (returned: { properties: { correlationId?: string } }) =>
        this.settle(String(returned.properties.correlationId))?.reject(unavailable('the service is not there')),
      );
      await channel.consume('amq.rabbitmq.reply-to', (message) => this.receive(message), { noAck: true });
      this.channel = channel;
    } catch (error) {
      this.logger.warn({ reason: (error as Error).message }, 'no channel for requests');
      if (this.connection.connected) setTimeout(() => void this.openChannel(), 200);
    }
  }

  private dropChannel(): void {
    this.channel = undefined;
    for (const key of [...this.waiting.keys()]) this.settle(key)?.reject(unavailable('the broker connection was lost'));
  }
}
