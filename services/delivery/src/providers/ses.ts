import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { type AwsOptions, awsClientSettings } from './aws-client.ts';
import { answerToAwsError } from './aws-errors.ts';
import { addressOf, composeMail } from './compose-mail.ts';
import type { OutgoingMessage, Provider, ProviderAnswer } from './provider.ts';
import { askAs, emailSenders, type SenderAnswer } from './sender.ts';

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
    return askAs(emailSenders(message, this.from), (from) => this.sendFrom(from, message));
  }

  private async sendFrom(from: string, message: Extract<OutgoingMessage, { channel: 'email' }>): Promise<SenderAnswer> {
    // What can't be written was never asked for; only what happens after counts as a lost answer.
    const mime = await composeMail(message, from).catch(() => undefined);
    if (!mime) return { answer: { outcome: 'permanent', reason: 'no email can be written to this address' }, refused: false };
    try {
      const { MessageId } = await this.client.send(new SendRawEmailCommand({ Source: addressOf(from), Destinations: [message.to], RawMessage: { Data: mime }, ConfigurationSetName: this.configurationSet }));
      return { answer: MessageId ? { outcome: 'accepted', providerMessageId: MessageId } : { outcome: 'unknown', reason: 'an answer without a message id' }, refused: false };
    } catch (error) {
      return { answer: answerToAwsError(error), refused: isAboutSender(error) };
    }
  }

  close(): void {
    this.client.destroy();
  }
}

/** An address, or the domain its bounces go to, that is not verified for this account. */
const isAboutSender = (error: unknown): boolean => {
  const { name = '', message = '' } = error as { name?: string; message?: string };
  return name.startsWith('MailFromDomainNotVerified') || (name === 'MessageRejected' && /not verified/i.test(message));
};
