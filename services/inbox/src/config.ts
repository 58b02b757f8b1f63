import { z } from 'zod';

const port = (fallback: number) => z.coerce.number('must be a port number').int().min(0).max(65_535).default(fallback);

const list = (fallback: string) =>
  z.string().default(fallback).transform((value) => value.split(',').map((entry) => entry.trim().toLowerCase()).filter(Boolean));

const credential = () => z.string('is missing: the inbox checks signatures and needs the key that the delivery workers sign with').min(1, 'is empty');

const settings = z.object({
  LATCHKEY_HOST: z.string().min(1).default('127.0.0.1').describe('address both ports listen on'),
  LATCHKEY_INBOX_PORT: port(8025).describe('page, JSON, and the endpoint that stands in for SNS and SES'),
  LATCHKEY_INTERNAL_PORT: port(8186).describe('health and metrics'),
  LATCHKEY_INBOX_VERIFIED_SENDERS: list('no-reply@localhost,no-reply@latchkey.example')
    .pipe(z.array(z.string()).min(1, 'names no address or domain'))
    .describe('addresses, or whole domains, that mail may come from'),
  LATCHKEY_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').describe('least severe line logged'),
  AWS_ACCESS_KEY_ID: credential().describe('key that calls must be signed with'),
  AWS_SECRET_ACCESS_KEY: credential().describe('its secret'),
  AWS_SESSION_TOKEN: z.string().min(1, 'is empty').optional().describe('expected with the key when it is a temporary one'),
});

/** What the inbox needs to know to run. */
export type InboxConfig = {
  host: string;
  port: number;
  internalPort: number;
  verifiedSenders: string[];
  logLevel: string;
  credentials: AwsCredentials;
};

export type AwsCredentials = { accessKeyId: string; secretAccessKey: string; sessionToken: string | undefined };

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
  };
}
