import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { type EventPayload, requestRegistry } from '@latchkey/contracts';
import { eventually, testPostgres, type TestDatabase, testVhost, type TestVhost } from '@latchkey/testing';
import amqp, { type Channel, type ChannelModel } from 'amqplib';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addToOutbox, AmqpServer, DeadLetters, deadLetterQueueName, eventQueues, eventsExchange, Messaging, type OutboxExecutor, OutboxRelay, outboxTableSql, PermanentFailure, requestQueueName } from './index.ts';

type CodeUsed = EventPayload<'code.used'>;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const uuid = () => crypto.randomUUID();
const used = (): CodeUsed => ({ attemptId: uuid(), loginId: uuid(), methodId: uuid() });
const queue = 'delivery.codes-used';

let vhost: TestVhost;
let database: TestDatabase;
let pool: pg.Pool;
let asking: Messaging;
let worker: Messaging;
let server: AmqpServer;
let raw: ChannelModel;
/** Sees every fact as it lies in the broker. */
let spy: Channel;
let headersSeen: Record<string, unknown>[] = [];
let onUsed: () => Promise<void>;

beforeAll(async () => {
  vhost = await testVhost();
  database = await testPostgres({ schema: 'auth' });
  pool = new pg.Pool({ connectionString: database.url });
  await pool.query(outboxTableSql);
  asking = new Messaging({ url: vhost.url, name: 'asking', logger: quiet });
  worker = new Messaging({ url: vhost.url, name: 'worker', logger: quiet });
  server = new AmqpServer({ service: 'delivery', connection: worker.connection, publisher: worker.publisher, logger: quiet, retries: { waitsMs: [1_000], jitter: () => 0.02 } });
  for (const [name, { owner }] of Object.entries(requestRegistry)) if (owner === 'delivery') server.addHandler(name, () => Promise.resolve(name === 'delivery.states' ? { states: [] } : {}));
  const events = new Set(eventQueues.filter(({ service }) => service === 'delivery').flatMap((one) => one.events));
  for (const name of events) server.addHandler(name, () => (name === 'code.used' ? onUsed() : Promise.resolve()), true);
  await new Promise<void>((resolve, reject) => server.listen((error) => (error ? reject(error as Error) : resolve())));
  await asking.connection.open();
  await eventually(() => server.consuming && asking.connection.connected, { timeoutMs: 10_000, what: 'consuming' });
  raw = await amqp.connect(vhost.url);
  spy = await raw.createChannel();
  const { queue: own } = await spy.assertQueue('', { exclusive: true });
  await spy.bindQueue(own, eventsExchange, '#');
  await spy.consume(own, (message) => void (message && headersSeen.push(message.properties.headers ?? {})), { noAck: true });
});
beforeEach(() => {
  headersSeen = [];
  onUsed = () => Promise.resolve();
});
afterAll(async () => {
  await raw.close();
  await server.close();
  await worker.close();
  await asking.close();
  await pool.end();
  await database.drop();
  await vhost.delete();
});

/** The outbox on a pool, as the services have it on TypeORM. */
const source = {
  isInitialized: true,
  async transaction<T>(work: (executor: OutboxExecutor) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work({ query: async (sql, parameters) => (await client.query(sql, parameters)).rows });
      await client.query('COMMIT');
      return result;
    } finally {
      client.release();
    }
  },
};

const traceHeadersIn = (headers: Record<string, unknown>) => Object.keys(headers).filter((name) => /^trace/.test(name));
const given = { traceparent: `00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-01`, tracestate: 'proxy=1' };

/** A fact from a service that traces. */
function publishTraced(): void {
  const body = { id: uuid(), name: 'code.used', version: 1, occurredAt: new Date().toISOString(), correlationId: uuid(), causationId: null, payload: used() };
  spy.publish(eventsExchange, 'code.used', Buffer.from(JSON.stringify(body)), { messageId: body.id, headers: given });
}

async function deadHeaders(): Promise<Record<string, unknown>> {
  const message = await eventually(() => spy.get(deadLetterQueueName(queue)), { timeoutMs: 10_000, what: 'a dead letter' });
  spy.nack(message);
  return message.properties.headers ?? {};
}

