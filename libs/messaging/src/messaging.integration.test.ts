import 'reflect-metadata';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CodeIssued, Refusal, type RequestPayload, requestRegistry } from '@latchkey/contracts';
import { eventually, testVhost, type TestVhost } from '@latchkey/testing';
import amqp from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { AmqpServer, currentMessageContext, HandleEvent, HandleRequest, Messaging, PassErrorsFilter, PermanentFailure } from './index.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const uuid = () => crypto.randomUUID();

let vhost: TestVhost;
let asking: Messaging;
let worker: Messaging;
let server: AmqpServer;
let stopApp: () => Promise<void>;

// What the handlers under test do next; each test sets it.
let onSms: (payload: CodeIssued) => Promise<void>;
let onStates: (payload: RequestPayload<'delivery.states'>) => Promise<void>;

@Controller()
class DeliveryHandlers {
  @HandleEvent('code.issued.sms')
  async sms(payload: CodeIssued): Promise<void> {
    await onSms(payload);
  }

  @HandleEvent('code.issued.email')
  async email(payload: CodeIssued): Promise<void> {
    await onSms(payload);
  }

  @HandleEvent('code.used')
  async used(): Promise<void> {
    // Not looked at here, but its owner must handle it.
  }

  @HandleRequest('delivery.states')
  async states(payload: RequestPayload<'delivery.states'>) {
    await onStates(payload);
    return { states: [] };
  }
}

@Module({ controllers: [DeliveryHandlers] })
class DeliveryModule {}

const codeIssued = (): CodeIssued => ({
  attemptId: uuid(),
  loginId: uuid(),
  providerId: uuid(),
  methodId: uuid(),
  purpose: 'login',
  sealedCode: 'a.b.c.d.e',
  sealedDestination: 'a.b.c.d.e',
  maskedDestination: '•••• 0123',
  locale: 'en',
  branding: { name: 'Demo', host: 'localhost' },
  expiresAt: new Date(Date.now() + 600_000).toISOString(),
  sendNumber: 1,
});

async function startWorker() {
  worker = new Messaging({ url: vhost.url, name: 'worker', logger: quiet });
  server = new AmqpServer({
    service: 'delivery',
    connection: worker.connection,
    publisher: worker.publisher,
    logger: quiet,
    retries: { waitsMs: [1_000, 5_000], jitter: () => 0.02 },
    drainMs: 3_000,
  });
  for (const [name, { owner }] of Object.entries(requestRegistry)) if (owner === 'delivery' && name !== 'delivery.states') server.addHandler(name, async () => ({}));
  for (const name of ['notice.issued.sms', 'notice.issued.email']) server.addHandler(name, async () => undefined, true);
  const app = await NestFactory.createMicroservice(DeliveryModule, { strategy: server, logger: false });
  app.useGlobalFilters(new PassErrorsFilter());
  await app.listen();
  await eventually(() => server.consuming, { what: 'consuming' });
  stopApp = async () => {
    await app.close();
    await worker.close();
  };
}

/** A network between a client and the broker that can be cut. */
async function layCable(url: string) {
  const broker = new URL(url);
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(Number(broker.port), broker.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => [client, upstream].forEach((end) => end.destroy()));
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.port = String((proxy.address() as AddressInfo).port);
  return { url: through.href, cut: () => sockets.forEach((socket) => socket.destroy()), remove: () => proxy.close() };
}

async function readDeadLetters(queue: string) {
  const connection = await amqp.connect(vhost.url);
  const channel = await connection.createChannel();
  try {
    return await eventually(async () => (await channel.get(`${queue}.dead`, { noAck: true })) || undefined, { timeoutMs: 15_000, what: 'a dead letter' });
  } finally {
    await connection.close();
  }
}

beforeAll(async () => {
  vhost = await testVhost();
  asking = new Messaging({ url: vhost.url, name: 'asking', logger: quiet });
  await asking.connection.open();
  await asking.connection.whenConnected(10_000);
});
afterAll(async () => {
  await asking.close();
  await vhost.delete();
});
beforeEach(async () => {
  onSms = () => Promise.resolve();
  onStates = () => Promise.resolve();
  await startWorker();
});
afterEach(() => stopApp());

