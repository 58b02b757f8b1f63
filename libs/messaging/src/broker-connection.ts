import { EventEmitter } from 'node:events';
import amqp, { type ChannelModel, type ConfirmChannel, type RecoveringChannelModel } from 'amqplib';
import { declareTopology } from './topology.ts';

export interface BrokerLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/**
 * One recovering AMQP connection of a process. Emits `connected` after every (re)connection, once the topology is
 * asserted, and `disconnected` when it is lost. Never gives up: a service may start before its broker.
 */
export class BrokerConnection extends EventEmitter<{ connected: []; disconnected: [] }> {
  connected = false;
  private readonly url: string;
  private readonly name: string;
  private readonly logger: BrokerLogger;
  private model: RecoveringChannelModel | undefined;

  constructor(options: { url: string; name: string; logger: BrokerLogger }) {
    super();
    this.setMaxListeners(50);
    this.url = options.url;
    this.name = options.name;
    this.logger = options.logger;
  }

  async open(): Promise<void> {
    if (this.model) return;
    this.model = await amqp.connect(withHeartbeat(this.url), {
      // Without it Nagle's algorithm stalls a reply followed by an ack for about 41 ms.
      noDelay: true,
      timeout: 5_000,
      clientProperties: { connection_name: this.name },
      recovery: {
        waitForConnect: false,
        initialDelay: 200,
        maxDelay: 2_000,
        setup: (model: ChannelModel) => assertTopology(model),
      },
    });
    this.model.on('error', () => undefined);
    this.model.on('connect', () => {
      this.connected = true;
      this.logger.info({}, 'broker connected');
      this.emit('connected');
    });
    this.model.on('disconnect', (error: Error) => {
      this.connected = false;
      this.logger.warn({ reason: error.message }, 'broker connection lost, reconnecting');
      this.emit('disconnected');
    });
    this.model.on('connect-failed', (error: Error) => this.logger.warn({ reason: error.message }, 'broker not reachable yet'));
  }

  /** Resolves at the first connection; rejects when it takes longer than `withinMs`. */
  async whenConnected(withinMs: number): Promise<void> {
    if (this.connected) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.off('connected', done);
        reject(new Error(`no connection to the broker within ${withinMs} ms`));
      }, withinMs);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      this.once('connected', done);
    });
  }

  async createChannel() {
    return this.requireModel().createChannel();
  }

  async createConfirmChannel(): Promise<ConfirmChannel> {
    return this.requireModel().createConfirmChannel();
  }

  /** Asserts everything durable again, for a queue that somebody deleted. */
  async assertTopology(): Promise<void> {
    const channel = await this.createChannel();
    channel.on('error', () => undefined);
    await assertOn(channel);
    await channel.close();
  }

  async close(): Promise<void> {
    await this.model?.close();
    this.connected = false;
  }

  private requireModel(): RecoveringChannelModel {
    if (!this.model) throw new Error('the broker connection is not open');
    return this.model;
  }
}

async function assertTopology(model: ChannelModel): Promise<void> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined);
  await assertOn(channel);
  await channel.close();
}

async function assertOn(channel: Pick<ConfirmChannel, 'assertExchange' | 'assertQueue' | 'bindQueue'>): Promise<void> {
  const topology = declareTopology();
  for (const { name, type } of topology.exchanges) await channel.assertExchange(name, type, { durable: true });
  for (const { name, durable, arguments: args } of topology.queues) await channel.assertQueue(name, { durable, arguments: args });
  for (const { exchange, queue, routingKey } of topology.bindings) await channel.bindQueue(queue, exchange, routingKey);
}

// A broker that hangs without closing its connections is noticed after two missed beats.
function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', '10');
  return parsed.href;
}
