import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { commonSettings, readConfig, redisSetting, setting, WrongSettings } from './config.ts';

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

it('nodes of a Redis Cluster have the same credentials, and no database but 0: a key would be looked for where it is not', () => {
  const read = (url: string) => readConfig(z.object(redisSetting), { LATCHKEY_REDIS_URL: url }).LATCHKEY_REDIS_URL;
  for (const url of ['redis://cache/7', 'rediss://:secret@a:1', 'redis://:secret@a:1, redis://:secret@b:2/0', 'redis+cluster://cache:6379/', 'rediss+cluster://me:secret@cache']) expect(read(url)).toBe(url);
  for (const url of ['redis://:one@a,redis://:other@b', 'redis://a,rediss://b', 'redis://a/1,redis://b/1', 'redis+cluster://cache/3', 'redis://a,', 'http://a,http://b']) expect(() => read(url), url).toThrow(/LATCHKEY_REDIS_URL/);
});

it('an empty variable counts as not set', () => {
  expect(readConfig(settings, { ...right, PORT: '' }).PORT).toBe(80);
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const inFile = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

it('a setting may lie in a file, whose last line end is not part of it', () => {
  const { LATCHKEY_AMQP_URL, ...others } = right;
  for (const end of ['', '\n', '\r\n']) {
    const read = readConfig(settings, { ...others, LATCHKEY_AMQP_URL_FILE: inFile('amqp', `${LATCHKEY_AMQP_URL}${end}`) });
    expect(read.LATCHKEY_AMQP_URL).toBe(LATCHKEY_AMQP_URL);
  }
});

it('a value from a file is checked like any other, and shown as little', () => {
  const read = () => readConfig(settings, { ...right, LATCHKEY_SEALING_KEYS: '', LATCHKEY_SEALING_KEYS_FILE: inFile('keys', 'k1:short-secret') });
  expect(read).toThrow(/LATCHKEY_SEALING_KEYS: must be/);
  expect(read).not.toThrow(/short-secret/);
});

it('a file that is missing or empty, or a variable given twice, stops the start with the name of the variable', () => {
  const { LATCHKEY_AMQP_URL: _, ...others } = right;
  const problem = (more: Record<string, string>) => {
    try {
      return readConfig(settings, { ...others, ...more });
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(problem({ LATCHKEY_AMQP_URL_FILE: join(folder, 'nowhere') })).toBe("wrong settings:\n  LATCHKEY_AMQP_URL_FILE: can't be read (ENOENT)");
  expect(problem({ LATCHKEY_AMQP_URL_FILE: inFile('empty', '\n') })).toBe('wrong settings:\n  LATCHKEY_AMQP_URL_FILE: the file is empty');
  expect(problem({ ...right, LATCHKEY_AMQP_URL_FILE: inFile('amqp', right.LATCHKEY_AMQP_URL) })).toContain('LATCHKEY_AMQP_URL_FILE: is set beside LATCHKEY_AMQP_URL');
});

it('files are read for settings alone, not for whatever ends in _FILE', () => {
  expect(readConfig(settings, { ...right, AWS_SHARED_CREDENTIALS_FILE: join(folder, 'nowhere') }).PORT).toBe(80);
});