it('an event is acknowledged after its effect, and belongs to the story that caused it', async () => {
  const correlationId = uuid();
  const seen: (string | undefined)[] = [];
  onSms = async () => {
    seen.push(currentMessageContext()?.correlationId);
  };
  await asking.publisher.publish('code.issued.sms', codeIssued(), { correlationId });
  await eventually(() => seen.length === 1);
  expect(seen).toEqual([correlationId]);
});

it('a passing failure is tried again later and holds up nobody behind it', async () => {
  const first = codeIssued();
  const second = codeIssued();
  const order: string[] = [];
  let failures = 0;
  onSms = async ({ attemptId }) => {
    if (attemptId === first.attemptId && failures++ === 0) throw new Error('provider throttles');
    order.push(attemptId);
  };
  await asking.publisher.publish('code.issued.sms', first);
  await asking.publisher.publish('code.issued.sms', second);
  await eventually(() => order.length === 2, { timeoutMs: 8_000 });
  expect(order).toEqual([second.attemptId, first.attemptId]);
});

it('a permanent failure goes to the dead letters at once, with its reason', async () => {
  onSms = () => Promise.reject(new PermanentFailure('no such number'));
  await asking.publisher.publish('code.issued.sms', codeIssued());
  const dead = await readDeadLetters('delivery.sms');
  expect(dead.properties.headers?.['x-latchkey-reason']).toBe('PermanentFailure: no such number');
});

it('after the last try the dead letter has the whole history', async () => {
  let tries = 0;
  onSms = () => {
    tries += 1;
    return Promise.reject(new Error('down'));
  };
  await asking.publisher.publish('code.issued.sms', codeIssued());
  const dead = await readDeadLetters('delivery.sms');
  expect(tries).toBe(3);
  expect(dead.properties.headers?.['x-latchkey-reason']).toBe('gave up after 3 tries: Error: down');
  expect(JSON.parse(String(dead.properties.headers?.['x-latchkey-history']))).toHaveLength(3);
});

it.each([
  ['not JSON', 'rubbish'],
  ['not an envelope: (whole): invalid_type', '"text"'],
  ['unknown event name', JSON.stringify({ id: uuid(), name: 'no.such', version: 1, occurredAt: new Date().toISOString(), correlationId: uuid(), causationId: null, payload: {} })],
  ['unknown version 9', JSON.stringify({ id: uuid(), name: 'code.issued.sms', version: 9, occurredAt: new Date().toISOString(), correlationId: uuid(), causationId: null, payload: {} })],
])('rubbish on a queue is dead-lettered as "%s" and the worker goes on', async (reason, body) => {
  let handled = 0;
  onSms = async () => {
    handled += 1;
  };
  await asking.publisher.send({ id: uuid(), exchange: '', routingKey: 'delivery.sms', body: Buffer.from(body), headers: {}, mandatory: true });
  const dead = await readDeadLetters('delivery.sms');
  expect(dead.properties.headers?.['x-latchkey-reason']).toBe(reason);
  await asking.publisher.publish('code.issued.sms', codeIssued());
  await eventually(() => handled === 1);
});

it('a huge message is dead-lettered, not swallowed', async () => {
  await asking.publisher.send({ id: uuid(), exchange: '', routingKey: 'delivery.sms', body: Buffer.alloc(8_000_000, 'x'), headers: {}, mandatory: true });
  const dead = await readDeadLetters('delivery.sms');
  expect(dead.content.length).toBe(8_000_000);
});

it('an event that no queue takes is an error, not a silence', async () => {
  const send = asking.publisher.send({ id: uuid(), exchange: 'latchkey.events', routingKey: 'nobody.listens', body: Buffer.from('{}'), headers: {}, mandatory: true });
  await expect(send).rejects.toThrow('no queue takes nobody.listens');
});

it('a request is answered, and a refusal crosses as a refusal', async () => {
  await expect(asking.requester.request('delivery.states', { attemptId: uuid() })).resolves.toEqual({ states: [] });
  onStates = () => Promise.reject(new Refusal('wrong_code', { attemptsLeft: 3 }));
  await expect(asking.requester.request('delivery.states', { attemptId: uuid() })).rejects.toMatchObject({ code: 'wrong_code', details: { attemptsLeft: 3 } });
});

