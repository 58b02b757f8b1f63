import { randomUUIDv7 } from 'node:crypto';
import { newSecret } from '@latchkey/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeRequiredReply, GatewayUnderTest } from '../testing/gateway-under-test.ts';

let gateway: GatewayUnderTest;
const authorization = `Bearer ${newSecret()}`;
const attempt = `w${newSecret()}`;
const methodId = randomUUIDv7();

/** Every operation that tells auth where its request came from, and what it told. */
const tellers: [string, unknown, () => string][] = [
  ['/v1/login', { loginName: 'owner', password: 'x' }, () => gateway.auth.lastAsked('login.start').device.ip],
  ['/v1/login/send-code', { attempt, methodId }, () => gateway.auth.lastAsked('login.send-code').ip],
  ['/v1/login/verify-code', { attempt, methodId, code: '123456' }, () => gateway.auth.lastAsked('login.verify-code').device.ip],
  ['/v1/session/step-up', undefined, () => gateway.auth.lastAsked('session.step-up').ip],
  ['/v1/two-factor/methods', { password: 'x', kind: 'totp' }, () => gateway.auth.lastAsked('two-factor.add-method').ip],
];

async function addressesOf(headers: Record<string, string>): Promise<string[]> {
  gateway.auth.asked.splice(0);
  const told: string[] = [];
  for (const [path, body, ip] of tellers) {
    await gateway.post(path, body, { authorization, ...headers });
    told.push(ip());
  }
  return [...new Set(told)];
}

describe('without a trusted proxy', () => {
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
  });
  afterAll(() => gateway.stop());

  it.each([
    { 'x-forwarded-for': '203.0.113.7' },
    { 'x-forwarded-for': '203.0.113.7, 127.0.0.1' },
    { 'x-forwarded-for': "127.0.0.1', (SELECT 1)) --" },
    { 'x-real-ip': '203.0.113.7', 'x-client-ip': '203.0.113.7', 'cf-connecting-ip': '203.0.113.7', 'true-client-ip': '203.0.113.7' },
    { forwarded: 'for=203.0.113.7;host=evil.example;proto=https' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
  ])('%j from outside changes nothing', async (headers) => {
    expect(await addressesOf(headers as Record<string, string>)).toEqual(['127.0.0.1']);
  });

  it('a forged scheme and name change neither cookies nor links', async () => {
    gateway.auth.answers['login.start'] = async () => codeRequiredReply();
    const plain = await gateway.post('/v1/login', { loginName: 'owner', password: 'x' });
    const forged = await gateway.post('/v1/login', { loginName: 'owner', password: 'x' }, { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' });
    expect([forged.status, forged.cookies, [...forged.headers.keys()]]).toEqual([plain.status, plain.cookies, [...plain.headers.keys()]]);
    expect(forged.text).not.toContain('evil.example');
  });
});

describe('behind the trusted proxies 127.0.0.1 and 10.0.0.0/8', () => {
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' });
  });
  afterAll(() => gateway.stop());

  it.each([
    ['nothing', {}, '127.0.0.1'],
    ['the client', { 'x-forwarded-for': '203.0.113.7' }, '203.0.113.7'],
    ['the client by IPv6', { 'x-forwarded-for': '2001:db8::7' }, '2001:db8::7'],
    ['the client by IPv4 in IPv6', { 'x-forwarded-for': '::ffff:203.0.113.7' }, '203.0.113.7'],
    ['the client by a link with a zone', { 'x-forwarded-for': 'fe80::7%eth0' }, 'fe80::7'],
    ['the client and a proxy of ours', { 'x-forwarded-for': '203.0.113.7, 10.1.2.3' }, '203.0.113.7'],
    ['an address that the client made up before its own', { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' }, '203.0.113.7'],
    ['a trusted address that the client made up', { 'x-forwarded-for': '10.9.9.9, 203.0.113.7, 10.1.2.3' }, '203.0.113.7'],
    ['no address at all', { 'x-forwarded-for': 'unknown' }, '127.0.0.1'],
    ['an attack in place of an address', { 'x-forwarded-for': "203.0.113.7'; DROP TABLE logins" }, '127.0.0.1'],
    ['an empty header', { 'x-forwarded-for': '' }, '127.0.0.1'],
    ['another header that no proxy of ours writes', { 'x-real-ip': '203.0.113.7', forwarded: 'for=203.0.113.7' }, '127.0.0.1'],
  ])('%s is told: %j', async (_what, headers, address) => {
    expect(await addressesOf(headers as Record<string, string>)).toEqual([address]);
  });
});
