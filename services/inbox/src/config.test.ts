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
    }),
  ).toEqual({
    host: '0.0.0.0',
    port: 9025,
    internalPort: 9186,
    verifiedSenders: ['a@example.com', 'example.org'],
    logLevel: 'debug',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'the-secret', sessionToken: 'token' },
  });
});

test('all wrong settings are named at once, and no value is repeated', () => {
  let message = '';
  try {
    readConfig({ AWS_SECRET_ACCESS_KEY: '', LATCHKEY_INBOX_PORT: 'hunter2', LATCHKEY_INTERNAL_PORT: '70000', LATCHKEY_INBOX_VERIFIED_SENDERS: ' , ', LATCHKEY_LOG_LEVEL: 'loud' });
  } catch (error) {
    message = (error as Error).message;
  }
  for (const name of ['AWS_ACCESS_KEY_ID is missing', 'AWS_SECRET_ACCESS_KEY is empty', 'LATCHKEY_INBOX_PORT must be a port number', 'LATCHKEY_INTERNAL_PORT', 'LATCHKEY_INBOX_VERIFIED_SENDERS', 'LATCHKEY_LOG_LEVEL']) {
    expect(message).toContain(name);
  }
  expect(message).not.toMatch(/hunter2|70000|loud/);
});
