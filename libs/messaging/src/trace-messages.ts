import { type Attributes, context, type Context, propagation, ROOT_CONTEXT, type Span, SpanKind, type SpanOptions, SpanStatusCode, trace } from '@opentelemetry/api';
import { type Envelope, Refusal } from '@latchkey/contracts';

/** The headers of W3C Trace Context, by which a message says what it belongs to. */
export interface TraceHeaders {
  traceparent?: string;
  tracestate?: string;
}

const tracer = trace.getTracer('latchkey/messaging');

/** For what is sent or stored now; nothing when this process doesn't trace. */
export function currentTraceHeaders(): TraceHeaders | undefined {
  const headers: TraceHeaders = {};
  propagation.inject(context.active(), headers);
  return headers.traceparent === undefined ? undefined : headers;
}

/** As they came, also through a process that doesn't trace: a message that is tried again belongs where it belonged. */
export function keptTraceHeaders(headers: Record<string, unknown> | undefined): TraceHeaders {
  const { traceparent, tracestate } = headers ?? {};
  return { ...(typeof traceparent === 'string' && { traceparent }), ...(typeof tracestate === 'string' && { tracestate }) };
}

/** For timers that are set while something is handled, and outlast it. */
export const outsideTraces = <T extends () => void>(work: T): T => context.bind(ROOT_CONTEXT, work);

/** Says that the span under way has to do with what was told in these headers, in a trace of its own. */
export function linkTrace(headers: TraceHeaders | undefined): void {
  const linked = headers && trace.getSpanContext(contextOf(headers));
  if (linked) trace.getActiveSpan()?.addLink({ context: linked });
}

const contextOf = (headers: TraceHeaders): Context => propagation.extract(ROOT_CONTEXT, headers);

// Spans are named by OpenTelemetry's conventions for RabbitMQ and for remote procedure calls (1.45). Ids are those of our
// envelopes; nothing of what a message holds stands in them.
const messageAttributes = ({ id, correlationId }: Pick<Envelope, 'id' | 'correlationId'>) => ({ 'messaging.message.id': id, 'messaging.message.conversation_id': correlationId });
const callAttributes = (name: string): Attributes => ({ 'rpc.system.name': 'latchkey', 'rpc.method': name });

/** Publishing one fact, up to its confirm. `since`: what it belongs to when that is long over, as in an outbox. */
export function tracePublish(message: Envelope, exchange: string, since: TraceHeaders | undefined, publish: () => Promise<void>): Promise<void> {
  const destination = `${exchange}:${message.name}`;
  const attributes = {
    'messaging.system': 'rabbitmq',
    'messaging.operation.name': 'publish',
    'messaging.operation.type': 'send',
    'messaging.destination.name': destination,
    'messaging.rabbitmq.destination.routing_key': message.name,
    ...messageAttributes(message),
  };
  return spanned(`publish ${destination}`, { kind: SpanKind.PRODUCER, attributes }, since ? contextOf(since) : context.active(), publish);
}

/** Having the effect of one fact once; each try is a span of its own beside the others. */
export function traceEffect<T extends string>(event: Envelope, at: { exchange: string; queue: string; previousTries: number }, headers: Record<string, unknown> | undefined, haveEffect: () => Promise<T>): Promise<T> {
  const destination = `${at.exchange}:${event.name}:${at.queue}`;
  const attributes = {
    'messaging.system': 'rabbitmq',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': destination,
    'messaging.rabbitmq.destination.routing_key': event.name,
    'latchkey.previous_tries': at.previousTries,
    ...messageAttributes(event),
  };
  return spanned(`process ${destination}`, { kind: SpanKind.CONSUMER, attributes }, contextOf(keptTraceHeaders(headers)), async (span) => {
    const outcome = await haveEffect();
    span.setAttribute('latchkey.outcome', outcome);
    if (outcome !== 'done') span.setStatus({ code: SpanStatusCode.ERROR });
    return outcome;
  });
}

/** Asking another service, up to its answer. */
export const traceAsk = <T>(name: string, ask: () => Promise<T>): Promise<T> => spanned(name, { kind: SpanKind.CLIENT, attributes: callAttributes(name) }, context.active(), ask);

/** Answering a request. */
export function traceAnswer(request: Envelope, headers: Record<string, unknown> | undefined, work: () => Promise<void>): Promise<void> {
  const attributes = { ...callAttributes(request.name), ...messageAttributes(request) };
  return spanned(request.name, { kind: SpanKind.SERVER, attributes }, contextOf(keptTraceHeaders(headers)), work);
}

/**
 * Says in the span under way how its work failed, where the error goes no further. A refusal is an answer like others,
 * unless it says that something is broken.
 */
export function noteFailure(error: unknown): void {
  const span = trace.getActiveSpan();
  if (span) describeFailure(span, error);
}

/** By the kind of the error alone: messages of errors may quote anything. */
function describeFailure(span: Span, error: unknown): void {
  if (error instanceof Refusal) span.setAttribute('latchkey.refusal', error.code);
  if (error instanceof Refusal && error.code !== 'unavailable' && error.code !== 'internal_error') return;
  const type = error instanceof Refusal ? error.code : error instanceof Error ? error.name : '_OTHER';
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
}

function spanned<T>(name: string, options: SpanOptions, parent: Context, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, options, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      describeFailure(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}
