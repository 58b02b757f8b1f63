import { readConfig } from '@latchkey/platform';
import { expect, it } from 'vitest';
import { deliverySettings } from './config.ts';

const needed = { LATCHKEY_AMQP_URL: 'amqp://x', LATCHKEY_DATABASE_URL: 'postgres://x', LATCHKEY_SEALING_KEYS: `k:${'A'.repeat(43)}=` };
const read = (environment: Record<string, string>) => readConfig(deliverySettings, { ...needed, ...environment });
const routes = (value: object) => ({ LATCHKEY_DELIVERY_ROUTES: JSON.stringify(value) });

it('without routes it is Amazon SNS and SES, and no Redis is needed', () => {
  expect(read({})).toMatchObject({ DELIVERY_CHANNELS: ['sms', 'email'], LATCHKEY_LEDGER_DAYS: 90 });
});

it('a cap that no Redis keeps, and a channel without a route, stop the start and not a login', () => {
  const capped = routes({ providers: { sns: { kind: 'sns', perSecond: 5 } }, routes: { sms: [{ provider: 'sns' }] } });
  expect(() => read(capped)).toThrow(/ROUTES\.routes\.email: is missing[^]*LATCHKEY_REDIS_URL: is needed for the caps of sns/);
  expect(read({ ...capped, DELIVERY_CHANNELS: 'sms', LATCHKEY_REDIS_URL: 'redis://x' }).LATCHKEY_DELIVERY_ROUTES?.providers['sns']?.perSecond).toBe(5);
});

it('a secret that is not there is told by its name', () => {
  const webhook = routes({ providers: { hook: { kind: 'webhook', url: 'https://hook.example', secret: { env: 'NOT_SET_ANYWHERE' } }, mail: { kind: 'smtp', host: 'x', password: { file: '/nowhere' } } }, routes: { sms: [{ provider: 'hook' }], email: [{ provider: 'mail' }] } });
  expect(() => read(webhook)).toThrow(/hook\.secret: NOT_SET_ANYWHERE holds no secret\n.*mail\.password: \/nowhere holds no secret/);
});
