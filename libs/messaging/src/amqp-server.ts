import type { Channel as DeliveryChannel, ServiceName } from '@latchkey/contracts';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import type { Channel, ConsumeMessage } from 'amqplib';
import { isObservable, lastValueFrom } from 'rxjs';
import type { BrokerConnection, BrokerLogger } from './broker-connection.ts';
import { eventConsumer, productionRetries, type RetryPolicy } from './consume-events.ts';
import { type HandlerCall, requestConsumer } from './consume-requests.ts';
import { checkHandlers } from './handlers.ts';
import type { Publisher } from './publisher.ts';
import { type EventQueue, eventQueues, eventsExchange, oneNodeRequestQueue, type QueueDeclaration, requestQueueName } from './topology.ts';

export interface AmqpServerOptions {
  service: ServiceName;
  connection: BrokerConnection;
  publisher: Publisher;
  logger: BrokerLogger;
  /** Delivery workers take only the queues of their channels. */
  channels?: readonly DeliveryChannel[];
  /** Requests handled at once; more wait in the broker until their deadline. */
  requestPrefetch?: number;
  /** Overrides the prefetch of the event queues. */
  eventPrefetch?: number;
  retries?: RetryPolicy;
  /** Milliseconds that handlers get to finish on shutdown. */
  drainMs?: number;
}

/** How long a channel that is not consumed from any more stays, in milliseconds: longer than a handler takes. */
const lingerMs = 60_000;

interface Subscription {
  queue: string;
  prefetch: number;
  live?: EventQueue;
  /** Made by its consumers, and not with the topology. */
  own?: QueueDeclaration;
  handle(channel: Channel, message: ConsumeMessage): Promise<void>;
  channel?: Channel;
  consumerTag?: string;
  /** By an operator. */
  held?: true;
}

/**
 * Nest's transport over RabbitMQ, with what the stock one lacks: acknowledged after the effect, retries, dead letters,
 * draining, and consumers that come back after a broker restart, a cancel, or a deleted queue.
 */
export class AmqpServer extends Server implements CustomTransportStrategy {
  private readonly options: AmqpServerOptions;
  private readonly subscriptions: Subscription[] = [];
  private readonly running = new Set<Promise<void>>();
  private closing = false;
  private paused: (queue: string) => boolean = () => false;

