import { envelope, Refusal, type RequestName, requestRegistry } from '@latchkey/contracts';
import type { Channel, ConsumeMessage } from 'amqplib';
import { z } from 'zod';
import type { BrokerLogger } from './broker-connection.ts';
import { runInMessageContext } from './message-context.ts';
import { type MessagingMetrics, outcomeOf, type RequestOutcome } from './metrics.ts';
import type { ReplyBody } from './requester.ts';
import { noteFailure, traceAnswer } from './trace-messages.ts';

export type HandlerCall = (payload: unknown) => Promise<unknown>;

const requestEnvelope = envelope.extend({ deadline: z.number() });

/** Answers the requests of a service. Acknowledges after the effect, replies exactly once. */
export function requestConsumer(handlers: ReadonlyMap<string, HandlerCall>, metrics: MessagingMetrics, logger: BrokerLogger) {
  const reply = (channel: Channel, message: ConsumeMessage, body: ReplyBody) => {
    try {
      channel.publish('', message.properties.replyTo as string, Buffer.from(JSON.stringify(body)), {
        correlationId: message.properties.correlationId as string,
      });
      channel.ack(message);
    } catch (error) {
      // The channel is gone: the broker redelivers, and the asker has its deadline.
      logger.warn({ reason: (error as Error).message }, 'reply not sent');
    }
  };

  return async (channel: Channel, message: ConsumeMessage): Promise<void> => {
    const parsed = parseRequest(message);
    if ('refusal' in parsed) {
      logger.warn({ reason: parsed.refusal }, 'request dropped');
      if (message.properties.replyTo) reply(channel, message, { ok: false, code: 'invalid_request', details: {} });
      else channel.ack(message);
      return;
    }
    const { request, handlerPayload } = parsed;
    const startedAt = performance.now();
    const ended = (outcome: RequestOutcome) => metrics.requestAnswered(request.name, outcome, performance.now() - startedAt);
    // Nobody waits any more: work done now would only delay those who do.
    if (request.deadline <= Date.now()) {
      ended('late');
      return channel.ack(message);
    }
    const handler = handlers.get(request.name);
    if (!handler) return reply(channel, message, { ok: false, code: 'internal_error', details: {} });
    await traceAnswer(request, message.properties.headers, async () => {
      try {
        const data = await runInMessageContext(
          {
            name: request.name,
            messageId: request.id,
            correlationId: request.correlationId,
            causationId: request.causationId,
            deadline: request.deadline,
            previousTries: 0,
            redelivered: message.fields.redelivered,
            occurredAt: request.occurredAt,
          },
          () => handler(handlerPayload),
        );
        ended('ok');
        reply(channel, message, { ok: true, data });
      } catch (error) {
        const away = isBackingServiceAway(error);
        noteFailure(away ? new Refusal('unavailable') : error);
        ended(away ? 'unavailable' : outcomeOf(error));
        if (error instanceof Refusal) return reply(channel, message, { ok: false, code: error.code, details: error.details });
        logger.error({ err: error, request: request.name, correlationId: request.correlationId }, 'request failed');
        reply(channel, message, { ok: false, code: away ? 'unavailable' : 'internal_error', details: { retryAfterSeconds: 2 } });
      }
    });
  };
}

function parseRequest(message: ConsumeMessage) {
  try {
    const request = requestEnvelope.parse(JSON.parse(message.content.toString()));
    const definition = requestRegistry[request.name as RequestName];
    if (!definition) return { refusal: 'unknown request name' } as const;
    if (definition.version !== request.version) return { refusal: `unknown version ${request.version} of ${request.name}` } as const;
    return { request, handlerPayload: definition.payload.parse(request.payload) } as const;
  } catch (error) {
    return { refusal: error instanceof z.ZodError ? describeIssues(error) : 'not JSON' } as const;
  }
}

/** Where a message is wrong, never what it held: contents may be secret. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || '(whole)'}: ${issue.code}`).join('; ');
}

/** Errors of clients whose server is away or restarting: the caller may try again soon. */
export function isBackingServiceAway(error: unknown): boolean {
  const text = error instanceof Error ? `${error.name} ${(error as { code?: string }).code ?? ''} ${error.message}` : '';
  return /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|57P0[123]|08\d{3}|MaxRetriesPerRequest|Connection (is closed|terminated)|Command timed out|timeout exceeded when trying to connect|Stream isn't writeable|LOADING|READONLY/i.test(text);
}