it('a fault of the handler tells the asker nothing of its inside', async () => {
  onStates = () => Promise.reject(new Error('SELECT secret FROM x'));
  const failure = await asking.requester.request('delivery.states', { attemptId: uuid() }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'internal_error' });
  expect(JSON.stringify(failure)).not.toContain('secret');
});

it('nobody waits past the deadline, and work whose deadline passed is not begun', async () => {
  const begun: string[] = [];
  onStates = async ({ attemptId }) => {
    begun.push(attemptId);
  };
  await stopApp();
  const started = Date.now();
  await expect(asking.requester.request('delivery.states', { attemptId: uuid() }, { deadlineMs: 300 })).rejects.toMatchObject({ code: 'unavailable' });
  expect(Date.now() - started).toBeLessThan(2_000);
  await startWorker();
  await asking.requester.request('delivery.states', { attemptId: uuid() });
  expect(begun).toHaveLength(1);
});

it('consumers come back after their queue was deleted under them', async () => {
  let handled = 0;
  onSms = async () => {
    handled += 1;
  };
  const response = await vhost.manage('DELETE', 'queues/delivery.sms');
  expect(response.ok).toBe(true);
  await eventually(
    async () => {
      await asking.publisher.publish('code.issued.sms', codeIssued(), { withinMs: 500 }).catch(() => undefined);
      return handled > 0;
    },
    { timeoutMs: 10_000, everyMs: 200 },
  );
});

it('a retry queue that somebody deleted is made anew, and what needs it is not lost', async () => {
  let failures = 0;
  let handled = 0;
  onSms = async () => {
    if ((failures += 1) <= 2) throw new Error('provider throttles');
    handled += 1;
  };
  expect((await vhost.manage('DELETE', 'queues/latchkey.retry.1000ms')).ok).toBe(true);
  await asking.publisher.publish('code.issued.sms', codeIssued());
  await eventually(() => handled === 1, { timeoutMs: 10_000 });
  expect((await vhost.manage('GET', 'queues/latchkey.retry.1000ms')).ok).toBe(true);
});

it('a lost connection is taken up again, what was unconfirmed is sent again', async () => {
  let handled = 0;
  onSms = async () => {
    handled += 1;
  };
  const cable = await layCable(vhost.url);
  const sender = new Messaging({ url: cable.url, name: 'sender', logger: quiet });
  await sender.connection.open();
  await sender.connection.whenConnected(5_000);
  const sending = Promise.all(Array.from({ length: 200 }, () => sender.publisher.publish('code.issued.sms', codeIssued())));
  cable.cut();
  await sending;
  await eventually(() => handled >= 200, { timeoutMs: 10_000 });
  await sender.close();
  cable.remove();
});

it('a node that is away is passed over for the next one, at the start and after a loss', async () => {
  const [first, second] = await Promise.all([layCable(vhost.url), layCable(vhost.url)]);
  const nowhere = Object.assign(new URL(vhost.url), { port: '1' }).href;
  const sender = new Messaging({ url: [nowhere, first.url, second.url].join(','), name: 'sender', logger: quiet });
  await sender.connection.open();
  await sender.connection.whenConnected(3_000);
  const [inUse, other] = first.url.includes(sender.connection.host) ? [first, second] : [second, first];
  inUse.remove();
  inUse.cut();
  await sender.publisher.publish('code.issued.sms', codeIssued());
  expect(other.url).toContain(sender.connection.host);
  await sender.close();
  other.remove();
});

it('a request that is made between two connections waits for the next one', async () => {
  const cable = await layCable(vhost.url);
  const sender = new Messaging({ url: cable.url, name: 'sender', logger: quiet });
  await sender.connection.open();
  await eventually(() => sender.requester.request('delivery.states', { attemptId: uuid() }));
  cable.cut();
  await eventually(() => !sender.connection.connected);
  await expect(sender.requester.request('delivery.states', { attemptId: uuid() })).resolves.toEqual({ states: [] });
  await sender.close();
  cable.remove();
});

it('shutdown lets the running handler finish and leaves the rest in the queue', async () => {
  const finished: string[] = [];
  onSms = async ({ attemptId }) => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    finished.push(attemptId);
  };
  await asking.publisher.publish('code.issued.sms', codeIssued());
  await eventually(() => server.inFlight === 1);
  await stopApp();
  expect(finished).toHaveLength(1);
  await startWorker();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(finished).toHaveLength(1);
});
