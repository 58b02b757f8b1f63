import { existsSync, readFileSync } from 'node:fs';
import { openSystem } from '@latchkey/tools';
import { system } from './demo.ts';

export type TracedSpan = {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  failed: boolean;
  attributes: Record<string, string | number | boolean>;
  links: { traceId: string; spanId: string }[];
};

const kinds = [undefined, 'internal', 'server', 'client', 'producer', 'consumer'] as const;

/** Where the services of the test system write their spans. */
export const traceFile = (): string => openSystem(system().instance).services.gateway.env.LATCHKEY_TRACE_FILE ?? '';

/** All spans that were exported so far. */
export function readSpans(): TracedSpan[] {
  if (!existsSync(traceFile())) return [];
  return readFileSync(traceFile(), 'utf8').split('\n').filter(Boolean).flatMap((line) => spansOf(JSON.parse(line)));
}

// OTLP in JSON, as its specification has it.
const spansOf = ({ resourceSpans }: any): TracedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }: any) =>
    scopeSpans.flatMap(({ spans }: any) =>
      spans.map((span: any) => ({
        service: valuesOf(resource.attributes)['service.name'],
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId || undefined,
        name: span.name,
        kind: kinds[span.kind],
        failed: span.status?.code === 2,
        attributes: valuesOf(span.attributes),
        links: (span.links ?? []).map(({ traceId, spanId }: any) => ({ traceId, spanId })),
      })),
    ),
  );

const valuesOf = (attributes: any[] = []): TracedSpan['attributes'] => Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0] as string]));

/** A span and whatever it came from, up to the root. */
export function pathOf(span: TracedSpan, spans: TracedSpan[]): TracedSpan[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return parent ? [span, ...pathOf(parent, spans)] : [span];
}
