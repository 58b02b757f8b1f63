import { expect, it } from 'vitest';
import { z } from 'zod';
import { commonSettings, readConfig, setting, WrongSettings } from './config.ts';

const settings = z.object({ ...commonSettings, PORT: setting.port(80, 'a port') });
const right = {
  LATCHKEY_AMQP_URL: 'amqp://localhost/latchkey',
  LATCHKEY_SEALING_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
};

it('defaults are filled in and numbers are numbers', () => {
  expect(readConfig(settings, { ...right, PORT: '8080' })).toMatchObject({ PORT: 8080, LATCHKEY_LIMITS: 'production', LATCHKEY_HOST: '127.0.0.1' });
});

it('all wrong settings are told at once, without their values', () => {
  const read = () => readConfig(settings, { LATCHKEY_AMQP_URL: 'http://user:pass-word@host', LATCHKEY_SEALING_KEYS: 'k1:short', PORT: '70000' });
  expect(read).toThrow(WrongSettings);
  try {
    read();
  } catch (error) {
    for (const name of ['LATCHKEY_AMQP_URL', 'LATCHKEY_SEALING_KEYS', 'PORT']) expect((error as Error).message).toContain(name);
    expect((error as Error).message).not.toMatch(/pass-word|short/);
  }
});

it('every node of a broker is checked, not the first alone', () => {
  const read = (url: string) => readConfig(settings, { ...right, LATCHKEY_AMQP_URL: url }).LATCHKEY_AMQP_URL;
  expect(read('amqp://a:5672/v, amqps://b/v')).toBe('amqp://a:5672/v, amqps://b/v');
  expect(() => read('amqp://a:5672/v,http://b/v')).toThrow(/LATCHKEY_AMQP_URL/);
  expect(() => read('amqp://a:5672/v,')).toThrow(/LATCHKEY_AMQP_URL/);
});

it('an empty variable counts as not set', () => {
  expect(readConfig(settings, { ...right, PORT: '' }).PORT).toBe(80);
});
