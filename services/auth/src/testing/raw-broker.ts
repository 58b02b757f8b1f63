import { randomUUIDv7 } from 'node:crypto';
import type { Envelope, RequestName, RequestPayload } from '@latchkey/contracts';
import { eventsExchange, requestQueueName } from '@latchkey/messaging';
import type { AuthUnderTest } from './auth-under-test.ts';

type Answer = { ok: true; data: Record<string, unknown> } | { ok: false; code: string };

/** The broker below the clients: what is on its way is copied, and sent again as it was. */
export async function rawBroker(auth: AuthUnderTest) {
  const channel = await auth.asking.connection.createChannel();
  const answers = new Map<string, (answer: Answer) => void>();
  const replies = (await channel.assertQueue('', { exclusive: true })).queue;
  await channel.consume(replies, (message) => message && answers.get(String(message.properties.correlationId))?.(JSON.parse(message.content.toString()) as Answer), { noAck: true });

  /** Delivers one and the same request, with one message id, a number of times in turn. */
  async function deliver<N extends RequestName>(name: N, payload: RequestPayload<N>, times: number): Promise<Answer[]> {
    const request = { id: randomUUIDv7(), name, version: 1, occurredAt: new Date().toISOString(), correlationId: randomUUIDv7(), causationId: null, payload, deadline: Date.now() + 10_000 };
    const all: Answer[] = [];
    for (let time = 0; time < times; time += 1) {
      const key = randomUUIDv7();
      const answered = new Promise<Answer>((resolve) => answers.set(key, resolve));
      channel.publish('', requestQueueName('auth'), Buffer.from(JSON.stringify(request)), { replyTo: replies, correlationId: key });
      all.push(await answered);
    }
    return all;
  }

  /** Copies every event from now on. */
  async function captureEvents(): Promise<Envelope[]> {
    const captured: Envelope[] = [];
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, eventsExchange, '#');
    await channel.consume(queue, (message) => message && captured.push(JSON.parse(message.content.toString()) as Envelope), { noAck: true });
    return captured;
  }

  return {
    deliver,
    captureEvents,
    sendToQueue: (queue: string, event: Envelope) => channel.sendToQueue(queue, Buffer.from(JSON.stringify(event)), { messageId: event.id, persistent: true }),
    close: () => channel.close(),
  };
}