describe('a process that does not trace', () => {
  it('adds no header to a fact or a request, and nothing to a row of its outbox', async () => {
    await asking.publisher.publish('code.used', used());
    await eventually(() => headersSeen.length === 1);
    expect(headersSeen.flatMap(traceHeadersIn)).toEqual([]);

    const asked = asking.requester.request('device.list', { loginId: uuid(), trustEpoch: 0 }, { deadlineMs: 2_000 });
    const request = await eventually(() => spy.get(requestQueueName('device-trust'), { noAck: true }));
    expect(traceHeadersIn(request.properties.headers ?? {})).toEqual([]);
    await expect(asked).rejects.toMatchObject({ code: 'unavailable' });

    await source.transaction((executor) => addToOutbox(executor, 'code.used', uuid(), used()));
    const { rows } = await pool.query<{ message: object }>('DELETE FROM outbox RETURNING message');
    expect(rows[0]!.message).not.toHaveProperty('trace');
  });

  it('passes on the headers that it was given, to the next try, the dead letters and back', async () => {
    const tried: object[] = [];
    onUsed = async () => {
      tried.push({});
      throw tried.length === 1 ? new Error('not yet') : new PermanentFailure('never');
    };
    publishTraced();
    expect(await deadHeaders()).toMatchObject(given);
    expect(tried).toHaveLength(2);
    let redriven = false;
    onUsed = async () => {
      redriven = true;
      throw new PermanentFailure('never');
    };
    // The one looked at is back a moment later.
    const letters = new DeadLetters(asking.connection, asking.publisher);
    await eventually(async () => (await letters.redrive(queue)).handled === 1);
    await eventually(() => redriven);
    expect(await deadHeaders()).toMatchObject(given);
    await spy.purgeQueue(deadLetterQueueName(queue));
  });
});

describe('a process that traces', () => {
  const exporter = new InMemorySpanExporter();
  const found = (name: RegExp) => exporter.getFinishedSpans().filter((span) => name.test(span.name));
  const one = (name: RegExp) => eventually(() => found(name)[0], { what: `a span ${name}` });
  const parentOf = ({ parentSpanContext }: ReadableSpan) => parentSpanContext?.spanId;

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  });
  afterAll(() => {
    trace.disable();
    propagation.disable();
    context.disable();
  });
  beforeEach(() => exporter.reset());

  it('names the other side of a request as its parent, and a refusal by its code alone', async () => {
    await asking.requester.request('delivery.states', { attemptId: uuid() });
    await eventually(() => found(/^delivery\.states$/).length === 2);
    const [answered, asked] = found(/^delivery\.states$/).sort((first, second) => first.kind - second.kind);
    expect(parentOf(answered!)).toBe(asked!.spanContext().spanId);
    expect(asked!.parentSpanContext).toBeUndefined();
    await expect(asking.requester.request('device.list', { loginId: uuid(), trustEpoch: 0 }, { deadlineMs: 50 })).rejects.toMatchObject({ code: 'unavailable' });
    expect((await one(/^device\.list$/)).attributes).toMatchObject({ 'error.type': 'unavailable', 'latchkey.refusal': 'unavailable' });
  });

  it('goes on with the trace in which a row of the outbox was written, whoever relays it', async () => {
    const relay = new OutboxRelay(source, asking.publisher, quiet);
    await trace.getTracer('test').startActiveSpan('writer', async (span) => {
      await source.transaction((executor) => addToOutbox(executor, 'code.used', uuid(), used()));
      span.end();
    });
    await source.transaction((executor) => addToOutbox(executor, 'code.used', uuid(), used()));
    await trace.getTracer('test').startActiveSpan('somebody else', async (span) => {
      relay.start();
      await eventually(() => headersSeen.length === 2);
      span.end();
    });
    await relay.stop();
    await eventually(() => found(/^process/).length === 2);
    const writer = await one(/^writer$/);
    const published = found(/^publish/);
    expect(published.map(parentOf).sort()).toEqual([writer.spanContext().spanId, undefined].sort());
    expect(published[0]!.name).toBe('publish latchkey.events:code.used');
    for (const span of found(/^process/)) expect(published.map((each) => each.spanContext().spanId)).toContain(parentOf(span));
  });

  it('has each try beside the other, below who published', async () => {
    let tries = 0;
    onUsed = async () => {
      if ((tries += 1) < 2) throw new Error('the number +14155550123 is busy');
    };
    await asking.publisher.publish('code.used', used());
    await eventually(() => found(/^process/).length === 2);
    const published = await one(/^publish/);
    const [first, second] = found(/^process/);
    expect([parentOf(first!), parentOf(second!)]).toEqual([published.spanContext().spanId, published.spanContext().spanId]);
    expect(first!.attributes).toMatchObject({ 'latchkey.outcome': 'retried', 'error.type': 'Error', 'latchkey.previous_tries': 0 });
    expect(second!.attributes).toMatchObject({ 'latchkey.outcome': 'done', 'latchkey.previous_tries': 1 });
    expect(JSON.stringify([first!.attributes, first!.status, first!.events])).not.toContain('0123');
  });

  it('begins a trace of its own for a message with headers that make no sense', async () => {
    for (const traceparent of ['nonsense', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`, 7]) {
      exporter.reset();
      const body = { id: uuid(), name: 'code.used', version: 1, occurredAt: new Date().toISOString(), correlationId: uuid(), causationId: null, payload: used() };
      spy.publish(eventsExchange, 'code.used', Buffer.from(JSON.stringify(body)), { messageId: body.id, headers: { traceparent } });
      expect((await one(/^process/)).parentSpanContext).toBeUndefined();
    }
  });
});
