import { randomUUIDv7 } from 'node:crypto';
import { type Envelope, Refusal, type RefusalDetails, type RequestName, type RequestPayload, type RequestReply, requestRegistry, type ServiceName, type ErrorCode } from '@latchkey/contracts';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { BrokerConnection, BrokerLogger } from './broker-connection.ts';
import { LastingChannel } from './lasting-channel.ts';
import { currentMessageContext } from './message-context.ts';
import { type MessagingMetrics, outcomeOf } from './metrics.ts';
import { oneNodeRequestQueue, requestQueueName } from './topology.ts';
import { currentTraceHeaders, traceAsk, type TraceHeaders } from './trace-messages.ts';

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
  of: ServiceName;
  /** Where it was sent last. */
  queue: string;
  message: RequestEnvelope;
  trace: TraceHeaders | undefined;
  /** Where it was sent; not set before it was. */
  channel: ConfirmChannel | undefined;
  resolve(data: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

const unavailable = (detail: string) => new Refusal('unavailable', { detail, retryAfterSeconds: 2 });

/** Between two nodes of a cluster there is no connection for about 0.3 s: requests of that time wait for the next one. */
const patienceMs = 1_500;
/** How long the one-node queue of a service is left alone that did not take a request. */
const avoidMs = 2_000;

/** Asks other services over RabbitMQ's direct reply-to, with deadlines and a bound on what is in flight. */
export class Requester {
  private readonly connection: BrokerConnection;
  private readonly metrics: MessagingMetrics;
  private readonly maxInFlight: number;
  private readonly defaultDeadlineMs: number;
  private readonly channel: LastingChannel;
  private readonly waiting = new Map<string, Waiting>();
  /** Services whose one-node queue did not take a request, and until when it is not tried. */
  private readonly avoided = new Map<ServiceName, number>();
  private lastNumber = 0;
  /** Runs while there is hope for a new channel. */
  private patience: NodeJS.Timeout | undefined;

  constructor(connection: BrokerConnection, logger: BrokerLogger, options: { metrics: MessagingMetrics; maxInFlight?: number; defaultDeadlineMs?: number }) {
    this.connection = connection;
    this.metrics = options.metrics;
    this.metrics.watchInFlight('requests', () => this.inFlight);
    this.maxInFlight = options.maxInFlight ?? 1_000;
    this.defaultDeadlineMs = options.defaultDeadlineMs ?? 4_500;
    this.channel = new LastingChannel(connection, logger, {
      prepare: (channel) => this.listenOn(channel),
      opened: () => this.sendWaiting(),
      lost: (channel) => this.giveUp(channel),
      // Answers to what was sent on it come back on it.
      lingerMs: this.defaultDeadlineMs,
    });
  }

  /** Rejects with the owner's `Refusal`, or with `unavailable` when no answer came in time. */
  async request<N extends RequestName>(name: N, payload: RequestPayload<N>, options: RequestOptions = {}): Promise<RequestReply<N>> {
    const startedAt = performance.now();
    try {
      const reply = await traceAsk(name, () => this.ask(name, payload, options));
      this.metrics.requestAsked(name, 'ok', performance.now() - startedAt);
      return reply;
    } catch (error) {
      this.metrics.requestAsked(name, outcomeOf(error), performance.now() - startedAt);
      throw error;
    }
  }

  get inFlight(): number {
    return this.waiting.size;
  }

  async close(): Promise<void> {
    await this.channel.close();
    for (const key of [...this.waiting.keys()]) this.settle(key)?.reject(unavailable('this service is stopping'));
  }

  private async ask<N extends RequestName>(name: N, payload: RequestPayload<N>, options: RequestOptions): Promise<RequestReply<N>> {
    const context = currentMessageContext();
    const now = Date.now();
    const deadline = Math.min(now + (options.deadlineMs ?? this.defaultDeadlineMs), context?.deadline ?? Number.MAX_SAFE_INTEGER);
    if (deadline <= now) throw unavailable('the deadline has passed');
    if (this.waiting.size >= this.maxInFlight) throw unavailable('too many requests in flight');
    if (!this.channel.current && !this.patience) throw unavailable('the broker is not connected');

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
    const data = await this.exchange(definition.owner, message);
    return definition.reply.parse(data) as RequestReply<N>;
  }

  private exchange(of: ServiceName, message: RequestEnvelope): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const key = String((this.lastNumber += 1));
      const timer = setTimeout(() => this.settle(key)?.reject(unavailable(`no answer to ${message.name} in time`)), message.deadline - Date.now());
      const waiting: Waiting = { of, queue: '', message, trace: currentTraceHeaders(), channel: undefined, resolve, reject, timer };
      this.waiting.set(key, waiting);
      if (this.channel.current) this.write(key, waiting);
    });
  }

  private write(key: string, waiting: Waiting): void {
    waiting.channel = this.channel.current;
    waiting.queue = this.queueOf(waiting.of);
    const properties = {
      correlationId: key,
      replyTo: 'amq.rabbitmq.reply-to',
      // The broker drops it with its deadline, and returns it at once when there is no such queue.
      expiration: Math.max(1, waiting.message.deadline - Date.now()),
      mandatory: true,
      ...(waiting.trace && { headers: waiting.trace }),
    };
    try {
      this.channel.publish({ exchange: '', routingKey: waiting.queue, body: Buffer.from(JSON.stringify(waiting.message)), properties }, (outcome) => {
        // The next channel may send it.
        if (outcome === 'refused') this.sendAgain(key, waiting);
      });
    } catch {
      this.settle(key)?.reject(unavailable('the broker connection was lost'));
    }
  }

  private queueOf(service: ServiceName): string {
    const usable = this.connection.ofOneNode && performance.now() >= (this.avoided.get(service) ?? 0);
    return usable ? oneNodeRequestQueue(service).name : requestQueueName(service);
  }

  /** Nobody has it. */
  private sendAgain(key: string, waiting: Waiting): void {
    if (waiting.queue !== requestQueueName(waiting.of)) this.avoided.set(waiting.of, performance.now() + avoidMs);
    waiting.channel = undefined;
    if (!this.channel.current) this.hopeForChannel();
    else if (this.waiting.has(key)) this.write(key, waiting);
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

  private async listenOn(channel: ConfirmChannel): Promise<void> {
    channel.on('return', ({ properties }: { properties: { correlationId?: string } }) => this.takeBack(String(properties.correlationId)));
    await channel.consume('amq.rabbitmq.reply-to', (message) => this.receive(message), { noAck: true });
  }

  /** No such queue: the service was never up, or its builds know the other one alone. */
  private takeBack(key: string): void {
    const waiting = this.waiting.get(key);
    if (waiting && waiting.queue !== requestQueueName(waiting.of)) this.sendAgain(key, waiting);
    else this.settle(key)?.reject(unavailable('the service is not there'));
  }

  private sendWaiting(): void {
    clearTimeout(this.patience);
    this.patience = undefined;
    for (const [key, waiting] of this.waiting) if (!waiting.channel) this.write(key, waiting);
  }

  /** What was sent may have been done, so it is not sent again: who asked decides. */
  private giveUp(channel: ConfirmChannel): void {
    if (!this.channel.current) this.hopeForChannel();
    for (const [key, waiting] of this.waiting) if (waiting.channel === channel) this.settle(key)?.reject(unavailable('the broker connection was lost'));
  }

  private hopeForChannel(): void {
    this.patience ??= setTimeout(() => {
      this.patience = undefined;
      for (const [key, waiting] of this.waiting) if (!waiting.channel) this.settle(key)?.reject(unavailable('the broker is not connected'));
    }, patienceMs).unref();
  }
}
