import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { type AwsOptions, awsClientSettings } from './aws-client.ts';
import { answerToAwsError } from './aws-errors.ts';
import type { OutgoingMessage, Provider, ProviderAnswer } from './provider.ts';
import { askAs, type SenderAnswer, textSenders } from './sender.ts';

/** Up to eleven letters and digits with a letter among them: a number is no sender id. */
const senderIdPattern = /^(?=\d*[a-z])[a-z\d]{1,11}$/i;

/** Texts through Amazon SNS. */
export class SnsProvider implements Provider {
  readonly name: string;
  readonly channels = ['sms'] as const;
  private readonly client: SNSClient;
  private readonly senderId: string | undefined;

  constructor(options: AwsOptions & { name?: string; senderId?: string | undefined }) {
    this.name = options.name ?? 'sns';
    this.client = new SNSClient(awsClientSettings(options));
    this.senderId = options.senderId;
  }

  async send(message: OutgoingMessage): Promise<ProviderAnswer> {
    if (message.channel !== 'sms') throw new Error('SNS sends texts');
    return askAs(textSenders(message.sender, this.senderId, senderIdPattern), (senderId) => this.sendFrom(senderId, message));
  }

  private async sendFrom(senderId: string | undefined, message: OutgoingMessage): Promise<SenderAnswer> {
    try {
      const { MessageId } = await this.client.send(
        new PublishCommand({
          PhoneNumber: message.to,
          Message: message.text,
          MessageAttributes: {
            'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
            ...(senderId ? { 'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: senderId } } : {}),
          },
        }),
      );
      return { answer: MessageId ? { outcome: 'accepted', providerMessageId: MessageId } : { outcome: 'unknown', reason: 'an answer without a message id' }, refused: false };
    } catch (error) {
      return { answer: answerToAwsError(error), refused: /SenderID/i.test((error as Error).message) };
    }
  }

  close(): void {
    this.client.destroy();
  }
}
