import { type ServiceName, serviceNames } from '@latchkey/contracts';
import type { BrokerConnection } from './broker-connection.ts';
import { deadLetterQueueName, eventQueues, oneNodeRequestQueue, requestQueueName, retryQueueName, retryWaitsMs } from './topology.ts';

/** What is not known is null: of the rates and of what is unacknowledged only the management API tells. */
export interface QueueFigures {
  name: string;
  /** Whose consumers take from it; null for the waits between tries, which nobody takes from. */
  service: ServiceName | null;
  ready: number;
  unacked: number | null;
  consumers: number;
  publishPerSecond: number | null;
  deliverPerSecond: number | null;
  oldestSeconds: number | null;
}

interface ManagedQueue {
  name: string;
  messages_ready?: number;
  messages_unacknowledged?: number;
  consumers?: number;
  head_message_timestamp?: number | null;
  message_stats?: { publish_details?: { rate: number }; deliver_get_details?: { rate: number } };
}

const knownQueues: readonly { name: string; service: ServiceName | null }[] = [
  ...eventQueues.filter(({ kind }) => kind === 'durable').flatMap(({ name, service }) => [name, deadLetterQueueName(name)].map((queue) => ({ name: queue, service }))),
  ...serviceNames.filter((service) => service !== 'gateway').flatMap((service) => [requestQueueName(service), oneNodeRequestQueue(service).name].map((queue) => ({ name: queue, service }))),
  ...retryWaitsMs.map((waitMs) => ({ name: retryQueueName(waitMs), service: null })),
];

/** How full the queues of the topology are: by the management API where there is one, by what AMQP tells without. */
export class ReadQueues {
  private readonly connection: BrokerConnection;
  private readonly vhost: string;
  private readonly management: { url: string; authorization: string } | undefined;

  /** `amqpUrl`: the broker's, which names the vhost. `managementUrl`: with the credentials of a user tagged `monitoring`. */
  constructor(connection: BrokerConnection, options: { amqpUrl: string; managementUrl?: string | undefined }) {
    this.connection = connection;
    this.vhost = decodeURIComponent(new URL(options.amqpUrl.split(',')[0]?.trim() ?? '').pathname.slice(1)) || '/';
    if (!options.managementUrl) return;
    const { username, password, origin, pathname } = new URL(options.managementUrl);
    this.management = {
      url: `${origin}${pathname.replace(/\/$/, '')}`,
      authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`,
    };
  }

  async read(): Promise<QueueFigures[]> {
    const managed = await this.askManagement();
    return managed ? knownQueues.flatMap((queue) => managed.get(queue.name) ?? []).map((queue) => figuresOf(queue)) : this.askBroker();
  }

  /** Undefined without it, and when it is away. */
  private async askManagement(): Promise<Map<string, ManagedQueue> | undefined> {
    if (!this.management) return undefined;
    const { url, authorization } = this.management;
    try {
      const response = await fetch(`${url}/api/queues/${encodeURIComponent(this.vhost)}`, { headers: { authorization }, signal: AbortSignal.timeout(1_500) });
      if (!response.ok) return undefined;
      const queues = new Map(((await response.json()) as ManagedQueue[]).map((queue) => [queue.name, queue]));
      // A queue that is just made has no figures yet.
      return [...queues.values()].every(({ messages_ready: ready }) => ready !== undefined) ? queues : undefined;
    } catch {
      return undefined;
    }
  }

  /** A queue that is not there costs the channel, so each has its turn on one that lives. */
  private async askBroker(): Promise<QueueFigures[]> {
    const figures: QueueFigures[] = [];
    let channel = await this.open();
    for (const { name, service } of knownQueues) {
      try {
        const { messageCount, consumerCount } = await channel.checkQueue(name);
        figures.push({ name, service, ready: messageCount, unacked: null, consumers: consumerCount, publishPerSecond: null, deliverPerSecond: null, oldestSeconds: null });
      } catch {
        channel = await this.open();
      }
    }
    await channel.close().catch(() => undefined);
    return figures;
  }

  private async open() {
    const channel = await this.connection.createChannel();
    channel.on('error', () => undefined);
    return channel;
  }
}

function figuresOf(queue: ManagedQueue): QueueFigures {
  const { message_stats: stats, head_message_timestamp: head } = queue;
  return {
    name: queue.name,
    service: knownQueues.find(({ name }) => name === queue.name)?.service ?? null,
    ready: queue.messages_ready ?? 0,
    unacked: queue.messages_unacknowledged ?? 0,
    consumers: queue.consumers ?? 0,
    publishPerSecond: stats?.publish_details?.rate ?? 0,
    deliverPerSecond: stats?.deliver_get_details?.rate ?? 0,
    oldestSeconds: head ? Math.max(0, Math.round(Date.now() / 1000 - head)) : null,
  };
}
