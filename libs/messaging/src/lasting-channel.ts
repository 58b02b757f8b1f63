import type { ConfirmChannel, Options } from 'amqplib';
import type { BrokerConnection, BrokerLogger } from './broker-connection.ts';

export interface ChannelUse {
  /** Before anything is sent on it. */
  prepare?(channel: ConfirmChannel): Promise<void>;
  /** It is `current` now: what is not on its way yet can go. */
  opened(): void;
  /** It is closed; nothing sent on it will be answered any more. */
  lost(channel: ConfirmChannel): void;
  /** How long one that was replaced stays open for what was sent on it before, in milliseconds. */
  lingerMs: number;
}

export interface Publication {
  exchange: string;
  routingKey: string;
  body: Buffer;
  properties: Options.Publish;
}

/** `refused`: no queue has it. `unknown`: the channel was lost before the broker said anything. */
export type Outcome = 'taken' | 'refused' | 'unknown';

/**
 * A channel opened in the time between the death of a quorum queue's leader and the election of the next (0.2 to 0.6 s
 * here) refuses whatever it is given for ever after. So it is changed for another, after growing waits: each new one is
 * given all that is not confirmed.
 */
const waitsAfterRefusalMs = [50, 100, 200] as const;
/**
 * A channel that was opened while the leader of a queue hung can wait for that one queue for ever. Not sooner: an older
 * channel finds the next leader by itself, after 6 to 7 s, and a new one would not.
 */
const stalledAfterMs = 8_000;

/** A confirm channel that is opened again whenever it is lost, and replaced when it refuses or stalls. */
export class LastingChannel {
  private readonly connection: BrokerConnection;
  private readonly logger: BrokerLogger;
  private readonly use: ChannelUse;
  private channel: ConfirmChannel | undefined;
  /** When each message was sent on the current channel, oldest first. */
  private readonly unconfirmed = new Map<number, number>();
  private lastNumber = 0;
  private refusals = 0;
  private opening = false;
  private closed = false;
  private readonly watch: NodeJS.Timeout;

  constructor(connection: BrokerConnection, logger: BrokerLogger, use: ChannelUse) {
    this.connection = connection;
    this.logger = logger;
    this.use = use;
    connection.on('connected', () => void this.open());
    this.watch = setInterval(() => this.replaceStalled(), stalledAfterMs / 4).unref();
  }

  get current(): ConfirmChannel | undefined {
    return this.channel;
  }

  /** Sends on the current channel, which has to be there. */
  publish({ exchange, routingKey, body, properties }: Publication, settle: (outcome: Outcome) => void): void {
    const channel = this.channel;
    if (!channel) throw new Error('there is no channel');
    const number = (this.lastNumber += 1);
    channel.publish(exchange, routingKey, body, properties, (error: Error | null) => {
      const outcome = !error ? 'taken' : error.message === 'message nacked' ? 'refused' : 'unknown';
      this.unconfirmed.delete(number);
      if (channel === this.channel) this.note(outcome);
      settle(outcome);
    });
    this.unconfirmed.set(number, performance.now());
  }

  /** Waits for what is not confirmed, up to `withinMs`, and opens no more. */
  async close(withinMs = 0): Promise<void> {
    this.closed = true;
    clearInterval(this.watch);
    const confirmed = this.channel?.waitForConfirms().catch(() => undefined);
    if (withinMs > 0) await Promise.race([confirmed, new Promise((resolve) => setTimeout(resolve, withinMs).unref())]);
    await this.channel?.close().catch(() => undefined);
    this.channel = undefined;
  }

  private note(outcome: Outcome): void {
    if (outcome === 'taken') this.refusals = 0;
    if (outcome !== 'refused') return;
    const waitMs = waitsAfterRefusalMs[Math.min(this.refusals, waitsAfterRefusalMs.length - 1)] ?? 0;
    this.refusals += 1;
    this.replace('broker refused a message, changing channel', waitMs);
  }

  private replaceStalled(): void {
    const [oldest = Number.POSITIVE_INFINITY] = this.unconfirmed.values();
    if (!this.channel || this.connection.blocked || performance.now() - oldest < stalledAfterMs) return;
    this.replace('broker does not confirm, changing channel', 0);
  }

  private replace(reason: string, waitMs: number): void {
    const { channel } = this;
    this.logger.warn({ unconfirmed: this.unconfirmed.size, waitMs }, reason);
    this.channel = undefined;
    setTimeout(() => void channel?.close().catch(() => undefined), this.use.lingerMs).unref();
    setTimeout(() => void this.open(), waitMs);
  }

  private async open(): Promise<void> {
    if (this.channel || this.opening || this.closed || !this.connection.connected) return;
    this.opening = true;
    try {
      const channel = await this.connection.createConfirmChannel();
      channel.on('error', (error: Error) => this.logger.warn({ reason: error.message }, 'channel failed'));
      channel.on('close', () => this.lose(channel));
      await this.use.prepare?.(channel);
      this.channel = channel;
      this.unconfirmed.clear();
      this.use.opened();
    } catch (error) {
      this.logger.warn({ reason: (error as Error).message }, 'no channel');
      setTimeout(() => void this.open(), 200);
    } finally {
      this.opening = false;
    }
  }

  private lose(channel: ConfirmChannel): void {
    if (channel === this.channel) {
      this.channel = undefined;
      setTimeout(() => void this.open(), 50);
    }
    this.use.lost(channel);
  }
}
