import { randomUUIDv7 } from 'node:crypto';
import { envelope, type EventName, eventRegistry } from '@latchkey/contracts';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { z } from 'zod';
import type { BrokerLogger } from './broker-connection.ts';
import { describeIssues, type HandlerCall } from './consume-requests.ts';
import { PermanentFailure } from './failures.ts';
import { runInMessageContext } from './message-context.ts';
import type { DeathReason, EventOutcome } from './metrics.ts';
import type { Publisher } from './publisher.ts';
import { deadLetterQueueName, type EventQueue, eventsExchange, retryExchangeName, retryWaitsMs } from './topology.ts';
import { keptTraceHeaders, noteFailure, traceEffect } from './trace-messages.ts';

export const triesHeader = 'x-latchkey-tries';
export const historyHeader = 'x-latchkey-history';
export const reasonHeader = 'x-latchkey-reason';
export const queueHeader = 'x-latchkey-queue';
export const diedAtHeader = 'x-latchkey-died-at';

/** What a test may shorten: the wait of each retry step stays the queue's own upper bound. */
export interface RetryPolicy {
  waitsMs: readonly number[];
  /** A factor between 0 and 1 for the next wait; random by default, so that a herd of failures spreads out. */
  jitter(): number;
}

export const productionRetries: RetryPolicy = { waitsMs: retryWaitsMs, jitter: () => 0.8 + Math.random() * 0.2 };

/**
 * Has the effect of each event of a queue, then acknowledges it. A passing failure goes through growing waits in retry
 * queues, so that it holds up nobody behind it; a permanent one, or the last try, goes to the dead letters with its history.
 */
export function eventConsumer(queue: EventQueue, handlers: ReadonlyMap<string, HandlerCall>, publisher: Publisher, retries: RetryPolicy, logger: BrokerLogger) {
  const { metrics } = publisher;

  const deadLetter = async (message: ConsumeMessage, died: DeathReason, reason: string): Promise<EventOutcome> => {
    if (queue.kind === 'live') return 'dead'; // Nobody comes back for what only open pages wanted to know.
    logger.error({ queue: queue.name, messageId: message.properties.messageId as string, reason }, 'message dead-lettered');
    await publisher.send({
      id: String(message.properties.messageId ?? randomUUIDv7()),
      exchange: '',
      routingKey: deadLetterQueueName(queue.name),
      body: message.content,
      headers: {
        ...keptTraceHeaders(message.properties.headers),
        [queueHeader]: queue.name,
        [reasonHeader]: reason.slice(0, 500),
        [triesHeader]: triesOf(message) + 1,
        [historyHeader]: JSON.stringify(historyOf(message)),
        [diedAtHeader]: new Date().toISOString(),
      },
      mandatory: true,
    });
    metrics.eventDied(queue.name, died);
    return 'dead';
  };

  const retryLater = async (message: ConsumeMessage, reason: string): Promise<EventOutcome> => {
    const tries = triesOf(message) + 1;
    const waitMs = retries.waitsMs[tries - 1];
    const history = [...historyOf(message), { at: new Date().toISOString(), reason: reason.slice(0, 200) }];
    if (waitMs === undefined) {
      message.properties.headers = { ...message.properties.headers, [historyHeader]: JSON.stringify(history) };
      return deadLetter(message, 'gave_up', `gave up after ${tries} tries: ${reason}`);
    }
    await publisher.send({
      id: String(message.properties.messageId),
      exchange: retryExchangeName(waitMs),
      routingKey: queue.name,
      body: message.content,
      headers: { ...keptTraceHeaders(message.properties.headers), [triesHeader]: tries, [historyHeader]: JSON.stringify(history) },
      mandatory: true,
      expirationMs: Math.round(waitMs * retries.jitter()),
    });
    metrics.eventRetried(queue.name);
    return 'retried';
  };

  const handle = async (channel: Channel, message: ConsumeMessage): Promise<void> => {
    // The name of what does not parse is anybody's.
    let name = 'unknown';
    try {
      const parsed = parseEvent(queue, message);
      if ('event' in parsed) name = parsed.event.name;
      const outcome = 'reason' in parsed ? await deadLetter(message, 'not_valid', parsed.reason) : await haveEffectTraced(message, parsed.event, parsed.payload);
      metrics.eventHandled(queue.name, name, outcome);
    } catch (error) {
      // Retry or dead letter could not be stored either: put it back, nothing is lost; the pause keeps it from spinning.
      logger.warn({ queue: queue.name, reason: (error as Error).message }, 'message put back');
      metrics.eventHandled(queue.name, name, 'put_back');
      await new Promise((resolve) => setTimeout(resolve, 500));
      attempt(() => channel.nack(message, false, true));
      return;
    }
    attempt(() => channel.ack(message));
  };

  const haveEffectTraced = (message: ConsumeMessage, event: z.infer<typeof envelope>, payload: unknown): Promise<EventOutcome> =>
    traceEffect(event, { exchange: eventsExchange, queue: queue.name, previousTries: triesOf(message) }, message.properties.headers, () => haveEffect(message, event, payload));

  const haveEffect = async (message: ConsumeMessage, event: z.infer<typeof envelope>, payload: unknown): Promise<EventOutcome> => {
    const handler = handlers.get(event.name);
    if (!handler) return deadLetter(message, 'no_handler', `no handler for ${event.name}`);
    const startedAt = performance.now();
    try {
      await runInMessageContext(
        {
          name: event.name,
          messageId: event.id,
          correlationId: event.correlationId,
          causationId: event.causationId,
          deadline: null,
          previousTries: triesOf(message),
          redelivered: message.fields.redelivered,
          occurredAt: event.occurredAt,
        },
        () => handler(payload),
      );
      metrics.effectTook(event.name, performance.now() - startedAt);
      return 'done';
    } catch (error) {
      noteFailure(error);
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown failure';
      logger.warn({ queue: queue.name, messageId: event.id, correlationId: event.correlationId, tries: triesOf(message) + 1, err: error }, 'event not handled');
      return error instanceof PermanentFailure ? deadLetter(message, 'permanent', reason) : retryLater(message, reason);
    }
  };

  return { queue: queue.name, handle };
}

// Acknowledging on a channel that died meanwhile throws; the broker redelivers in that case anyway.
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // Redelivered by the broker.
  }
}

function triesOf(message: ConsumeMessage): number {
  const tries = Number(message.properties.headers?.[triesHeader]);
  return Number.isSafeInteger(tries) && tries > 0 ? tries : 0;
}

function historyOf(message: ConsumeMessage): object[] {
  try {
    return JSON.parse(String(message.properties.headers?.[historyHeader] ?? '[]')) as object[];
  } catch {
    return [];
  }
}

function parseEvent(queue: EventQueue, message: ConsumeMessage) {
  let body: unknown;
  try {
    body = JSON.parse(message.content.toString());
  } catch {
    return { reason: 'not JSON' } as const;
  }
  const event = envelope.safeParse(body);
  if (!event.success) return { reason: `not an envelope: ${describeIssues(event.error)}` } as const;
  const definition = eventRegistry[event.data.name as EventName];
  if (!definition) return { reason: 'unknown event name' } as const;
  if (!queue.events.includes(event.data.name as EventName)) return { reason: `${event.data.name} does not belong into this queue` } as const;
  if (definition.version !== event.data.version) return { reason: `unknown version ${event.data.version}` } as const;
  const payload = definition.payload.safeParse(event.data.payload);
  if (!payload.success) return { reason: `payload not valid: ${describeIssues(payload.error)}` } as const;
  return { event: event.data, payload: payload.data } as const;
}
