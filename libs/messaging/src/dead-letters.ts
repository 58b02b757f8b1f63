import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { envelope, type EventName, eventRegistry } from '@latchkey/contracts';
import type { Channel, GetMessage } from 'amqplib';
import type { BrokerConnection } from './broker-connection.ts';
import { diedAtHeader, historyHeader, reasonHeader, triesHeader } from './consume-events.ts';
import type { Publisher } from './publisher.ts';
import { deadLetterQueueName, eventQueues } from './topology.ts';
import { keptTraceHeaders } from './trace-messages.ts';

/** How often it was put back into its queue after its death, of which the broker bears 20 (RabbitMQ 4). */
const deliveriesHeader = 'x-delivery-count';
const mostDeliveries = 15;
export const redrivenHeader = 'x-latchkey-redriven';

/** A dead letter as an operator may see it: nothing sealed, nothing that nobody declared, no destination. */
export interface DeadLetter {
  id: string;
  /** Null when it is no event of ours. */
  event: EventName | null;
  reason: string;
  tries: number;
  history: { at: string; reason: string }[];
  diedAt: string | null;
  occurredAt: string | null;
  correlationId: string | null;
  /** After it there is no use in trying again: consumers drop it. */
  expiresAt: string | null;
  bytes: number;
  contents: Record<string, unknown> | null;
}

type Handled = { handled: number; left: number; notFound: string[] };

/** Longest that one call works, in milliseconds: whoever asked waits no longer. */
const patienceMs = 3_000;
const atOnce = 100;
const mostLookedAt = 1_000;

/**
 * Looks at, gives back and throws away what died. To look is to take and to return: the broker puts what is returned to
 * the end, so the order is that of the deaths and not of the queue. One that was returned often is written anew, since the
 * broker drops it some day. Nothing is acknowledged before it is confirmed elsewhere: a crash makes a copy at most, which
 * its id makes harmless.
 */
export class DeadLetters {
  private readonly connection: BrokerConnection;
  private readonly publisher: Publisher;
  private channel: Channel | undefined;
  /** What is held by one call is not there for another. */
  private before: Promise<unknown> = Promise.resolve();

  constructor(connection: BrokerConnection, publisher: Publisher) {
    this.connection = connection;
    this.publisher = publisher;
  }

  /** Names of the queues that have dead letters. */
  static readonly queues: readonly string[] = eventQueues.filter(({ kind }) => kind === 'durable').map(({ name }) => name);

  /** The first that died of the thousand that are looked at, and how many there are. */
  list(queue: string, most: number): Promise<{ total: number; letters: DeadLetter[] }> {
    return this.alone(queue, async (hand, total) => {
      const letters: DeadLetter[] = [];
      const worn: GetMessage[] = [];
      for (let count = Math.min(mostLookedAt, total); count > 0; count -= 1) {
        const message = await hand.take();
        if (!message) break;
        letters.push(describe(message));
        if (Number(message.properties.headers?.[deliveriesHeader] ?? 0) >= mostDeliveries) worn.push(message);
      }
      for (const message of worn) {
        await this.send(deadLetterQueueName(queue), message, ownHeaders(message));
        hand.drop(message);
      }
      const deathOf = ({ diedAt, occurredAt }: DeadLetter) => diedAt ?? occurredAt ?? '';
      return { total, letters: letters.sort((one, other) => deathOf(one).localeCompare(deathOf(other))).slice(0, most) };
    });
  }

  /** Gives them back to the queue they died in, as if they had never been tried. Without ids all that are there now. */
  redrive(queue: string, ids?: readonly string[]): Promise<Handled> {
    return this.handle(queue, ids, (message) => {
      const redriven = Number(message.properties.headers?.[redrivenHeader] ?? 0) + 1;
      return this.send(queue, message, { ...keptTraceHeaders(message.properties.headers), [redrivenHeader]: redriven, [historyHeader]: String(message.properties.headers?.[historyHeader] ?? '[]') });
    });
  }

  /** Throws them away for good. Without ids all that are there now. */
  discard(queue: string, ids?: readonly string[]): Promise<Handled> {
    return this.handle(queue, ids, () => Promise.resolve());
  }

  private handle(queue: string, ids: readonly string[] | undefined, act: (message: GetMessage) => Promise<void>): Promise<Handled> {
    const wanted = ids && new Set(ids);
    return this.alone(queue, async (hand, total) => {
      const until = Date.now() + patienceMs;
      const found = new Set<string>();
      let handled = 0;
      let looked = 0;
      while (looked < total && Date.now() < until && !(wanted && found.size === wanted.size)) {
        const batch: GetMessage[] = [];
        while (looked < total && batch.length < atOnce) {
          const message = await hand.take();
          if (!message) break;
          looked += 1;
          if (wanted?.has(idOf(message)) ?? true) batch.push(message);
        }
        if (batch.length === 0) break;
        await Promise.all(
          batch.map(async (message) => {
            await act(message);
            hand.drop(message);
            found.add(idOf(message));
            handled += 1;
          }),
        );
      }
      return { handled, left: total - handled, notFound: [...(wanted ?? [])].filter((id) => !found.has(id)) };
    });
  }

  private send(routingKey: string, message: GetMessage, headers: Record<string, unknown>): Promise<void> {
    return this.publisher.send({ id: idOf(message), exchange: '', routingKey, body: message.content, headers, mandatory: true, withinMs: patienceMs });
  }

