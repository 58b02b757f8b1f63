import { randomUUIDv7 } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Refusal } from '@latchkey/contracts';
import { hashSecret, newSecret } from '@latchkey/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayUnderTest, sessionReply } from '../testing/gateway-under-test.ts';

let gateway: GatewayUnderTest;
const secret = newSecret();
const cookie = `__Host-session=${secret}`;
const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const asked = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com', 'x-forwarded-uri': '/orders?page=2&sort=a' };
const loginPage = 'https://app.example.com/sign-in?rd=https%3A%2F%2Fapp.example.com%2Forders%3Fpage%3D2%26sort%3Da';

const session = (change: object = {}) => ({ ...sessionReply(), ...change });
const check = (headers: Record<string, string> = {}, path = '/v1/forward-auth', method = 'GET') => gateway.call(method, path, undefined, headers);

beforeEach(() => {
  gateway.auth.answers['session.get'] = async ({ sessionHash }) => {
    if (sessionHash !== hashSecret(secret)) throw new Refusal('not_signed_in');
    return session();
  };
});

describe('asked by a trusted proxy', () => {
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start({
      LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
      LATCHKEY_PUBLIC_URL: 'http://localhost:8080',
      LATCHKEY_RETURN_URLS: 'https://app.example.com,http://localhost:9090',
    });
  });
  afterAll(() => gateway.stop());

  it.each([randomUUIDv7(), null])('says who is signed in, by cookie or token, and of which account (%j)', async (accountId) => {
    const reply = session({ accountId, login: { ...sessionReply().login, loginName: 'Jürgen 100%' } });
    gateway.auth.answers['session.get'] = async () => reply;
    for (const headers of [{ cookie }, { authorization: `Bearer ${secret}` }] as Record<string, string>[]) {
      const answer = await check({ ...headers, ...page, ...asked });
      expect([answer.status, answer.text, answer.headers.get('cache-control')]).toEqual([204, '', 'no-store']);
      expect(Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith('remote-')))).toEqual({
        'remote-user': 'J%C3%BCrgen%20100%25',
        'remote-login-id': reply.login.id,
        'remote-account-id': accountId ?? '',
        'remote-role': 'account_owner',
        'remote-assurance': 'pwd+sms',
      });
      expect(answer.cookies).toEqual([]);
    }
  });

  it('an ended session is refused with the next request, also between many at once', async () => {
    expect((await check({ cookie })).status).toBe(204);
    const many = Array.from({ length: 50 }, () => check({ cookie }));
    await Promise.all(many);
    gateway.auth.answers['session.get'] = async () => Promise.reject(new Refusal('not_signed_in'));
    expect(await check({ cookie })).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
  });

  it('many requests of one session at once are few questions', async () => {
    gateway.auth.asked.splice(0);
    const answers = await Promise.all(Array.from({ length: 100 }, () => check({ cookie })));
    expect(answers.every(({ status }) => status === 204)).toBe(true);
    expect(gateway.auth.asked.length).toBeLessThan(50);
  });

  it.each([
    ['nobody', {}],
    ['a garbled cookie', { cookie: '__Host-session=%00' }],
    ['a session that is over', { cookie: `__Host-session=${newSecret()}` }],
    ['another scheme', { authorization: 'Basic b3duZXI6eA==' }],
    ['a forged answer', { 'remote-user': 'operator', 'remote-role': 'operator' }],
  ])('%s is not signed in: a problem for a program, the login page for a browser', async (_who, headers) => {
    expect(await check({ ...(headers as Record<string, string>), ...asked })).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    const answer = await check({ ...(headers as Record<string, string>), ...asked, ...page });
    expect([answer.status, answer.headers.get('location'), answer.headers.get('remote-user')]).toEqual([303, loginPage, null]);
  });

  it.each([
    ['nginx', { 'x-original-url': 'http://localhost:9090/orders?a=1' }, 'http://localhost:8080/sign-in?rd=http%3A%2F%2Flocalhost%3A9090%2Forders%3Fa%3D1'],
    ['the public address itself', { 'x-original-url': 'http://localhost:8080/app/' }, 'http://localhost:8080/sign-in?rd=http%3A%2F%2Flocalhost%3A8080%2Fapp%2F'],
    ['a path that looks like a host', { ...asked, 'x-forwarded-uri': '//evil.example/' }, 'https://app.example.com/sign-in?rd=https%3A%2F%2Fapp.example.com%2F%2Fevil.example%2F'],
  ])('the way back is read as %s says it', async (_who, headers, location) => {
    const answer = await check({ ...(headers as Record<string, string>), ...page });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, location]);
  });

  it.each([
    [{ ...asked, 'x-forwarded-host': 'evil.example' }],
    [{ ...asked, 'x-forwarded-host': 'app.example.com, evil.example' }],
    [{ ...asked, 'x-forwarded-host': 'evil.example, app.example.com' }],
    [{ ...asked, 'x-forwarded-host': 'app.example.com@evil.example' }],
    [{ ...asked, 'x-forwarded-host': 'app.example.com:8443' }],
    [{ ...asked, 'x-forwarded-proto': 'http' }],
    [{ ...asked, 'x-forwarded-proto': 'javascript' }],
    [{ ...asked, 'x-forwarded-uri': '@evil.example/' }],
    [{ ...asked, 'x-forwarded-uri': '.evil.example/' }],
    [{ 'x-original-url': 'https://evil.example/' }],
    [{ 'x-original-url': '//app.example.com/' }],
    [{ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com' }],
    [{}],
  ])('no way leads to %j: the answer is a problem', async (headers) => {
    const answer = await check({ ...(headers as Record<string, string>), ...page });
    expect(answer).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    expect(answer.headers.has('location')).toBe(false);
  });

  it('a session that has to set up two-factor first comes in nowhere', async () => {
    gateway.auth.answers['session.get'] = async () => session({ setupRequired: true });
    for (const accept of [{}, page]) {
      const answer = await check({ cookie, ...asked, ...accept });
      expect(answer).toMatchObject({ status: 403, body: { code: 'two_factor_setup_required' } });
      expect(answer.headers.has('remote-user')).toBe(false);
    }
  });

  it.each(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('Envoy may ask with its own method (%s) and path behind ours', async (method) => {
    const headers = { host: 'app.example.com', 'x-forwarded-proto': 'https' };
    expect((await raw(`${method} /v1/forward-auth/orders?page=2&sort=a HTTP/1.1`, { ...headers, cookie })).split('\r\n')[0]).toContain('204');
    const refused = await raw(`${method} /v1/forward-auth/orders?page=2&sort=a HTTP/1.1`, { ...headers, ...page });
    expect(refused).toContain(' 303 ');
    expect(refused).toContain(`location: ${loginPage}\r\n`);
  });

  it('only GET is asked without a path', async () => {
    expect(await check({ cookie }, '/v1/forward-auth', 'POST')).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  });

  it('the login page leads on to allowed addresses only, from one place', async () => {
    const back = async (query: string) => {
      const { status, headers } = await gateway.get(`/v1/login/return${query}`);
      return [status, headers.get('location')];
    };
    expect(await back(`?rd=${encodeURIComponent('https://app.example.com/orders?a=1&b=2#x')}`)).toEqual([303, 'https://app.example.com/orders?a=1&b=2#x']);
    for (const query of ['', '?rd=', '?rd=https://evil.example/', '?rd=//evil.example', '?rd=javascript:alert(1)', '?rd=https://app.example.com/&rd=https://evil.example/'])
      expect(await back(query), query).toEqual([303, '/']);
  });
});

describe('asked by anybody else', () => {
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start({ LATCHKEY_RETURN_URLS: 'https://app.example.com', LATCHKEY_TRUSTED_PROXIES: '192.0.2.1' });
  });
  afterAll(() => gateway.stop());

  it('what it says of the original request is not believed, the session is', async () => {
    for (const headers of [asked, { 'x-original-url': 'https://app.example.com/' }] as Record<string, string>[]) {
      expect(await check({ ...headers, ...page })).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
      expect((await check({ ...headers, ...page, cookie })).status).toBe(204);
    }
  });

  it('nobody comes in while auth is away, within 5 s', async () => {
    await gateway.auth.goAway();
    const startedAt = performance.now();
    const answers = await Promise.all([check({ cookie }), check({ cookie }), check({ cookie, ...page })]);
    for (const answer of answers) expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

/** One request as it stands; `fetch` sends a `Host` of its own. */
async function raw(line: string, headers: Record<string, string>): Promise<string> {
  const socket = connect(Number(new URL(gateway.baseUrl).port), '127.0.0.1');
  socket.write(`${line}\r\n${Object.entries({ ...headers, 'content-length': '0', connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'close');
  return text;
}
