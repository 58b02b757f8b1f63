import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { context, propagation, trace } from '@opentelemetry/api';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { commonSettings, readConfig, type TracingSettings } from './config.ts';
import { createLogger } from './logger.ts';
import { failSpan, inSpan, startTracing, traceIds } from './tracing.ts';

const logger = createLogger('test', 'fatal');
const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG, LATCHKEY_TRACE_FILE } = commonSettings;
const settingsFrom = (environment: Record<string, string>): TracingSettings =>
  readConfig(z.object({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG, LATCHKEY_TRACE_FILE }), environment);

afterEach(() => {
  trace.disable();
  propagation.disable();
  context.disable();
});

/** A collector as far as an exporter sees one. */
async function collector() {
  const received: { path: string; type: string; body: Buffer }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({ path: request.url ?? '', type: request.headers['content-type'] ?? '', body: Buffer.concat(parts) });
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, close: () => new Promise((resolve) => server.close(resolve)) };
}

/** How many of a hundred spans get to the collector, as it counts them by their name. */
async function keptOf(environment: Record<string, string>): Promise<number> {
  const { url, received, close } = await collector();
  const tracing = await startTracing('auth', settingsFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/`, ...environment }), logger);
  for (let count = 0; count < 100; count += 1) await inSpan('counted', {}, () => Promise.resolve());
  await tracing.stop();
  await close();
  for (const { path, type } of received) expect([path, type]).toEqual(['/v1/traces', 'application/x-protobuf']);
  return received.reduce((sum, { body }) => sum + body.toString('latin1').split('counted').length - 1, 0);
}

it('is off without a collector or a file: no ids in the log, no span that records', async () => {
  const tracing = await startTracing('auth', settingsFrom({}), logger);
  expect(tracing.on).toBe(false);
  await inSpan('work', {}, async (span) => {
    expect(span.isRecording()).toBe(false);
    expect(traceIds()).toEqual({});
  });
  await tracing.stop();
});

it('sends everything to the collector by default, before the process ends', async () => {
  expect(await keptOf({})).toBe(100);
});

it('keeps the part that the sampler says', async () => {
  const kept = await keptOf({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' });
  // Fewer than 15 or more than 85 of 100 is one case in 10^12.
  expect(kept).toBeGreaterThan(14);
  expect(kept).toBeLessThan(86);
});

it('keeps nothing where the sampler says so', async () => {
  expect(await keptOf({ OTEL_TRACES_SAMPLER: 'always_off' })).toBe(0);
});

it('a collector that is away holds up neither the work nor the end', async () => {
  const { url, close } = await collector();
  await close();
  const tracing = await startTracing('auth', settingsFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: url }), logger);
  expect(await inSpan('work', {}, () => Promise.resolve('done'))).toBe('done');
  const startedAt = performance.now();
  await tracing.stop();
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

it('an error is told by its kind, never by its words', async () => {
  const { url, received, close } = await collector();
  const tracing = await startTracing('auth', settingsFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: url }), logger);
  await expect(inSpan('work', {}, () => Promise.reject(new RangeError('no such number: +14155550123')))).rejects.toThrow(RangeError);
  await inSpan('other', {}, async (span) => failSpan(span, 'transient'));
  await tracing.stop();
  await close();
  const text = Buffer.concat(received.map(({ body }) => body)).toString('latin1');
  expect(text).toContain('RangeError');
  expect(text).toContain('transient');
  expect(text).not.toContain('415555');
});

it('settings that mean nothing are named, all at once', () => {
  const wrong = { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317', OTEL_TRACES_SAMPLER: 'some', OTEL_TRACES_SAMPLER_ARG: '7' };
  expect(() => settingsFrom(wrong)).toThrow(/OTEL_EXPORTER_OTLP_ENDPOINT[\s\S]*OTEL_TRACES_SAMPLER:[\s\S]*OTEL_TRACES_SAMPLER_ARG/);
});
