import { z } from 'zod';

const port = (fallback: number) => z.coerce.number('must be a port number').int().min(0).max(65_535).default(fallback);

const list = (fallback: string) =>
  z.string().default(fallback).transform((value) => value.split(',').map((entry) => entry.trim().toLowerCase()).filter(Boolean));

const credential = () => z.string('is missing: the inbox checks signatures and needs the key that the delivery workers sign with').min(1, 'is empty');

const twilioAccounts = z
  .string()
  .default('')
  .transform((value, context) =>
    value.split(',').filter(Boolean).map((entry): TwilioAccount => {
      const { sid, authToken } = /^(?<sid>AC[0-9a-f]{32}):(?<authToken>\S+)$/.exec(entry.trim())?.groups ?? {};
      if (sid === undefined || authToken === undefined) context.addIssue('must be `AC…:auth token`, several with commas');
      return { sid: sid ?? '', authToken: authToken ?? '' };
    }),
  );

const webhookSecret = z.string().regex(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, 'must be `whsec_` and base64 of 24 to 64 bytes');

const settings = z.object({
  LATCHKEY_HOST: z.string().min(1).default('127.0.0.1').describe('address both ports listen on'),
  LATCHKEY_INBOX_PORT: port(8025).describe('page, JSON, and the endpoints that stand in for SNS, SES, Twilio and a webhook'),
  LATCHKEY_INTERNAL_PORT: port(8186).describe('health and metrics'),
  LATCHKEY_INBOX_VERIFIED_SENDERS: list('no-reply@localhost,no-reply@latchkey.example')
    .pipe(z.array(z.string()).min(1, 'names no address or domain'))
    .describe('addresses, or whole domains, that mail may come from'),
  LATCHKEY_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').describe('least severe line logged'),
  AWS_ACCESS_KEY_ID: credential().describe('key that calls must be signed with'),
  AWS_SECRET_ACCESS_KEY: credential().describe('its secret'),
  AWS_SESSION_TOKEN: z.string().min(1, 'is empty').optional().describe('expected with the key when it is a temporary one'),
  LATCHKEY_INBOX_SES_RECEIPT_URL: z.url('must be an address').optional().describe('where the SNS topic of SES posts deliveries and bounces'),
  LATCHKEY_INBOX_SES_TOPIC_ARN: z.string().regex(/^arn:aws:sns:[a-z0-9-]+:\d{12}:[\w-]+$/, 'must be the ARN of a topic').default('arn:aws:sns:us-east-1:000000000000:latchkey-receipts').describe('that topic'),
  LATCHKEY_INBOX_SMTP_PORT: z.coerce.number('must be a port number').int().min(0).max(65_535).optional().describe('SMTP relay; none when not set'),
  LATCHKEY_INBOX_SMTP_USER: z.string().min(1).default('latchkey').describe('user that mail clients log in as'),
  LATCHKEY_INBOX_SMTP_PASSWORD: z.string().min(1, 'is empty').optional().describe('password of that user; needed with the port'),
  LATCHKEY_INBOX_TWILIO_ACCOUNTS: twilioAccounts.describe('accounts of the Twilio endpoint, `AC…:auth token`, several with commas; none when not set'),
  LATCHKEY_INBOX_WEBHOOK_SECRET: webhookSecret.optional().describe('secret of the generic webhook at `/webhook` and of its receipts; no webhook when not set'),
  LATCHKEY_INBOX_WEBHOOK_RECEIPT_URL: z.url('must be an address').optional().describe('where the generic webhook tells its receipts'),
  LATCHKEY_INBOX_RECEIPT_DELAY_MS: z.coerce.number('must be milliseconds').int().min(0).max(60_000).default(300).describe('how long after taking a message its receipt comes'),
}).refine((value) => value.LATCHKEY_INBOX_SMTP_PORT === undefined || value.LATCHKEY_INBOX_SMTP_PASSWORD !== undefined, { path: ['LATCHKEY_INBOX_SMTP_PASSWORD'], message: 'is missing: the SMTP relay takes mail only from those who log in' });

/** What the inbox needs to know to run. */
export type InboxConfig = {
  host: string;
  port: number;
  internalPort: number;
  verifiedSenders: string[];
  logLevel: string;
  credentials: AwsCredentials;
  ses: { topicArn: string; receiptUrl: string | undefined };
  smtp: SmtpCredentials | undefined;
  twilioAccounts: TwilioAccount[];
  webhookSecret: string | undefined;
  webhookReceiptUrl: string | undefined;
  receiptDelayMs: number;
};

export type AwsCredentials = { accessKeyId: string; secretAccessKey: string; sessionToken: string | undefined };
export type SmtpCredentials = { port: number; user: string; password: string };
export type TwilioAccount = { sid: string; authToken: string };

/** Every wrong setting in one message, so that a start shows them all at once. */
export class WrongSettings extends Error {}

/** Reads the settings from an environment; throws `WrongSettings`. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): InboxConfig {
  const read = settings.safeParse(environment);
  if (!read.success) {
    // The value is never shown: it may be a secret in the wrong place.
    const lines = read.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
    throw new WrongSettings(`Wrong settings:\n${lines.join('\n')}`);
  }
  const value = read.data;
  return {
    host: value.LATCHKEY_HOST,
    port: value.LATCHKEY_INBOX_PORT,
    internalPort: value.LATCHKEY_INTERNAL_PORT,
    verifiedSenders: value.LATCHKEY_INBOX_VERIFIED_SENDERS,
    logLevel: value.LATCHKEY_LOG_LEVEL,
    credentials: {
      accessKeyId: value.AWS_ACCESS_KEY_ID,
      secretAccessKey: value.AWS_SECRET_ACCESS_KEY,
      sessionToken: value.AWS_SESSION_TOKEN,
    },
    ses: { topicArn: value.LATCHKEY_INBOX_SES_TOPIC_ARN, receiptUrl: value.LATCHKEY_INBOX_SES_RECEIPT_URL },
    smtp:
      value.LATCHKEY_INBOX_SMTP_PORT === undefined || value.LATCHKEY_INBOX_SMTP_PASSWORD === undefined
        ? undefined
        : { port: value.LATCHKEY_INBOX_SMTP_PORT, user: value.LATCHKEY_INBOX_SMTP_USER, password: value.LATCHKEY_INBOX_SMTP_PASSWORD },
    twilioAccounts: value.LATCHKEY_INBOX_TWILIO_ACCOUNTS,
    webhookSecret: value.LATCHKEY_INBOX_WEBHOOK_SECRET,
    webhookReceiptUrl: value.LATCHKEY_INBOX_WEBHOOK_RECEIPT_URL,
    receiptDelayMs: value.LATCHKEY_INBOX_RECEIPT_DELAY_MS,
  };
}
