import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { type AwsOptions, awsClientSettings } from './aws-client.ts';
import { answerToAwsError } from './aws-errors.ts';
import { composeMail } from './compose-mail.ts';
import type { OutgoingMessage, Provider, ProviderAnswer } from './provider.ts';

/** Emails through Amazon SES. */
export class SesProvider implements Provider {
  readonly name: string;
  readonly channels = ['email'] as const;
  private readonly client: SESClient;
  private readonly from: string;
  private readonly configurationSet: string | undefined;

  /** `configurationSet`: its event destination tells of deliveries and bounces. */
  constructor(options: AwsOptions & { name?: string; from: string; configurationSet?: string | undefined }) {
    this.name = options.name ?? 'ses';
    this.client = new SESClient(awsClientSettings(options));
    this.from = options.from;
    this.configurationSet = options.configurationSet;
  }

  async send(message: OutgoingMessage): Promise<ProviderAnswer> {
    if (message.channel !== 'email') throw new Error('SES sends emails');
    // What can't be written was never asked for; only what happens after counts as a lost answer.
    const mime = await composeMail(message, this.from).catch(() => undefined);
    if (!mime) return { outcome: 'permanent', reason: 'no email can be written to this address' };
    try {
      const { MessageId } = await this.client.send(new SendRawEmailCommand({ Source: this.from, Destinations: [message.to], RawMessage: { Data: mime }, ConfigurationSetName: this.configurationSet }));
      return MessageId ? { outcome: 'accepted', providerMessageId: MessageId } : { outcome: 'unknown', reason: 'an answer without a message id' };
    } catch (error) {
      return answerToAwsError(error);
    }
  }

  close(): void {
    this.client.destroy();
  }
}
