import cookie from '@fastify/cookie';
import fc from 'fast-check';
import Fastify, { type FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { freshSecrets } from './credentials.ts';
import { clientAddress, describeDevice, localeOf } from './describe-client.ts';

/** What `look` sees in a real request with these headers from this address. */
async function see<T>(look: (request: FastifyRequest) => T, headers: Record<string, string>, remoteAddress = '192.0.2.1'): Promise<T> {
  const server = Fastify();
  server.decorate('publicUrl', new URL('https://login.example'));
  await server.register(cookie);
  let seen: T | undefined;
  server.get('/', (request) => {
    seen = look(request);
    return '';
  });
  await server.inject({ url: '/', headers, remoteAddress });
  await server.close();
  return seen as T;
}

it.each([
  ['', 'en'],
  ['de', 'de'],
  ['DE-at', 'de'],
  ['fr-CA, en;q=0.8', 'fr'],
  ['en;q=0.5, es;q=0.9, de;q=0.7', 'es'],
  ['pl, ru;q=0.9, fr;q=0.1', 'fr'],
  ['de;q=0, es;q=0.1', 'es'],
  ['de;q=0', 'en'],
  ['*', 'en'],
  ['pl', 'en'],
  ['de;q=x, fr;q=0.1', 'fr'],
  ['es ; q=0.9 , de ; q=1.0', 'de'],
  [',;,;q=;;=', 'en'],
])('of "%s" the language is %s', async (accepted, locale) => {
  expect(await see(localeOf, { 'accept-language': accepted })).toBe(locale);
});

it('whatever is accepted, the language is one that messages are written in', async () => {
  const header = fc.string().map((text) => text.replace(/[^\x20-\x7e]/g, ''));
  await fc.assert(
    fc.asyncProperty(header, async (accepted) => ['en', 'es', 'de', 'fr'].includes(await see(localeOf, { 'accept-language': accepted }))),
    { numRuns: 30 },
  );
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
])('a client at %s is told as %s', async (remote, address) => {
  expect(await see(clientAddress, {}, remote)).toBe(address);
});

const named = (agent: string, client: 'web' | 'app' = 'web', deviceName?: string) => see((request) => describeDevice(request, client, freshSecrets().device, deviceName), { 'user-agent': agent });

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'Chrome on Windows'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1', 'Mobile Safari on iOS'],
  ['curl/8.5.0', 'Browser'],
  ['', 'Browser'],
  ['<script>alert(1)</script>', 'Browser'],
])('%s is shown to its owner as %s', async (agent, name) => {
  expect((await named(agent)).name).toBe(name);
});

it('the name that the person gave wins, and an app without one is called that', async () => {
  expect((await named('curl/8.5.0', 'web', 'Desk')).name).toBe('Desk');
  expect((await named('okhttp/5.0', 'app')).name).toBe('Mobile app');
});

it('a user agent as long as headers can be costs no time and stays within what may be stored', async () => {
  for (const agent of [`Mozilla/5.0 ${'('.repeat(7_000)}`, `Firefox/${'1.'.repeat(3_500)}`, `${'Chrome/1 '.repeat(800)}`, 'x'.repeat(8_000)]) {
    const asked = performance.now();
    const { name, browser, os } = await named(agent);
    expect(performance.now() - asked).toBeLessThan(500);
    expect([name.length <= 120, (browser?.length ?? 0) <= 80, (os?.length ?? 0) <= 80]).toEqual([true, true, true]);
  }
});

it('what was read of one browser is not told of another', async () => {
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0';
  const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
  const nameOf = (agent: string) => see((request) => describeDevice(request, 'web', freshSecrets().device).name, { 'user-agent': agent });
  for (let time = 0; time < 2; time += 1) expect([await nameOf(firefox), await nameOf(chrome)]).toEqual(['Firefox on Linux', 'Chrome on Windows']);
});
