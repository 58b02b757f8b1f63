import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { createTransport } from 'nodemailer';
import { answerToAwsError } from './aws-errors.ts';
import type { OutgoingMessage, Provider, ProviderAnswer } from './provider.ts';

// Only composes: SES takes the finished MIME message, the one way to set headers of our own.
const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/** Emails through Amazon SES. Retries are ours (by the queue), so the SDK makes none. */
export class SesProvider implements Provider {
  readonly name = 'ses';
  private readonly client: SESClient;
  private readonly from: string;

  constructor(options: { region: string; from: string; endpoint?: string | undefined; timeoutMs?: number }) {
    const timeoutMs = options.timeoutMs ?? 5_000;
    this.client = new SESClient({
      region: options.region,
      ...(options.endpoint ? { endpoint: options.endpoint } : {}),
      maxAttempts: 1,
      requestHandler: { requestTimeout: timeoutMs, connectionTimeout: timeoutMs, throwOnRequestTimeout: true },
    });
    this.from = options.from;
  }

  async send(message: OutgoingMessage): Promise<ProviderAnswer> {
    if (message.channel !== 'email') throw new Error('SES sends emails');
    try {
      const mail = await composer.sendMail({
        from: this.from,
        to: message.to,
        subject: message.subject,
        text: message.text,
        html: message.html,
        messageId: `<${message.messageId}@${this.from.slice(this.from.lastIndexOf('@') + 1).replace(/>.*/, '')}>`,
        // RFC 3834: no out-of-office answers to a code.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      });
      const { MessageId } = await this.client.send(
        new SendRawEmailCommand({ Source: this.from, Destinations: [message.to], RawMessage: { Data: mail.message as Buffer } }),
      );
      return MessageId ? { outcome: 'accepted', providerMessageId: MessageId } : { outcome: 'unknown', reason: 'an answer without a message id' };
    } catch (error) {
      return answerToAwsError(error);
    }
  }
}
