import { readConfig } from '@latchkey/platform';
import { describe, expect, it } from 'vitest';
import { gatewaySettings, isLocalName } from './config.ts';

const needed = { LATCHKEY_AMQP_URL: 'amqp://localhost', LATCHKEY_SEALING_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}` };
const read = (environment: Record<string, string>) => readConfig(gatewaySettings, { ...needed, ...environment });

describe('plain http', () => {
  it.each(['http://localhost', 'http://localhost:8080', 'http://app.localhost:8080', 'http://127.0.0.1:8080', 'http://127.8.0.1', 'http://[::1]:8080'])('%s is allowed: it never leaves the machine', (url) => {
    expect(read({ LATCHKEY_PUBLIC_URL: url }).LATCHKEY_PUBLIC_URL).toBe(url);
  });

  it.each(['http://login.example', 'http://localhost.example', 'http://notlocalhost', 'http://127.0.0.1.example', 'http://192.168.1.7:8080', 'http://[2001:db8::1]', 'http://1270.0.0.1.example'])(
    '%s stops the start, unless a setting allows it',
    (url) => {
      expect(() => read({ LATCHKEY_PUBLIC_URL: url })).toThrow(/LATCHKEY_PUBLIC_URL.*LATCHKEY_ALLOW_INSECURE_HTTP/s);
      expect(read({ LATCHKEY_PUBLIC_URL: url, LATCHKEY_ALLOW_INSECURE_HTTP: 'true' }).LATCHKEY_PUBLIC_URL).toBe(url);
    },
  );

  it('https is allowed under every name', () => {
    expect(read({ LATCHKEY_PUBLIC_URL: 'https://login.example' }).LATCHKEY_PUBLIC_URL).toBe('https://login.example');
  });

  it('what only looks like this machine is not it', () => {
    expect(['localhost', 'a.b.localhost', '127.0.0.1', '[::1]'].map(isLocalName)).toEqual([true, true, true, true]);
    expect(['', 'localhost.', 'mylocalhost', 'localhost.evil.example', '127.0.0.1.nip.io', '128.0.0.1', '::1'].map(isLocalName)).toEqual(Array(7).fill(false));
  });
});

describe('trusted proxies', () => {
  it.each(['127.0.0.1', '10.0.0.0/8', '2001:db8::/32', '::1', 'loopback', 'uniquelocal', '10.0.0.1,192.168.0.0/16'])('%s are understood', (proxies) => {
    expect(read({ LATCHKEY_TRUSTED_PROXIES: proxies }).LATCHKEY_TRUSTED_PROXIES).toEqual(proxies.split(','));
  });

  it.each(['true', '*', '0.0.0', '300.1.1.1', '10.0.0.0/', 'proxy.example', '1', '10.0.0.1;10.0.0.2', 'loopback/8'])('%s stops the start, and is named', (proxies) => {
    expect(() => read({ LATCHKEY_TRUSTED_PROXIES: proxies })).toThrow(/LATCHKEY_TRUSTED_PROXIES/);
  });

  it('nobody is trusted by default', () => {
    expect(read({}).LATCHKEY_TRUSTED_PROXIES).toEqual([]);
  });
});

describe('return addresses', () => {
  it.each(['https://app.example.com', 'https://app.example.com/', 'https://App.example.com:8443', 'http://localhost:9090', 'https://a.example.com, https://b.example.com'])('%s are understood', (urls) => {
    expect(read({ LATCHKEY_RETURN_URLS: urls }).LATCHKEY_RETURN_URLS).toEqual(urls.split(', '));
  });

  it.each(['app.example.com', '*', 'https://*.example.com', 'https://app.example.com/orders', 'https://app.example.com?x', 'https://me@app.example.com', 'ftp://app.example.com', 'javascript:alert(1)', 'https://a.example.com;https://b.example.com'])(
    '%s stops the start, and is named',
    (urls) => {
      expect(() => read({ LATCHKEY_RETURN_URLS: urls })).toThrow(/LATCHKEY_RETURN_URLS/);
    },
  );

  it('plain http is allowed where it is for the public address', () => {
    expect(() => read({ LATCHKEY_RETURN_URLS: 'http://app.example.com' })).toThrow(/LATCHKEY_RETURN_URLS.*LATCHKEY_ALLOW_INSECURE_HTTP/s);
    expect(read({ LATCHKEY_RETURN_URLS: 'http://app.example.com', LATCHKEY_ALLOW_INSECURE_HTTP: 'true' }).LATCHKEY_RETURN_URLS).toHaveLength(1);
  });
});

it('every setting that is wrong is told at once', () => {
  const attempt = () => read({ LATCHKEY_PUBLIC_URL: 'ftp://x', LATCHKEY_HTTP_PORT: '99999', LATCHKEY_AMQP_URL: 'http://broker', LATCHKEY_ALLOW_INSECURE_HTTP: 'maybe' });
  for (const name of ['LATCHKEY_PUBLIC_URL', 'LATCHKEY_HTTP_PORT', 'LATCHKEY_AMQP_URL', 'LATCHKEY_ALLOW_INSECURE_HTTP']) expect(attempt).toThrow(name);
});
