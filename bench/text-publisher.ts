import { randomUUIDv7 } from 'node:crypto';
import { SealingKeys } from '@latchkey/platform';
import type { RunningSystem } from '@latchkey/tools';
import amqp, { type ConfirmChannel } from 'amqplib';

const atOnce = 500;

/** Texts with codes straight into the queue, as code-issuance would. */
export class TextPublisher {
  private readonly channel: ConfirmChannel;
  private readonly keys: SealingKeys;
  private readonly sealedDestination: string;

  private constructor(channel: ConfirmChannel, keys: SealingKeys, sealedDestination: string) {
    this.channel = channel;
    this.keys = keys;
    this.sealedDestination = sealedDestination;
  }

  static async with(system: RunningSystem, work: (texts: TextPublisher) => Promise<void>): Promise<void> {
    const keys = new SealingKeys(system.instance.state.secrets.sealingKey);
    const sealedDestination = await keys.seal('destination', '+14155550123');
    const connection = await amqp.connect(system.stack.rabbitmq.url, { noDelay: true });
    try {
      await work(new TextPublisher(await connection.createConfirmChannel(), keys, sealedDestination));
    } finally {
      await connection.close();
    }
  }

  /** @param codeOf the six digits of the nth text. Ends when the broker has confirmed all of them. */
  async publish(count: number, codeOf: (nth: number) => string = () => '012345'): Promise<void> {
    for (let sent = 0; sent < count; sent += atOnce) {
      const codes = Array.from({ length: Math.min(atOnce, count - sent) }, (_, nth) => codeOf(sent + nth));
      for (const sealedCode of await Promise.all(codes.map((code) => this.keys.seal('code', code)))) {
        const message = textMessage(sealedCode, this.sealedDestination);
        this.channel.publish('latchkey.events', message.name, Buffer.from(JSON.stringify(message)), { persistent: true, messageId: message.id });
      }
      await this.channel.waitForConfirms();
    }
  }
}

function textMessage(sealedCode: string, sealedDestination: string) {
  const now = Date.now();
  const attemptId = randomUUIDv7();
  return {
    id: randomUUIDv7(),
    name: 'code.issued.sms',
    version: 1,
    occurredAt: new Date(now).toISOString(),
    correlationId: attemptId,
    causationId: null,
    payload: {
      attemptId,
      loginId: randomUUIDv7(),
      providerId: randomUUIDv7(),
      methodId: randomUUIDv7(),
      purpose: 'login',
      sealedCode,
      sealedDestination,
      maskedDestination: '•••• 0123',
      locale: 'en',
      branding: { name: 'Demo Security', host: 'localhost' },
      expiresAt: new Date(now + 24 * 3_600_000).toISOString(),
      sendNumber: 1,
    },
  };
}
