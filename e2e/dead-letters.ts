import { eventually } from '@latchkey/testing';
import amqp from 'amqplib';
import { type ApiClient, demoPassword } from './api-client.ts';
import { newClient, system } from './demo.ts';

async function withBroker<T>(work: (channel: amqp.Channel) => Promise<T>): Promise<T> {
  const connection = await amqp.connect(system().amqpUrl);
  try {
    const channel = await connection.createChannel();
    const done = await work(channel);
    await channel.close();
    return done;
  } finally {
    await connection.close();
  }
}

/** Gives a queue what none of its consumers can read, and waits until it has died of that. */
export async function letDie(operator: ApiClient, queue: string, id: string): Promise<void> {
  await withBroker(async (channel) => channel.sendToQueue(queue, Buffer.from(JSON.stringify({ id })), { messageId: id, persistent: true }));
  await eventually(async () => (await operator.get(`/v1/ops/dead-letters?queue=${queue}`)).body.letters.some((letter: { id: string }) => letter.id === id), { timeoutMs: 15_000, everyMs: 200, what: 'a dead letter' });
}

/**
 * A text with a code for the owner that lies among the dead letters as if its tries had failed, and could be sent now: the
 * channel is paused, so that it can be moved there.
 */
export async function layAside(operator: ApiClient): Promise<void> {
  await operator.call('PUT', '/v1/ops/channels', { channel: 'sms', paused: true });
  try {
    await eventually(async () => (await consumersOf('delivery.sms')) === 0, { timeoutMs: 15_000, everyMs: 200, what: 'no consumers' });
    await newClient().post('/v1/login', { loginName: 'owner', password: demoPassword });
    await withBroker(async (channel) => {
      const message = await eventually(() => channel.get('delivery.sms', { noAck: false }), { timeoutMs: 15_000, everyMs: 100, what: 'a text that waits' });
      channel.sendToQueue('delivery.sms.dead', message.content, { messageId: message.properties.messageId, headers: message.properties.headers, persistent: true });
      channel.ack(message);
    });
  } finally {
    await operator.call('PUT', '/v1/ops/channels', { channel: 'sms', paused: false });
  }
}

const consumersOf = (queue: string) => withBroker(async (channel) => (await channel.checkQueue(queue)).consumerCount);
