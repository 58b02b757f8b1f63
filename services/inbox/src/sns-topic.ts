import { createHash, createSign, randomBytes, randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { OutgoingReceipt, ReceiptSender } from './receipt-sender.ts';
import type { TestCertificate } from './test-certificate.ts';

const mostWaiting = 1_000;

const signed = {
  Notification: ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

/**
 * The SNS topic that SES publishes its notifications to, with one HTTP subscriber. As with SNS the subscriber has to
 * confirm before it hears anything; unlike there, what is published meanwhile waits for it.
 */
export class SnsTopic {
  private readonly arn: string;
  private readonly subscriber: string;
  private readonly certificate: TestCertificate;
  private readonly sender: ReceiptSender;
  private readonly token = randomBytes(64).toString('hex');
  private readonly certificatePath: string;
  private confirmed = false;
  private asking: Promise<unknown> | undefined;
  /** Published before the subscriber confirmed. */
  private readonly waiting: OutgoingReceipt[] = [];

  constructor(parts: { arn: string; subscriber: string; certificate: TestCertificate; sender: ReceiptSender }) {
    this.arn = parts.arn;
    this.subscriber = parts.subscriber;
    this.certificate = parts.certificate;
    this.sender = parts.sender;
    this.certificatePath = `/SimpleNotificationService-${createHash('md5').update(parts.certificate.certificatePem).digest('hex')}.pem`;
  }

  /** What SNS answers to GET: its certificate, and the confirmation that a subscriber asks for. */
  serve(app: FastifyInstance): void {
    app.get(this.certificatePath, async (_request, reply) => reply.type('application/x-pem-file').send(this.certificate.certificatePem));
    app.addHook('onRequest', async (request, reply) => {
      const { pathname, searchParams } = new URL(request.url, 'http://inbox');
      if (request.method !== 'GET' || pathname !== '/' || searchParams.get('Action') !== 'ConfirmSubscription') return;
      if (searchParams.get('TopicArn') !== this.arn || searchParams.get('Token') !== this.token) return reply.code(400).send('Invalid token');
      this.confirmed = true;
      this.sender.send(this.waiting.splice(0));
      return reply.type('text/xml').send('<ConfirmSubscriptionResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ConfirmSubscriptionResult/></ConfirmSubscriptionResponse>');
    });
  }

  /** Publishes a moment later. `origin`: the inbox as its caller knows it, which is where the certificate is then found. */
  publish(message: string, origin: string): void {
    const notification = this.envelope('Notification', { Message: message }, origin);
    if (this.confirmed) return this.sender.send([notification]);
    this.waiting.push(notification);
    if (this.waiting.length > mostWaiting) this.waiting.shift();
    this.asking ??= this.askToConfirm(origin).finally(() => (this.asking = undefined));
  }

  private askToConfirm(origin: string): Promise<boolean> {
    const SubscribeURL = `${origin}/?${new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn: this.arn, Token: this.token })}`;
    const Message = `You have chosen to subscribe to the topic ${this.arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`;
    return this.sender.deliver(this.envelope('SubscriptionConfirmation', { Message, SubscribeURL, Token: this.token }, origin));
  }

  private envelope(type: keyof typeof signed, given: { Message: string; SubscribeURL?: string; Token?: string }, origin: string): OutgoingReceipt {
    const fields: Record<string, string> = { Type: type, MessageId: randomUUID(), TopicArn: this.arn, Timestamp: new Date().toISOString(), ...given };
    const signer = createSign('RSA-SHA256');
    for (const name of signed[type]) signer.update(`${name}\n${fields[name]}\n`);
    const body = JSON.stringify({ ...fields, SignatureVersion: '2', Signature: signer.sign(this.certificate.privateKey, 'base64'), SigningCertURL: `${origin}${this.certificatePath}` });
    const headers = { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': type, 'x-amz-sns-topic-arn': this.arn };
    return { url: this.subscriber, tries: 4, build: () => ({ body, headers }) };
  }
}

/** What SES tells of an email. https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html */
export function sesNotification(messageId: string, from: string, to: string, outcome: 'delivered' | 'failed'): string {
  const timestamp = new Date().toISOString();
  const mail = { timestamp, messageId, source: from, sendingAccountId: '000000000000', destination: [to] };
  if (outcome === 'delivered') return JSON.stringify({ notificationType: 'Delivery', mail, delivery: { timestamp, processingTimeMillis: 12, recipients: [to], smtpResponse: '250 ok' } });
  const bounced = { emailAddress: to, action: 'failed', status: '5.1.1', diagnosticCode: `smtp; 550 5.1.1 <${to}>... User unknown` };
  return JSON.stringify({ notificationType: 'Bounce', mail, bounce: { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [bounced], timestamp, feedbackId: randomUUID() } });
}
