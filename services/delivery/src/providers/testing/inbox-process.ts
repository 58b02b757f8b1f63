import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { eventually, freePort, type InboxMessage, readInbox } from '@latchkey/testing';

/** Credentials that the inbox of a test takes, each of its own vendor. */
export const credentials = {
  aws: { accessKeyId: 'latchkey-test', secretAccessKey: 'latchkey-test-secret' },
  smtp: { user: 'latchkey', password: 'a password of the relay' },
  twilio: { accountSid: `AC${'5'.repeat(32)}`, authToken: '0123456789abcdef0123456789abcdef' },
  webhookSecret: `whsec_${randomBytes(32).toString('base64')}`,
};

/** The development inbox as a process of its own, speaking every vendor's protocol. */
export async function startInbox(receiptUrls: { ses?: string; webhook?: string } = {}) {
  const [port, internalPort, smtpPort] = [await freePort(), await freePort(), await freePort()];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../../../../inbox/src/main.ts')], {
    env: {
      AWS_ACCESS_KEY_ID: credentials.aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.aws.secretAccessKey,
      LATCHKEY_INBOX_PORT: String(port),
      LATCHKEY_INTERNAL_PORT: String(internalPort),
      LATCHKEY_INBOX_SMTP_PORT: String(smtpPort),
      LATCHKEY_INBOX_SMTP_USER: credentials.smtp.user,
      LATCHKEY_INBOX_SMTP_PASSWORD: credentials.smtp.password,
      LATCHKEY_INBOX_TWILIO_ACCOUNTS: `${credentials.twilio.accountSid}:${credentials.twilio.authToken}`,
      LATCHKEY_INBOX_WEBHOOK_SECRET: credentials.webhookSecret,
      LATCHKEY_INBOX_RECEIPT_DELAY_MS: '50',
      // Also a service provider's whole domain.
      LATCHKEY_INBOX_VERIFIED_SENDERS: 'no-reply@latchkey.example,lumen.example',
      ...(receiptUrls.ses ? { LATCHKEY_INBOX_SES_RECEIPT_URL: receiptUrls.ses } : {}),
      ...(receiptUrls.webhook ? { LATCHKEY_INBOX_WEBHOOK_RECEIPT_URL: receiptUrls.webhook } : {}),
    },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`http://127.0.0.1:${internalPort}/health/ready`)).ok, { timeoutMs: 20_000, what: 'the inbox' });
  return {
    url,
    port,
    smtpPort,
    smtpCertificate: await (await fetch(`${url}/smtp-certificate.pem`)).text(),
    received: (to: string): Promise<(InboxMessage & { headers?: Record<string, string> })[]> => readInbox(url, to),
    stop: () => child.kill(),
  };
}

export type InboxProcess = Awaited<ReturnType<typeof startInbox>>;
