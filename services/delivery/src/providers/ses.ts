import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { answerToAwsError } from './aws-errors.ts';
import { composeMail } from './compose-mail.ts';
import type { OutgoingMessage, Provider, ProviderAnswer } from './provider.ts';

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
    // What can't be written was never asked for; only what happens after counts as a lost answer.
    const mime = await composeMail(message, this.from).catch(() => undefined);
    if (!mime) return { outcome: 'permanent', reason: 'no email can be written to this address' };
    try {
      const { MessageId } = await this.client.send(new SendRawEmailCommand({ Source: this.from, Destinations: [message.to], RawMessage: { Data: mime } }));
      return MessageId ? { outcome: 'accepted', providerMessageId: MessageId } : { outcome: 'unknown', reason: 'an answer without a message id' };
    } catch (error) {
      return answerToAwsError(error);
    }
  }
}
