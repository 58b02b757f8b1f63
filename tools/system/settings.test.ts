import { expect, test } from 'vitest';
import { readSettings } from './settings.ts';

test('an empty environment gives the documented defaults', () => {
  const settings = readSettings({});
  expect(settings.http.port).toBe(8080);
  expect(settings.inbox.port).toBe(8025);
  expect(settings.publicUrl).toBe('http://localhost:8080');
  expect(settings.internal.gateway.port).toBe(8180);
  expect(settings.limits).toBe('development');
  expect(settings.stack).toEqual({ urls: {}, ports: {} });
});

test('everything wrong is told at once', () => {
  const environment = {
    LATCHKEY_HTTP_PORT: '80a',
    LATCHKEY_INBOX_PORT: '70000',
    LATCHKEY_AMQP_URL: 'http://broker',
    LATCHKEY_REDIS_URL: 'not a url',
    LATCHKEY_POSTGRES_URL: 'postgres://',
    LATCHKEY_LIMITS: 'none',
    LATCHKEY_LOG_LEVEL: 'loud',
    LATCHKEY_DELIVERY: 'pigeon',
    LATCHKEY_SEALING_KEYS: 'k1:c2hvcnQ=',
    LATCHKEY_AUTH_DATABASE_URL: 'mysql://x/y',
    AWS_ENDPOINT_URL_SNS: 'sns',
  };
  const message = messageOf(() => readSettings(environment));
  for (const variable of Object.keys(environment)) expect(message).toContain(variable);
});

test('the same port twice is told with both variables', () => {
  const message = messageOf(() => readSettings({ LATCHKEY_HTTP_PORT: '9000', LATCHKEY_INBOX_PORT: '9000' }));
  expect(message).toContain('LATCHKEY_HTTP_PORT and LATCHKEY_INBOX_PORT are both 9000');
});

test('a wrong URL is told without its password', () => {
  expect(messageOf(() => readSettings({ LATCHKEY_REDIS_URL: 'http://me:hunter2@cache' }))).not.toContain('hunter2');
});

test('servers may be clusters, of which every node is looked at', () => {
  const clusters = { LATCHKEY_AMQP_URL: 'amqp://a:1/v,amqp://b:2/v', LATCHKEY_REDIS_URL: 'redis://:secret@a:7000,redis://:secret@b:7001' };
  expect(readSettings(clusters).stack.urls).toEqual({ rabbitmq: clusters.LATCHKEY_AMQP_URL, redis: clusters.LATCHKEY_REDIS_URL });
  for (const [variable, urls] of Object.entries(clusters)) expect(messageOf(() => readSettings({ [variable]: `${urls},http://c` }))).toContain(variable);
});

test('the public URL follows the port', () => {
  expect(readSettings({ LATCHKEY_HTTP_PORT: '9123' }).publicUrl).toBe('http://localhost:9123');
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}
