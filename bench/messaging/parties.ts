import { randomUUIDv7 } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EventPayload, requestRegistry, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import amqp from 'amqplib';
import { Registry } from 'prom-client';
// From its files, since plain Node takes no decorators and the library's index has some.
import { AmqpServer } from '../../libs/messaging/src/amqp-server.ts';
import { BrokerConnection } from '../../libs/messaging/src/broker-connection.ts';
import { MessagingMetrics } from '../../libs/messaging/src/metrics.ts';
import { Publisher } from '../../libs/messaging/src/publisher.ts';
import { Requester } from '../../libs/messaging/src/requester.ts';
import { eventQueues } from '../../libs/messaging/src/topology.ts';
import { rootDirectory } from '../harness.ts';

/** Whose queues are measured: it answers the check of a code, and has an event that nobody else consumes. */
export const service = 'code-issuance';
export const request = 'code.verify';
export const requestPayload = sample<RequestPayload<typeof request>>(request);
const requestReply: RequestReply<typeof request> = { verifiedAt: new Date().toISOString(), methodId: requestPayload.methodId };
export const event = 'two-factor.methods-removed';
export const eventPayload = sample<EventPayload<typeof event>>(event);
export const eventQueue = 'code-issuance.logins';

const quiet = { info: () => undefined, warn: (details: object, message: string) => console.error(message, details), error: (details: object, message: string) => console.error(message, details) };

export type Party = { publisher: Publisher; requester: Requester; close(): Promise<void> };

/** The broker side of a service of ours. */
export async function ourParty(url: string, onEvent?: () => void): Promise<Party> {
  const connection = new BrokerConnection({ url, name: 'bench', logger: quiet });
  const metrics = new MessagingMetrics(new Registry(), connection);
  const publisher = new Publisher(connection, quiet, metrics);
  const requester = new Requester(connection, quiet, { metrics });
  const server = onEvent ? ourAnswering(connection, publisher, onEvent) : undefined;
  await connection.open();
  if (server) await new Promise<void>((resolve, reject) => server.listen((error) => (error ? reject(error as Error) : resolve())));
  await until(() => connection.connected && (server?.consuming ?? true));
  return {
    publisher,
    requester,
    close: async () => {
      await server?.close();
      await publisher.close();
      await requester.close();
      await connection.close();
    },
  };
}

/** The service without what it does. */
function ourAnswering(connection: BrokerConnection, publisher: Publisher, onEvent: () => void): AmqpServer {
  const server = new AmqpServer({ service, connection, publisher, logger: quiet });
  for (const [name, { owner }] of Object.entries(requestRegistry)) if (owner === service) server.addHandler(name, async () => requestReply);
  for (const name of eventQueues.filter((queue) => queue.service === service).flatMap(({ events }) => events as readonly string[])) server.addHandler(name, async () => onEvent(), true);
  return server;
}

/** The same over amqplib alone: JSON, direct reply-to, acknowledged after the answer; events acknowledged as they come. */
export async function rawAnswering(url: string, queues: { requests: string; events: string }, onEvent: () => void): Promise<void> {
  const connection = await amqp.connect(url, { noDelay: true });
  const answering = await connection.createChannel();
  await answering.prefetch(200);
  await answering.consume(queues.requests, (message) => {
    if (!message) return;
    JSON.parse(message.content.toString());
    answering.publish('', String(message.properties.replyTo), Buffer.from(JSON.stringify({ ok: true, data: requestReply })), { correlationId: String(message.properties.correlationId) });
    answering.ack(message);
  });
  const consuming = await connection.createChannel();
  await consuming.prefetch(50);
  await consuming.consume(queues.events, (message) => {
    if (!message) return;
    JSON.parse(message.content.toString());
    onEvent();
    consuming.ack(message);
  });
}

export type RawParty = { ask(): Promise<unknown>; publish(): Promise<void>; close(): Promise<void> };

export async function rawParty(url: string, requestQueue: string): Promise<RawParty> {
  const connection = await amqp.connect(url, { noDelay: true });
  const asking = await connection.createChannel();
  const waiting = new Map<string, (answer: unknown) => void>();
  let last = 0;
  await asking.consume('amq.rabbitmq.reply-to', (message) => message && waiting.get(String(message.properties.correlationId))?.(JSON.parse(message.content.toString())), { noAck: true });
  const publishing = await connection.createConfirmChannel();
  const body = (name: string, payload: object) => Buffer.from(JSON.stringify({ id: randomUUIDv7(), name, version: 1, occurredAt: new Date().toISOString(), correlationId: randomUUIDv7(), causationId: null, payload }));
  return {
    ask: () =>
      new Promise((resolve) => {
        const correlationId = String((last += 1));
        waiting.set(correlationId, (answer) => {
          waiting.delete(correlationId);
          resolve(answer);
        });
        asking.publish('', requestQueue, body(request, requestPayload), { replyTo: 'amq.rabbitmq.reply-to', correlationId });
      }),
    publish: () => new Promise((resolve, reject) => publishing.publish('latchkey.events', event, body(event, eventPayload), { persistent: true, mandatory: true }, (error) => (error ? reject(error as Error) : resolve()))),
    close: () => connection.close(),
  };
}

function sample<T>(name: string): T {
  const { payloads } = JSON.parse(readFileSync(join(rootDirectory, `libs/contracts/samples/v1/${name}.json`), 'utf8')) as { payloads: T[] };
  if (payloads[0] === undefined) throw new Error(`no sample of ${name}`);
  return payloads[0];
}

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
