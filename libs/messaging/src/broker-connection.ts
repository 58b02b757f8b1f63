import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { gatherWrites } from '@latchkey/platform';
import amqp, { type Channel, type ChannelModel, type ConfirmChannel, type RecoveringChannelModel } from 'amqplib';
import { BrokerHosts } from './broker-hosts.ts';
import { declareTopology } from './topology.ts';

export interface BrokerLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** How long opening a channel may take. */
const channelWithinMs = 4_000;

/**
 * One recovering AMQP connection of a process. Emits `connected` after every (re)connection, once the topology is
 * asserted, and `disconnected` when it is lost. Never gives up: a service may start before its broker. Of a cluster
 * each attempt takes the next node.
 */
export class BrokerConnection extends EventEmitter<{ connected: []; disconnected: [] }> {
  connected = false;
  /** The broker takes nothing more at the moment: it is short of memory or disk. */
  blocked = false;
  private readonly hosts: BrokerHosts;
  private readonly name: string;
  private readonly logger: BrokerLogger;
  private model: RecoveringChannelModel | undefined;
  private socket: Socket | undefined;
  private asserted = false;
  private asserting: Promise<void> | undefined;

  /** `url`: one, or one for each node with commas between them. */
  constructor(options: { url: string; name: string; logger: BrokerLogger }) {
    super();
    this.setMaxListeners(50);
    this.hosts = new BrokerHosts(options.url);
    this.name = options.name;
    this.logger = options.logger;
  }

  async open(): Promise<void> {
    if (this.model) return;
    const { hosts } = this;
    this.model = await amqp.connect(hosts.current, {
      // Without it Nagle's algorithm stalls a reply followed by an ack for about 41 ms.
      noDelay: true,
      // A node that hangs holds up the one after it.
      timeout: hosts.count > 1 ? 2_000 : 5_000,
      clientProperties: { connection_name: this.name },
      recovery: {
        waitForConnect: false,
        calculateDelay: (attempt) => reconnectDelayMs(Math.ceil(attempt / hosts.count)),
        setup: (model: ChannelModel) => this.assertWhatIsMissing(model),
      },
    });
    this.model.on('error', () => undefined);
    this.model.on('connect', (model: ChannelModel) => {
      this.connected = true;
      this.blocked = false;
      this.socket = (model.connection as unknown as { stream: Socket }).stream;
      gatherWrites(this.socket);
      this.logger.info({ host: this.host }, 'broker connected');
      this.emit('connected');
    });
    this.model.on('disconnect', (error: Error) => {
      this.connected = false;
      this.socket = undefined;
      this.logger.warn({ host: this.host, reason: error.message }, 'broker connection lost, reconnecting');
      this.emit('disconnected');
    });
    this.model.on('connect-failed', (error: Error) => this.logger.warn({ host: this.host, reason: error.message }, 'broker not reachable yet'));
    this.model.on('blocked', (reason: string) => {
      this.blocked = true;
      this.logger.error({ reason }, 'broker takes no messages');
    });
    this.model.on('unblocked', () => (this.blocked = false));
    this.model.on('reconnect-scheduled', () => hosts.next());
  }

  /** The node of this connection, or of the next attempt; without credentials. */
  get host(): string {
    return this.hosts.name;
  }

  /** Whether it knows one node alone. */
  get ofOneNode(): boolean {
    return this.hosts.count === 1;
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

  createChannel(): Promise<Channel> {
    return this.orReconnect(this.requireModel().createChannel());
  }

  createConfirmChannel(): Promise<ConfirmChannel> {
    return this.orReconnect(this.requireModel().createConfirmChannel());
  }

  /** Asserts everything durable again, for a queue or a binding that somebody deleted. */
  assertTopology(): Promise<void> {
    this.asserting ??= onChannelOf(this.requireModel(), assertOn).finally(() => (this.asserting = undefined));
    return this.asserting;
  }

  async close(): Promise<void> {
    await this.model?.close();
    this.connected = false;
  }

  /**
   * Declaring and binding needs all nodes, so one that hangs holds it up for everybody until its peers give it up. A
   * process that comes back therefore only looks whether it is the broker that it knew. A single queue that is gone is
   * noticed by its consumer, or by who publishes to it.
   */
  private async assertWhatIsMissing(model: ChannelModel): Promise<void> {
    // amqplib listens only after this; an error meanwhile would end the process.
    model.on('error', () => undefined);
    if (this.asserted && (await onChannelOf(model, checkOn).then(() => true, () => false))) return;
    await onChannelOf(model, assertOn);
    this.asserted = true;
  }

  /** A connection that opens no channel is of no use: its node may answer heartbeats and still wait for one that hangs. */
  private async orReconnect<T>(opening: Promise<T>): Promise<T> {
    const { socket } = this;
    const timer = setTimeout(() => {
      if (!this.blocked) socket?.destroy(new Error('no channel was opened in time'));
    }, channelWithinMs);
    return opening.finally(() => clearTimeout(timer));
  }

  private requireModel(): RecoveringChannelModel {
    if (!this.model) throw new Error('the broker connection is not open');
    return this.model;
  }
}

async function onChannelOf(model: Pick<ChannelModel, 'createChannel'>, work: (channel: Channel) => Promise<void>): Promise<void> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined);
  await work(channel);
  await channel.close();
}

async function checkOn(channel: Channel): Promise<void> {
  for (const { name } of declareTopology().exchanges) await channel.checkExchange(name);
}

async function assertOn(channel: Channel): Promise<void> {
  const topology = declareTopology();
  for (const { name, type } of topology.exchanges) await channel.assertExchange(name, type, { durable: true });
  for (const { name, durable, arguments: args } of topology.queues) await channel.assertQueue(name, { durable, arguments: args });
  for (const { exchange, queue, routingKey } of topology.bindings) await channel.bindQueue(queue, exchange, routingKey);
}

/** Grows with each round over all nodes, up to two seconds; spread out, since everybody lost the broker at once. */
function reconnectDelayMs(round: number): number {
  return Math.min(2_000, 200 * 2 ** (round - 1)) * (0.7 + Math.random() * 0.3);
}
