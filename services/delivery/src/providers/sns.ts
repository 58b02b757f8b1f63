import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { type AwsOptions, awsClientSettings } from './aws-client.ts';
import { answerToAwsError } from './aws-errors.ts';
import type { OutgoingMessage, Provider, ProviderAnswer } from './provider.ts';

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
    try {
      const { MessageId } = await this.client.send(
        new PublishCommand({
          PhoneNumber: message.to,
          Message: message.text,
          MessageAttributes: {
            'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
            ...(this.senderId ? { 'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: this.senderId } } : {}),
          },
        }),
      );
      return MessageId ? { outcome: 'accepted', providerMessageId: MessageId } : { outcome: 'unknown', reason: 'an answer without a message id' };
    } catch (error) {
      return answerToAwsError(error);
    }
  }

  close(): void {
    this.client.destroy();
  }
}
