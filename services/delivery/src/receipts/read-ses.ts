import { Refusal } from '@latchkey/contracts';
import { type Clock, systemClock } from '@latchkey/platform';
import { z } from 'zod';
import type { Receipt, ReceiptReader, ReceiptRequest } from '../providers/provider.ts';
import { SnsMessages } from './read-sns-message.ts';

const mail = z.object({ messageId: z.string().min(1).max(200) });
const moment = z.coerce.date();
const bounce = z.object({
  bounceType: z.string(),
  bounceSubType: z.string(),
  timestamp: moment,
  bouncedRecipients: z.array(z.object({ action: z.string().optional(), status: z.string().optional() })),
});
// Of what SES tells, only this says what became of a message; opens, clicks, complaints and delays do not.
const told = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('Delivery'), mail, delivery: z.object({ timestamp: moment }) }),
  z.object({ kind: z.literal('Bounce'), mail, bounce }),
  z.object({ kind: z.literal('Reject'), mail }),
]);

/**
 * Receipts of Amazon SES, which it publishes to an SNS topic that posts them to us: feedback notifications of an identity
 * and events of a configuration set alike. Amazon SNS has none of these for its own texts: their delivery status goes to
 * CloudWatch only. https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 */
export class SesReceipts implements ReceiptReader {
  readonly provider: string;
  private readonly messages: SnsMessages;
  private readonly clock: Clock;

  constructor(options: {
    provider?: string;
    /** Topics of our own account; nothing of another topic counts. */
    topicArns: readonly string[];
    /** An address that stands in for SNS, as the development inbox does. */
    endpoint?: string | undefined;
    clock?: Clock;
  }) {
    this.provider = options.provider ?? 'ses';
    this.clock = options.clock ?? systemClock;
    this.messages = new SnsMessages({ topicArns: options.topicArns, endpoint: options.endpoint, clock: this.clock });
  }

  async read(request: ReceiptRequest): Promise<Receipt[]> {
    const text = await this.messages.open(request.body);
    return text === undefined ? [] : readNotification(text, this.clock.now()).map((receipt) => ({ provider: this.provider, ...receipt }));
  }
}

/** What SES tells of a message, if it tells of one. */
export function readNotification(text: string, now: Date): Omit<Receipt, 'provider'>[] {
  const notification = parse(text);
  // SES also says in plain words that the topic is set up.
  if (!notification) return [];
  const kind = notification['notificationType'] ?? notification['eventType'];
  if (kind !== 'Delivery' && kind !== 'Bounce' && kind !== 'Reject') return [];
  const read = told.safeParse({ ...notification, kind });
  if (!read.success) throw new Refusal('invalid_request');

  const { messageId: providerMessageId } = read.data.mail;
  switch (read.data.kind) {
    case 'Delivery':
      return [{ providerMessageId, outcome: 'delivered', at: read.data.delivery.timestamp }];
    case 'Reject':
      return [{ providerMessageId, outcome: 'failed', reason: 'Reject', at: now }];
    case 'Bounce': {
      const { bounceType, bounceSubType, bouncedRecipients, timestamp } = read.data.bounce;
      // An automatic answer (out of office) comes as a passing bounce too; that email did arrive.
      if (bounceType === 'Transient' && !bouncedRecipients.some(({ action }) => action === 'failed')) return [];
      // Not the diagnostic code: it quotes the address.
      const status = bouncedRecipients[0]?.status;
      const words = [bounceType, bounceSubType, status && /^\d\.\d{1,3}\.\d{1,3}$/.test(status) ? status : undefined];
      return [{ providerMessageId, outcome: 'failed', reason: words.filter(Boolean).join(' ').slice(0, 100), at: timestamp }];
    }
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
