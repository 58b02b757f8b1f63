import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const keys = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'the-secret' };

test('only the keys are needed; the rest has defaults', () => {
  expect(readConfig(keys)).toEqual({
    host: '127.0.0.1',
    port: 8025,
    internalPort: 8186,
    verifiedSenders: ['no-reply@localhost', 'no-reply@latchkey.example'],
    logLevel: 'info',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'the-secret', sessionToken: undefined },
    ses: { topicArn: 'arn:aws:sns:us-east-1:000000000000:latchkey-receipts', receiptUrl: undefined },
    smtp: undefined,
    twilioAccounts: [],
    webhookSecret: undefined,
    webhookReceiptUrl: undefined,
    receiptDelayMs: 300,
  });
});

test('everything can be set', () => {
  expect(
    readConfig({
      ...keys,
      LATCHKEY_HOST: '0.0.0.0',
      LATCHKEY_INBOX_PORT: '9025',
      LATCHKEY_INTERNAL_PORT: '9186',
      LATCHKEY_INBOX_VERIFIED_SENDERS: ' A@Example.com , example.org,',
      LATCHKEY_LOG_LEVEL: 'debug',
      AWS_SESSION_TOKEN: 'token',
      LATCHKEY_INBOX_SES_RECEIPT_URL: 'https://login.example/receipts/ses',
      LATCHKEY_INBOX_SES_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:mail',
      LATCHKEY_INBOX_SMTP_PORT: '2525',
      LATCHKEY_INBOX_SMTP_USER: 'relay',
      LATCHKEY_INBOX_SMTP_PASSWORD: 'p',
      LATCHKEY_INBOX_TWILIO_ACCOUNTS: `AC${'1'.repeat(32)}:one, AC${'2'.repeat(32)}:two`,
      LATCHKEY_INBOX_WEBHOOK_SECRET: `whsec_${'a'.repeat(43)}=`,
      LATCHKEY_INBOX_WEBHOOK_RECEIPT_URL: 'https://login.example/receipts/webhook',
      LATCHKEY_INBOX_RECEIPT_DELAY_MS: '0',
    }),
  ).toEqual({
    host: '0.0.0.0',
    port: 9025,
    internalPort: 9186,
    verifiedSenders: ['a@example.com', 'example.org'],
    logLevel: 'debug',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'the-secret', sessionToken: 'token' },
    ses: { topicArn: 'arn:aws:sns:eu-west-1:123456789012:mail', receiptUrl: 'https://login.example/receipts/ses' },
    smtp: { port: 2525, user: 'relay', password: 'p' },
    twilioAccounts: [
      { sid: `AC${'1'.repeat(32)}`, authToken: 'one' },
      { sid: `AC${'2'.repeat(32)}`, authToken: 'two' },
    ],
    webhookSecret: `whsec_${'a'.repeat(43)}=`,
    webhookReceiptUrl: 'https://login.example/receipts/webhook',
    receiptDelayMs: 0,
  });
});

test('all wrong settings are named at once, and no value is repeated', () => {
  let message = '';
  try {
    readConfig({ AWS_SECRET_ACCESS_KEY: '', LATCHKEY_INBOX_PORT: 'hunter2', LATCHKEY_INTERNAL_PORT: '70000', LATCHKEY_INBOX_VERIFIED_SENDERS: ' , ', LATCHKEY_LOG_LEVEL: 'loud', LATCHKEY_INBOX_TWILIO_ACCOUNTS: 'AC1:hunter2', LATCHKEY_INBOX_WEBHOOK_SECRET: 'hunter2' });
  } catch (error) {
    message = (error as Error).message;
  }
  for (const name of ['AWS_ACCESS_KEY_ID is missing', 'AWS_SECRET_ACCESS_KEY is empty', 'LATCHKEY_INBOX_PORT must be a port number', 'LATCHKEY_INTERNAL_PORT', 'LATCHKEY_INBOX_VERIFIED_SENDERS', 'LATCHKEY_LOG_LEVEL', 'LATCHKEY_INBOX_TWILIO_ACCOUNTS', 'LATCHKEY_INBOX_WEBHOOK_SECRET']) {
    expect(message).toContain(name);
  }
  expect(message).not.toMatch(/hunter2|70000|loud/);
});

test('a mail relay takes mail only from those who log in', () => {
  expect(() => readConfig({ ...keys, LATCHKEY_INBOX_SMTP_PORT: '2525' })).toThrow('LATCHKEY_INBOX_SMTP_PASSWORD is missing');
});