  /** What is left in hand is back afterwards; of a process that dies, when its channel ends. */
  private alone<T>(queue: string, work: (hand: Hand, total: number) => Promise<T>): Promise<T> {
    const mine = this.before.then(async () => {
      const hand = new Hand(await this.openChannel(), deadLetterQueueName(queue));
      return work(hand, await hand.count()).finally(() => hand.giveBack().catch(() => undefined));
    });
    this.before = mine.catch(() => undefined);
    return mine;
  }

  /** One for good: of acknowledgements on a channel that is closed right after them some are lost (7 of 350 on 3.10). */
  private async openChannel(): Promise<Channel> {
    if (this.channel) return this.channel;
    const channel = await this.connection.createChannel();
    channel.on('error', () => undefined);
    channel.on('close', () => {
      if (this.channel === channel) this.channel = undefined;
    });
    return (this.channel = channel);
  }
}

/** Dead letters in hand: taken on a channel, whose end gives them back too. */
class Hand {
  private held = 0;

  constructor(
    private readonly channel: Channel,
    private readonly queue: string,
  ) {}

  async count(): Promise<number> {
    return (await this.channel.checkQueue(this.queue)).messageCount;
  }

  async take(): Promise<GetMessage | undefined> {
    const message = await this.channel.get(this.queue, { noAck: false });
    if (!message) return undefined;
    this.held += 1;
    return message;
  }

  drop(message: GetMessage): void {
    this.channel.ack(message);
    this.held -= 1;
  }

  /** The broker answers before it has put them back, and whoever looked then would find fewer: so they are waited for, a while. */
  async giveBack(): Promise<void> {
    if (this.held === 0) return;
    const wanted = (await this.count()) + this.held;
    this.channel.nackAll(true);
    for (const until = Date.now() + 1_000; (await this.count()) < wanted && Date.now() < until; ) await wait(5);
  }
}

/** Of a message that nobody gave an id its contents are one. */
const idOf = ({ properties, content }: GetMessage): string => String(properties.messageId ?? `sha256-${createHash('sha256').update(content).digest('base64url')}`);

/** Without the broker's counts, which begin anew. */
const ownHeaders = ({ properties }: GetMessage) => Object.fromEntries(Object.entries((properties.headers ?? {}) as Record<string, unknown>).filter(([name]) => name !== deliveriesHeader));

function describe(message: GetMessage): DeadLetter {
  const headers = message.properties.headers ?? {};
  const event = readEvent(message.content);
  const deaths = headers['x-death'] as { reason?: string; time?: { value?: number } }[] | undefined;
  const payload = event?.payload as Record<string, unknown> | null | undefined;
  return {
    id: idOf(message),
    event: event ? (event.name as EventName) : null,
    // Without a reason of ours the broker put it there.
    reason: masked(String(headers[reasonHeader] ?? (deaths?.[0]?.reason === 'delivery_limit' ? 'killed its worker, or was put back, too often' : (deaths?.[0]?.reason ?? 'not known')))),
    tries: Number(headers[triesHeader] ?? 0),
    history: readHistory(headers[historyHeader]),
    diedAt: typeof headers[diedAtHeader] === 'string' ? headers[diedAtHeader] : deaths?.[0]?.time?.value ? new Date(deaths[0].time.value * 1000).toISOString() : null,
    occurredAt: event?.occurredAt ?? null,
    correlationId: event?.correlationId ?? null,
    expiresAt: typeof payload?.expiresAt === 'string' && !Number.isNaN(Date.parse(payload.expiresAt)) ? new Date(payload.expiresAt).toISOString() : null,
    bytes: message.content.length,
    contents: event && payload ? declaredParts(event.name as EventName, payload) : null,
  };
}

function readEvent(content: Buffer) {
  try {
    const event = envelope.safeParse(JSON.parse(content.toString()));
    return event.success && event.data.name in eventRegistry ? event.data : undefined;
  } catch {
    return undefined;
  }
}

/** Only what the event declares, because what made it die may be anything; and of that nothing that is sealed. */
function declaredParts(name: EventName, payload: Record<string, unknown>): Record<string, unknown> {
  const { shape } = eventRegistry[name].payload as unknown as { shape: Record<string, unknown> };
  return Object.fromEntries(Object.entries(payload).filter(([key]) => key in shape && !/^sealed/i.test(key)).map(([key, value]) => [key, withoutSealed(value)]));
}

function withoutSealed(value: unknown): unknown {
  if (typeof value === 'string') return /^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/.test(value) || value.length > 500 ? '•••' : masked(value);
  if (Array.isArray(value)) return value.map(withoutSealed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !/^sealed/i.test(key)).map(([key, part]) => [key, withoutSealed(part)]));
}

/** Numbers and addresses in texts: a vendor's error may quote them. Ids and times stay. */
function masked(text: string): string {
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text) || /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return text;
  return text.replace(/[^\s<>"']+@[^\s<>"']+/g, '•••').replace(/\+?\d(?:[ ().-]?\d){5,}/g, '•••');
}

function readHistory(header: unknown): DeadLetter['history'] {
  try {
    const history = JSON.parse(String(header ?? '[]')) as { at?: unknown; reason?: unknown }[];
    return history.flatMap(({ at, reason }) => (typeof at === 'string' && typeof reason === 'string' ? [{ at, reason: masked(reason) }] : []));
  } catch {
    return [];
  }
}
