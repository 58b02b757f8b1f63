import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayUnderTest } from '../testing/gateway-under-test.ts';

let gateway: GatewayUnderTest;
const page = { accept: 'text/html,application/xhtml+xml' };

/** What an answer lets a browser do with it. */
function expectLockedDown(headers: Headers): void {
  const policy = Object.fromEntries((headers.get('content-security-policy') ?? '').split('; ').map((directive) => directive.split(/ (.*)/).slice(0, 2) as [string, string]));
  expect(policy).toMatchObject({ 'default-src': "'none'", 'script-src': "'self'", 'connect-src': "'self'", 'base-uri': "'none'", 'frame-ancestors': "'none'", 'form-action': "'self'" });
  expect(JSON.stringify(policy)).not.toMatch(/unsafe|\*|https?:/);
  expect(Object.fromEntries(['x-content-type-options', 'x-frame-options', 'referrer-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy'].map((name) => [name, headers.get(name)]))).toEqual({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(headers.get('permissions-policy')).toContain('otp-credentials=(self)');
  expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null]);
}

describe('on http at localhost', () => {
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
  });
  afterAll(() => gateway.stop());

  it.each([
    ['GET', '/', 200],
    ['GET', '/sign-in', 200],
    ['GET', '/assets/index-abc123.js', 200],
    ['GET', '/favicon.svg', 200],
    ['GET', '/openapi.json', 200],
    ['GET', '/docs', 200],
    ['GET', '/v1/session', 401],
    ['GET', '/v1/no-such-thing', 404],
    ['GET', '/assets/none.js', 404],
    ['PUT', '/v1/login', 405],
    ['POST', '/v1/login', 400],
    ['GET', '/v1/%zz', 400],
  ])('%s %s (%d) carries the security headers', async (method, path, status) => {
    const answer = await gateway.call(method, path, undefined, page);
    expect(answer.status).toBe(status);
    expectLockedDown(answer.headers);
    // Plain http: a browser would take this name to https for two years.
    expect(answer.headers.has('strict-transport-security')).toBe(false);
  });

  it.each(['/health/live', '/health/ready', '/health', '/metrics', '/metrics/', '/health/live?x', '/v1/metrics'])('%s is not on the public port, for a program or a browser', async (path) => {
    for (const accept of ['*/*', 'text/html', 'application/json', 'text/plain; version=0.0.4']) {
      const answer = await gateway.get(path, { accept });
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(answer.text).not.toMatch(/nodejs_|process_cpu|"checks"|"live"/);
    }
  });

  it('health and metrics are on the internal port, and nothing of the public one is', async () => {
    const internal = async (path: string) => {
      const answer = await fetch(`${gateway.internalUrl}${path}`);
      return { status: answer.status, text: await answer.text() };
    };
    expect(await internal('/health/live')).toMatchObject({ status: 200 });
    expect(await internal('/health/ready')).toMatchObject({ status: 200 });
    expect(await internal('/metrics')).toMatchObject({ status: 200, text: expect.stringContaining('process_cpu') });
    for (const path of ['/', '/v1/session', '/openapi.json']) expect((await internal(path)).status, path).toBe(404);
  });

  it('pages are never kept, assets for ever, and answers of the API by nobody', async () => {
    const caching = async (path: string) => (await gateway.get(path, page)).headers.get('cache-control');
    expect(await caching('/assets/index-abc123.js')).toBe('public, max-age=31536000, immutable');
    for (const path of ['/', '/sign-in', '/index.html', '/v1/session', '/v1/no-such-thing']) expect(await caching(path), path).toBe('no-store');
  });

  it("the website's addresses are pages for a browser, and nothing for a program", async () => {
    expect(await gateway.get('/devices', page)).toMatchObject({ status: 200, body: expect.stringContaining('Latchkey test site') });
    expect(await gateway.get('/devices', { accept: 'application/json' })).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await gateway.post('/devices', {}, page)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await gateway.call('HEAD', '/devices', undefined, page)).toMatchObject({ status: 200, text: '' });
  });

  it('only the files of the website are served', async () => {
    for (const path of ['/.env', '/package.json', '/assets/', '/assets/..%2findex.html', '/..%2f..%2fetc%2fpasswd', '/index.html.map']) {
      expect(await gateway.get(path, { accept: '*/*' }), path).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });
});

it('on https the browser is told to stay there', async () => {
  gateway = await GatewayUnderTest.start({ LATCHKEY_PUBLIC_URL: 'https://login.example' });
  for (const path of ['/', '/v1/session', '/v1/%zz']) {
    const { headers } = await gateway.get(path, page);
    expectLockedDown(headers);
    expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
  }
  await gateway.stop();
});

it('a website that is not built is said to be, and the API works', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'latchkey-empty-'));
  gateway = await GatewayUnderTest.start({ LATCHKEY_WEB_ROOT: empty });
  const answer = await gateway.get('/', page);
  expect(answer).toMatchObject({ status: 503, body: expect.stringContaining('not built') });
  expect(answer.headers.get('retry-after')).toBe('30');
  expectLockedDown(answer.headers);
  expect((await gateway.get('/v1/session')).status).toBe(401);
  await gateway.stop();
  rmSync(empty, { recursive: true });
});
