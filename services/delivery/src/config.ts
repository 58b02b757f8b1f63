import { channel } from '@latchkey/contracts';
import { commonSettings, databaseSetting, setting } from '@latchkey/platform';
import { z } from 'zod';

export const deliverySettings = z.object({
  ...commonSettings,
  ...databaseSetting,
  LATCHKEY_INTERNAL_PORT: setting.port(8184, 'Health and metrics'),
  DELIVERY_CHANNELS: setting.list('sms,email', 'Channels this worker delivers: `sms`, `email` or both').pipe(z.array(channel).min(1)),
  LATCHKEY_DELIVERY_PREFETCH: setting.count(50, 'Messages a worker asks providers for at the same time'),
  LATCHKEY_EMAIL_FROM: z.string().default('no-reply@latchkey.example').describe('Sender of emails; a verified identity of Amazon SES'),
  LATCHKEY_SMS_SENDER_ID: z.string().regex(/^[A-Za-z0-9]{1,11}$/).optional().describe('Sender id of texts, where the country allows one'),
  AWS_REGION: z.string().default('us-east-1').describe('Region of Amazon SNS and SES; credentials come the usual ways of the AWS SDK'),
  AWS_ENDPOINT_URL_SNS: z.url().optional().describe('Another address that speaks the SNS protocol, as the development inbox does'),
  AWS_ENDPOINT_URL_SES: z.url().optional().describe('Another address that speaks the SES protocol'),
});