  constructor(options: AmqpServerOptions) {
    super();
    this.options = options;
    options.publisher.metrics.watchInFlight('handling', () => this.inFlight);
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      this.refuseWrongHandlers();
      this.subscribe();
      this.options.connection.on('connected', () => this.subscriptions.forEach((subscription) => void this.consume(subscription)));
      void this.options.connection.open().then(() => callback(), callback);
      if (this.options.connection.connected) this.subscriptions.forEach((subscription) => void this.consume(subscription));
    } catch (error) {
      callback(error);
    }
  }

  /** True while every queue of this process has its consumer, but for those that an operator paused; requests have another way. */
  get consuming(): boolean {
    return this.subscriptions.every(({ queue, own, consumerTag }) => own || consumerTag !== undefined || this.paused(queue));
  }

  /** Takes no more from some event queues, and again from the others. What is in hand is done first; the rest stays in the broker. */
  pause(paused: (queue: string) => boolean): void {
    const isEventQueue = new Set(eventQueues.map(({ name }) => name));
    this.paused = (queue) => isEventQueue.has(queue) && paused(queue);
    for (const subscription of this.subscriptions) this.followPause(subscription);
  }

  get inFlight(): number {
    return this.running.size;
  }

  /** Takes no more messages, waits for those being handled, closes the channels. */
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    await Promise.all(
      this.subscriptions.map(({ channel, consumerTag }) => (channel && consumerTag ? channel.cancel(consumerTag).catch(() => undefined) : undefined)),
    );
    const drained = Promise.allSettled([...this.running]);
    await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, this.options.drainMs ?? 8_000).unref())]);
    await Promise.all(this.subscriptions.map(leave));
  }

  on(): never {
    throw new Error('listen to the broker connection instead');
  }

  unwrap<T>(): T {
    return this.options.connection as T;
  }

  private refuseWrongHandlers(): void {
    const handled = [...this.messageHandlers].map(([name, handler]) => ({ name, isEvent: handler.isEventHandler === true, count: countChain(handler) }));
    const complaints = checkHandlers(this.options.service, handled);
    if (complaints.length > 0) throw new Error(`the handlers of ${this.options.service} do not match its contracts:\n  ${complaints.join('\n  ')}`);
  }

  private subscribe(): void {
    const { service, connection, publisher, logger, channels, retries = productionRetries } = this.options;
    const calls = new Map<string, HandlerCall>([...this.messageHandlers].map(([name, handler]) => [name, callOf(handler)]));
    const requests = requestConsumer(calls, publisher.metrics, logger);
    if (service !== 'gateway') {
      const ofRequests = { handle: requests, prefetch: this.options.requestPrefetch ?? 200 };
      this.subscriptions.push({ queue: requestQueueName(service), ...ofRequests });
      if (connection.ofOneNode) {
        const own = oneNodeRequestQueue(service);
        this.subscriptions.push({ queue: own.name, own, ...ofRequests });
      }
    }
    for (const queue of eventQueues) {
      if (queue.service !== service || (queue.channel && channels && !channels.includes(queue.channel))) continue;
      if (queue.kind === 'durable') publisher.metrics.takesFrom(queue.name);
      this.subscriptions.push({
        queue: queue.name,
        handle: eventConsumer(queue, calls, publisher, retries, logger).handle,
        prefetch: this.options.eventPrefetch ?? queue.prefetch,
        ...(queue.kind === 'live' && { live: queue }),
      });
    }
  }

  private followPause(subscription: Subscription): void {
    const { queue, channel, consumerTag } = subscription;
    if (this.paused(queue)) {
      subscription.held = true;
      delete subscription.consumerTag;
      if (channel && consumerTag !== undefined) channel.cancel(consumerTag).catch(() => undefined);
    } else if (subscription.held) {
      delete subscription.held;
      delete subscription.channel;
      // What is in hand from before is acknowledged on the channel that it came on.
      setTimeout(() => void channel?.close().catch(() => undefined), lingerMs).unref();
      void this.consume(subscription);
    }
  }

  private async consume(subscription: Subscription): Promise<void> {
    const { connection, logger } = this.options;
    if (this.closing || !connection.connected) return;
    if (this.paused(subscription.queue)) return void (subscription.held = true);
    // Kept here too: by the time that this one has failed, `subscription` may have a newer one, which works.
    let opened: Channel | undefined;
    try {
      const channel = (opened = await connection.createChannel());
      delete subscription.consumerTag;
      subscription.channel = channel;
      channel.on('error', (error: Error) => logger.warn({ queue: subscription.queue, reason: error.message }, 'consumer channel failed'));
      channel.on('close', () => this.consumeAgain(subscription, channel));
      await channel.prefetch(subscription.prefetch);
      const queue = subscription.live ? await assertLiveQueue(channel, subscription.live) : subscription.queue;
      if (subscription.own) await channel.assertQueue(queue, subscription.own);
      const { consumerTag } = await channel.consume(queue, (message) => {
        // Null: the broker cancelled the consumer, because the queue was deleted or its leader moved.
        if (!message) return void channel.close().catch(() => undefined);
        const work = subscription.handle(channel, message).finally(() => this.running.delete(work));
        this.running.add(work);
      });
      if (subscription.channel !== channel) return void channel.close().catch(() => undefined);
      subscription.consumerTag = consumerTag;
      if (this.paused(subscription.queue)) this.followPause(subscription);
    } catch (error) {
      logger.warn({ queue: subscription.queue, reason: (error as Error).message }, 'not consuming, trying again');
      if (connection.connected && !subscription.own) await connection.assertTopology().catch(() => undefined);
      this.consumeAgain(subscription, opened);
    }
  }

  private consumeAgain(subscription: Subscription, channel: Channel | undefined): void {
    if (subscription.channel !== channel) return;
    delete subscription.channel;
    delete subscription.consumerTag;
    if (this.closing || !this.options.connection.connected || this.paused(subscription.queue)) return; // 'connected' or the end of the pause brings it back.
    setTimeout(() => {
      if (!subscription.channel) void this.consume(subscription);
    }, subscription.own ? 2_000 : 300);
  }
}

async function assertLiveQueue(channel: Channel, queue: EventQueue): Promise<string> {
  const { queue: name } = await channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false });
  for (const event of queue.events) await channel.bindQueue(name, eventsExchange, event);
  return name;
}

/** The last consumer of a queue of its own takes the queue with it: askers go on at once by the one that everybody knows. */
async function leave({ channel, own }: Subscription): Promise<void> {
  try {
    if (own && channel) {
      // Asserted, since another replica that leaves may have taken it along: asking for one that is not there costs the channel.
      const { consumerCount, messageCount } = await channel.assertQueue(own.name, own);
      if (consumerCount === 0 && messageCount === 0) await channel.deleteQueue(own.name, { ifUnused: true, ifEmpty: true });
    }
    await channel?.close();
  } catch {
    // Another replica took it up meanwhile, or the connection is lost.
  }
}

function countChain(handler: MessageHandler): number {
  return handler.next ? 1 + countChain(handler.next as MessageHandler) : 1;
}

// Nest hands out a promise of an observable; a handler of ours resolves to one value.
function callOf(handler: MessageHandler): HandlerCall {
  return async (payload) => {
    const result: unknown = await handler(payload);
    return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
  };
}
