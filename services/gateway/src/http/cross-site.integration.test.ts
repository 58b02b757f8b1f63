import { randomUUIDv7 } from 'node:crypto';
import { request } from 'node:http';
import { newSecret } from '@latchkey/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { everyOperation } from '../testing/every-operation.ts';
import { GatewayUnderTest, sessionReply } from '../testing/gateway-under-test.ts';

let gateway: GatewayUnderTest;
const id = '01a20d7f-b25a-7867-be05-cb22a0f51cef';
const cookie = `__Host-session=${newSecret()}`;
const port = () => new URL(gateway.baseUrl).port;
const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };

async function start(environment: Record<string, string> = {}): Promise<void> {
  gateway = await GatewayUnderTest.start(environment);
  gateway.auth.answers['login.start'] = async () => ({ status: 'signed_in', session: sessionReply(), browserId: null });
  gateway.auth.answers['session.logout'] = async () => ({});
  gateway.auth.answers['session.get'] = async () => sessionReply();
}
const logOut = (headers: Record<string, string>) => gateway.post('/v1/logout', undefined, { cookie, ...headers });

/** fetch sets the Host header itself. */
const logOutAt = (host: string, headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    const sent = request({ port: port(), host: '127.0.0.1', method: 'POST', path: '/v1/logout', headers: { host, cookie, ...headers } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject).end();
  });

describe('on http at localhost', () => {
  beforeAll(() => start());
  afterAll(() => gateway.stop());
  beforeEach(() => void gateway.auth.asked.splice(0));

  it.each(everyOperation.filter(({ method }) => method !== 'GET'))('$method $template from another site is refused and reaches nobody', async ({ method, path, body }) => {
    for (const own of [cookie, `__Host-device=${randomUUIDv7()}.${newSecret()}`, `session=${newSecret()}`, `__Host-session=; __Host-device=${id}.${newSecret()}`]) {
      const answer = await gateway.call(method, path, body, { ...evil, cookie: own });
      expect(answer).toMatchObject({ status: 403, cookies: [], body: { code: 'cross_site_request', status: 403 } });
    }
    expect(gateway.auth.asked).toEqual([]);
  });

  it.each([
    ['another origin, where Sec-Fetch-Site is not sent', () => ({ origin: 'https://evil.example' })],
    ['another site, where Origin is not sent', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['a neighbouring subdomain', () => ({ 'sec-fetch-site': 'same-site' })],
    ['a sandboxed frame', () => ({ origin: 'null' })],
    ['another port of the same name', () => ({ origin: 'http://localhost:1' })],
    ['no port', () => ({ origin: 'http://localhost' })],
    ['the same name with another scheme', () => ({ origin: `https://localhost:${port()}` })],
    ['a name that begins with ours', () => ({ origin: `http://localhost:${port()}.evil.example` })],
    ['a name that ends with ours', () => ({ origin: `http://evil-localhost:${port()}` })],
    ['our origin as a user name', () => ({ origin: `http://localhost:${port()}@evil.example` })],
    ['our origin, though the browser knows it is another site', () => ({ origin: `http://localhost:${port()}`, 'sec-fetch-site': 'cross-site' })],
    ['another origin that claims a proxy sent it here', () => ({ origin: 'http://evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' })],
  ])('%s is another site', async (_what, headers) => {
    expect(await logOut(headers())).toMatchObject({ status: 403, body: { code: 'cross_site_request' } });
    expect(gateway.auth.asked).toEqual([]);
  });

  it.each([
    ['our own page', () => ({ origin: `http://localhost:${port()}`, 'sec-fetch-site': 'same-origin' })],
    ['our own page in a browser without Sec-Fetch-Site', () => ({ origin: `http://localhost:${port()}` })],
    ['our own page in a browser that hides the origin', () => ({ 'sec-fetch-site': 'same-origin' })],
    ['our own page under another name of this server', () => ({ origin: gateway.baseUrl, 'sec-fetch-site': 'same-origin' })],
    ['the person, by the address bar', () => ({ 'sec-fetch-site': 'none' })],
    ['a program that is no browser', () => ({})],
  ])('%s is let through', async (_what, headers) => {
    expect(await logOut(headers())).toMatchObject({ status: 204 });
    expect(gateway.auth.asked).toHaveLength(1);
  });

  it('what carries none of our cookies is let through: an app has no other way to be recognised', async () => {
    const authorization = `Bearer ${newSecret()}`;
    for (const other of [undefined, 'theme=dark', 'session-id=1; my__Host-session=2']) {
      expect((await gateway.post('/v1/logout', undefined, { ...evil, authorization, ...(other ? { cookie: other } : {}) })).status).toBe(204);
    }
    expect((await gateway.post('/v1/login', { loginName: 'owner', password: 'x', client: 'app' }, evil)).status).toBe(200);
  });

  it('what changes nothing may be followed from anywhere, and no other site can read it', async () => {
    const answer = await gateway.get('/v1/session', { ...evil, cookie });
    expect(answer.status).toBe(200);
    const preflight = await gateway.call('OPTIONS', '/v1/logout', undefined, { ...evil, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' });
    for (const { headers } of [answer, preflight, await logOut(evil)]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });
});

describe('on https, behind a proxy that ends TLS', () => {
  beforeAll(() => start({ LATCHKEY_PUBLIC_URL: 'https://login.example' }));
  afterAll(() => gateway.stop());

  it.each([
    ['login.example', 'https://login.example', 204],
    [`127.0.0.1:8080`, 'https://login.example', 204],
    ['sign-in.example', 'https://sign-in.example', 204],
    ['login.example', 'http://login.example', 403],
    ['login.example', 'https://login.example:8443', 403],
    ['login.example', 'https://other.example', 403],
  ])('at %s a page of %s gets %d', async (host, origin, status) => {
    expect(await logOutAt(host, { origin })).toBe(status);
  });
});
