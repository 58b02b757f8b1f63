import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { Refusal } from '@latchkey/contracts';
import type { TracingSettings } from './config.ts';
import type { Logger } from './logger.ts';

/** Traces of one process. */
export interface Tracing {
  /** False: every span in the code is one that does nothing. */
  readonly on: boolean;
  /** Gives what is not exported yet the time that it needs, two seconds at most. */
  stop(): Promise<void>;
}

/**
 * Lets the spans of this process go to a collector or into a file, when the settings name one. The code only knows
 * OpenTelemetry's API; what implements it is not even loaded in a process that does not trace.
 */
export async function startTracing(service: string, settings: TracingSettings, logger: Logger): Promise<Tracing> {
  if (settings.OTEL_EXPORTER_OTLP_ENDPOINT === undefined && settings.LATCHKEY_TRACE_FILE === undefined) return { on: false, stop: () => Promise.resolve() };
  const { startTracingSdk } = await import('./tracing-sdk.ts');
  return { on: true, stop: startTracingSdk(service, settings, logger) };
}

/** The ids of the span that is under way, named as log formats name them (OpenTelemetry, "Trace Context in non-OTLP Log Formats"). */
export function traceIds(): { trace_id?: string; span_id?: string } {
  const span = trace.getSpanContext(context.active());
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

export { SpanKind };

/**
 * Does `work` in a span of its own. What it throws is told by its kind alone: messages of errors may quote numbers and
 * addresses, and nothing personal may stand in a trace.
 */
export function inSpan<T>(name: string, { kind = SpanKind.INTERNAL, attributes = {} }: { kind?: SpanKind; attributes?: Attributes }, work: (span: Span) => Promise<T>): Promise<T> {
  return trace.getTracer('latchkey').startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      failSpan(span, error instanceof Refusal ? error.code : error instanceof Error ? error.name : '_OTHER');
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Marks a span as failed, by a word of a closed set. */
export function failSpan(span: Span, errorType: string): void {
  span.setAttribute('error.type', errorType).setStatus({ code: SpanStatusCode.ERROR });
}
