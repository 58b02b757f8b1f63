import { expect, test } from 'vitest';
import type { BackingPart } from '../stack/backing-part.ts';
import type { Instance } from '../stack/instance.ts';
import type { Stack } from '../stack/stack.ts';
import { serviceEnvironment } from './service-environment.ts';
import { readSettings } from './settings.ts';

const secrets = { postgres: 'p', roles: 'r', redis: 'd', rabbitmq: 'q', sealingKey: 'k1:AA==', awsSecretKey: 'own-secret' };
const instance = { name: 'dev', state: { secrets, sources: {} } } as unknown as Instance;
const part = (url: string) => ({ url }) as BackingPart;
const stack: Stack = { rabbitmq: part('amqp://b'), redis: part('redis://c'), postgres: part('postgres://postgres:p@127.0.0.1:1/postgres') };
const environmentOf = (name: 'auth' | 'gateway' | 'delivery-sms', given: Record<string, string> = {}) =>
  serviceEnvironment(name, instance, stack, readSettings(given), given);

test('a service gets the URL of its own role and nobody gets the administrator', () => {
  const given = { LATCHKEY_POSTGRES_URL: 'postgres://admin:s3cret@db/postgres', LATCHKEY_CODE_ISSUANCE_DATABASE_URL: 'postgres://codes:s3cret@db/x' };
  const auth = environmentOf('auth', given);
  expect(new URL(auth['LATCHKEY_DATABASE_URL'] ?? '').username).toBe('latchkey_auth');
  expect(JSON.stringify(auth)).not.toContain('s3cret');
  expect(environmentOf('gateway')['LATCHKEY_DATABASE_URL']).toBeUndefined();
});

test('texts and emails go to the inbox, with a key that is not the user\'s', () => {
  const sms = environmentOf('delivery-sms', { AWS_ACCESS_KEY_ID: 'AKIAREAL', AWS_SECRET_ACCESS_KEY: 'real', AWS_SESSION_TOKEN: 'real' });
  expect(sms['AWS_ENDPOINT_URL_SNS']).toBe('http://127.0.0.1:8025');
  expect(sms['AWS_ACCESS_KEY_ID']).toBe('latchkey-dev');
  expect(JSON.stringify(sms)).not.toContain('real');
  expect(sms['DELIVERY_CHANNELS']).toBe('sms');
});

test('LATCHKEY_DELIVERY=aws leaves every AWS variable as the user has it', () => {
  const given = { LATCHKEY_DELIVERY: 'aws', AWS_ACCESS_KEY_ID: 'AKIAREAL', AWS_REGION: 'eu-central-1' };
  const aws = Object.entries(environmentOf('delivery-sms', given)).filter(([name]) => name.startsWith('AWS_'));
  expect(Object.fromEntries(aws)).toEqual({ AWS_ACCESS_KEY_ID: 'AKIAREAL', AWS_REGION: 'eu-central-1' });
});

test('what the user sets wins over a default', () => {
  expect(environmentOf('auth', { LATCHKEY_LOG_LEVEL: 'debug' })['LATCHKEY_LOG_LEVEL']).toBe('debug');
});
