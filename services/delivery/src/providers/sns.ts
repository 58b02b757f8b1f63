import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { answerToAwsError } from './aws-errors.ts';
import type { OutgoingMessage, Provider, ProviderAnswer } from './provider.ts';

/** Texts through Amazon SNS. Retries are ours (by the queue), so the SDK makes none. */
export class SnsProvider implements Provider {
  readonly name = 'sns';
  private readonly client: SNSClient;
  private readonly senderId: string | undefined;

  constructor(options: { region: string; senderId?: string | undefined; endpoint?: string | undefined; timeoutMs?: number }) {
    const timeoutMs = options.timeoutMs ?? 5_000;
    this.client = new SNSClient({
      region: options.region,
      ...(options.endpoint ? { endpoint: options.endpoint } : {}),
      maxAttempts: 1,
      requestHandler: { requestTimeout: timeoutMs, connectionTimeout: timeoutMs, throwOnRequestTimeout: true },
    });
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
}
