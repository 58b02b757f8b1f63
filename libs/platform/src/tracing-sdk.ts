import { appendFile } from 'node:fs/promises';
import { context, diag, DiagLogLevel, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOffSampler, AlwaysOnSampler, BatchSpanProcessor, ParentBasedSampler, type Sampler, type SpanExporter, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { TracingSettings } from './config.ts';
import type { Logger } from './logger.ts';

/** A file is there to be looked at, also while a test waits for it. */
const fileDelayMs = 200;
const stopWithinMs = 2_000;

/** Loaded only by who traces: registers the SDK behind the API that the code uses. Returns what ends it. */
export function startTracingSdk(service: string, settings: TracingSettings, logger: Logger): () => Promise<void> {
  // What a collector that is away makes the SDK say, once for each batch that is lost.
  const say = (reason: string) => logger.warn({ reason: reason.slice(0, 500) }, 'traces not exported');
  diag.setLogger({ error: say, warn: say, info: () => undefined, debug: () => undefined, verbose: () => undefined }, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });

  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, LATCHKEY_TRACE_FILE: file } = settings;
  const processors = [
    ...(endpoint === undefined ? [] : [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` }) })]),
    ...(file === undefined ? [] : [new BatchSpanProcessor({ exporter: fileExporter(file), scheduledDelayMillis: fileDelayMs })]),
  ];
  const provider = new TracerProvider({
    // OTEL_RESOURCE_ATTRIBUTES may add the environment or the region; the name of the service is ours.
    resource: detectResources({ detectors: [envDetector] }).merge(resourceFromAttributes({ 'service.namespace': 'latchkey', 'service.name': service, 'process.pid': process.pid })),
    sampler: samplerOf(settings),
    spanProcessors: processors,
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return async () => {
    await Promise.race([provider.shutdown().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, stopWithinMs).unref())]);
  };
}

/** The values of OTEL_TRACES_SAMPLER, whose meaning is OpenTelemetry's. */
function samplerOf({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio }: TracingSettings): Sampler {
  const root = sampler.endsWith('traceidratio') ? new TraceIdRatioBasedSampler(ratio) : sampler.endsWith('always_off') ? new AlwaysOffSampler() : new AlwaysOnSampler();
  return sampler.startsWith('parentbased') ? new ParentBasedSampler({ root }) : root;
}

/** One line for each batch, of OTLP's JSON: what the collector's `otlpjsonfile` receiver reads. Several processes may write to one file. */
function fileExporter(path: string): SpanExporter {
  let written: Promise<void> = Promise.resolve();
  return {
    export(spans, done) {
      const line = Buffer.concat([JsonTraceSerializer.serializeRequest(spans) ?? new Uint8Array(), Buffer.from('\n')]);
      written = written.then(() => appendFile(path, line, { mode: 0o600 })).then(
        () => done({ code: ExportResultCode.SUCCESS }),
        (error: Error) => done({ code: ExportResultCode.FAILED, error }),
      );
    },
    forceFlush: () => written,
    shutdown: () => written,
  };
}
