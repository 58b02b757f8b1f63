import { randomUUIDv7 } from 'node:crypto';
import { hashSecret, newSecret } from '@latchkey/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeRequiredReply, GatewayUnderTest, sessionReply } from '../testing/gateway-under-test.ts';

const agents = {
  chrome: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  'headless Chromium': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  safari: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15',
  'Chrome on iOS': 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.0.0 Mobile/15E148 Safari/604.1',
  'a web view on iOS': 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
};
const passing = { password: 'correct', loginName: 'owner' };
const browserId = randomUUIDv7();
const deviceToken = () => `${browserId}.${newSecret()}`;

let gateway: GatewayUnderTest;
async function start(environment: Record<string, string> = {}): Promise<void> {
  gateway = await GatewayUnderTest.start(environment);
  gateway.auth.answers['login.start'] = async () => ({ status: 'signed_in', session: sessionReply(), browserId: null });
  gateway.auth.answers['login.verify-code'] = async () => ({ session: sessionReply(), browserId, askToTrust: true });
  gateway.auth.answers['session.get'] = async () => sessionReply();
  gateway.auth.answers['session.logout'] = async () => ({});
  gateway.auth.answers['two-factor.confirm-method'] = async () => ({ enabled: true });
}

/** Cookies of an answer by name: value and attributes. */
const cookiesOf = (cookies: string[]) =>
  Object.fromEntries(
    cookies.map((cookie) => {
      const [pair = '', ...attributes] = cookie.split('; ');
      return [pair.slice(0, pair.indexOf('=')), { value: pair.slice(pair.indexOf('=') + 1), attributes }];
    }),
  );
const verify = (kind: 'a' | 'w', headers?: Record<string, string>) => gateway.post('/v1/login/verify-code', { attempt: `${kind}${newSecret()}`, methodId: randomUUIDv7(), code: '123456' }, headers);

describe('on https', () => {
  beforeAll(() => start({ LATCHKEY_PUBLIC_URL: 'https://login.example' }));
  afterAll(() => gateway.stop());
  beforeEach(() => void gateway.auth.asked.splice(0));

  it.each(Object.entries(agents))('%s gets both secrets in host-only cookies that no script reads', async (_name, agent) => {
    const answer = await gateway.post('/v1/login', passing, { 'user-agent': agent });
    const cookies = cookiesOf(answer.cookies);
    expect(Object.keys(cookies)).toEqual(['__Host-session', '__Host-device']);
    for (const { attributes } of Object.values(cookies)) {
      expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']));
      expect(attributes.join()).not.toMatch(/domain/i);
    }
    expect(cookies['__Host-device']?.attributes).toContain(`Max-Age=${400 * 86_400}`);
    const expires = cookies['__Host-session']?.attributes.find((attribute) => attribute.startsWith('Expires='))?.slice(8) ?? '';
    expect(Math.abs(Date.parse(expires) - Date.parse(answer.body.session.expiresAt))).toBeLessThan(1_000);
  });

  it('the body of a browser holds no secret, and auth is told hashes only', async () => {
    const answer = await gateway.post('/v1/login', passing);
    const { '__Host-session': session, '__Host-device': device } = cookiesOf(answer.cookies);
    const [id = '', secret = ''] = device?.value.split('.') ?? [];
    expect(session?.value).toMatch(/^[\w-]{43}$/);
    expect(Object.keys(answer.body.session)).not.toEqual(expect.arrayContaining(['sessionToken']));
    for (const leaked of [session?.value ?? '', secret, 'sessionToken', 'deviceToken']) expect(answer.text).not.toContain(leaked);

    const asked = gateway.auth.lastAsked('login.start');
    expect(asked.sessionHash).toBe(hashSecret(session?.value ?? ''));
    expect(asked.device).toMatchObject({ presented: null, next: { browserId: id, secretHash: hashSecret(secret) } });
    for (const leaked of [session?.value ?? '', secret, passing.password]) expect(JSON.stringify(gateway.auth.asked)).not.toContain(leaked);
  });

  it('cookies without prefix, which a neighbouring subdomain can set, are not read', async () => {
    expect((await gateway.get('/v1/session', { cookie: `session=${newSecret()}` })).status).toBe(401);
    await gateway.post('/v1/login', passing, { cookie: `device=${deviceToken()}` });
    expect(gateway.auth.lastAsked('login.start').device.presented).toBeNull();
    expect(gateway.auth.asked.map(({ name }) => name)).toEqual(['login.start']);
  });

  it('a browser that is known keeps its id and gets a new secret', async () => {
    const shown = deviceToken();
    const answer = await verify('w', { cookie: `__Host-device=${shown}` });
    const given = cookiesOf(answer.cookies)['__Host-device']?.value ?? '';
    expect(given.split('.')[0]).toBe(browserId);
    expect(given).not.toBe(shown);
    const { device } = gateway.auth.lastAsked('login.verify-code');
    expect(device.presented).toEqual({ browserId, secretHash: hashSecret(shown.split('.')[1] ?? '') });
    expect(device.next.secretHash).toBe(hashSecret(given.split('.')[1] ?? ''));
  });

  it('the id of a new browser is a UUIDv7, another one each time, at the password and at the code', async () => {
    for (let login = 0; login < 5; login += 1) {
      await gateway.post('/v1/login', passing);
      await verify('w');
    }
    const ids = gateway.auth.asked.map(({ payload }) => (payload as { device: { next: { browserId: string } } }).device.next.browserId);
    expect(new Set(ids).size).toBe(10);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it.each([
    ['empty', ''],
    ['an id alone', browserId],
    ['a secret that is too short', `${browserId}.short`],
    ['a secret that is too long', `${deviceToken()}x`],
    ['an id of no version', `${browserId.slice(0, 14)}f${browserId.slice(15)}.${newSecret()}`],
    ['an id of hyphens', `${'-'.repeat(36)}.${newSecret()}`],
    ['half a quotation', `"${deviceToken()}`],
  ])('a garbled device cookie (%s) is a new device and keeps nobody out', async (_what, garbled) => {
    expect((await gateway.post('/v1/login', passing, { cookie: `__Host-device=${garbled}` })).status).toBe(200);
    expect(gateway.auth.lastAsked('login.start').device.presented).toBeNull();
  });

  it('signing out takes the session cookie away and leaves the device known', async () => {
    const answer = await gateway.post('/v1/logout', undefined, { cookie: `__Host-session=${newSecret()}; __Host-device=${deviceToken()}` });
    expect(answer.status).toBe(204);
    const cookies = cookiesOf(answer.cookies);
    expect(Object.keys(cookies)).toEqual(['__Host-session']);
    expect(cookies['__Host-session']).toMatchObject({ value: '', attributes: expect.arrayContaining(['Max-Age=0', 'Path=/', 'Secure']) });
  });

  it('signing out twice, or without any session, is signed out', async () => {
    gateway.auth.answers['session.logout'] = undefined as never;
    expect(await gateway.post('/v1/logout', undefined, { cookie: `__Host-session=${newSecret()}` })).toMatchObject({ status: 204, cookies: [expect.stringContaining('Max-Age=0')] });
    expect(await gateway.post('/v1/logout')).toMatchObject({ status: 204, cookies: [] });
  });

  it('a code that only steps a session up changes no secret', async () => {
    gateway.auth.answers['login.verify-code'] = async () => ({ session: sessionReply(), browserId: null, askToTrust: false });
    for (const kind of ['w', 'a'] as const) {
      const answer = await verify(kind, { cookie: `__Host-session=${newSecret()}` });
      expect(answer).toMatchObject({ status: 200, cookies: [] });
      expect(answer.text).not.toMatch(/sessionToken|deviceToken/);
    }
  });
});

describe('on http at localhost', () => {
  beforeAll(() => start());
  afterAll(() => gateway.stop());

  it.each([
    ['chrome', true],
    ['edge', true],
    ['headless Chromium', true],
    ['firefox', true],
    ['safari', false],
    ['Chrome on iOS', false],
    ['a web view on iOS', false],
  ] as const)('%s: prefix and Secure are %s, and what it was given it is known by', async (name, prefixed) => {
    const agent = { 'user-agent': agents[name] };
    const cookies = cookiesOf((await gateway.post('/v1/login', passing, agent)).cookies);
    expect(Object.keys(cookies)).toEqual(prefixed ? ['__Host-session', '__Host-device'] : ['session', 'device']);
    for (const { attributes } of Object.values(cookies)) {
      expect(attributes.includes('Secure')).toBe(prefixed);
      expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'SameSite=Lax']));
    }
    const cookie = Object.entries(cookies).map(([key, { value }]) => `${key}=${value}`).join('; ');
    expect((await gateway.get('/v1/session', { ...agent, cookie })).status).toBe(200);
    const out = cookiesOf((await gateway.post('/v1/logout', undefined, { ...agent, cookie })).cookies);
    expect(Object.keys(out)).toEqual([prefixed ? '__Host-session' : 'session']);
    await gateway.post('/v1/login', passing, { ...agent, cookie });
    expect(gateway.auth.lastAsked('login.start').device.presented).not.toBeNull();
  });
});

it('on http at another name, where that is allowed, no browser takes a prefix or Secure', async () => {
  await start({ LATCHKEY_PUBLIC_URL: 'http://login.example', LATCHKEY_ALLOW_INSECURE_HTTP: 'true' });
  for (const agent of Object.values(agents)) {
    const cookies = cookiesOf((await gateway.post('/v1/login', passing, { 'user-agent': agent })).cookies);
    expect(Object.keys(cookies)).toEqual(['session', 'device']);
    expect(JSON.stringify(cookies)).not.toContain('Secure');
  }
  await gateway.stop();
});

describe('an app', () => {
  beforeAll(() => start());
  afterAll(() => gateway.stop());
  beforeEach(() => void gateway.auth.asked.splice(0));
  const cookie = `__Host-session=${newSecret()}; __Host-device=${deviceToken()}; session=${newSecret()}; device=${deviceToken()}`;

  it('has its secrets in the body, sets no cookie, and is not taken for the browser whose cookies come along', async () => {
    for (const enter of [() => gateway.post('/v1/login', { ...passing, client: 'app' }, { cookie }), () => verify('a', { cookie })]) {
      const answer = await enter();
      expect(answer).toMatchObject({ status: 200, cookies: [], body: { session: { sessionToken: expect.stringMatching(/^[\w-]{43}$/), deviceToken: expect.stringMatching(/^[0-9a-f-]{36}\.[\w-]{43}$/) } } });
      const { sessionHash, device } = gateway.auth.asked.at(-1)?.payload as { sessionHash: string; device: object };
      expect(sessionHash).toBe(hashSecret(answer.body.session.sessionToken));
      expect(device).toMatchObject({ client: 'app', presented: null });
    }
  });

  it('shows its device in a header, which a browser cannot', async () => {
    const token = deviceToken();
    await gateway.post('/v1/login', { ...passing, client: 'app' }, { 'device-token': token });
    expect(gateway.auth.lastAsked('login.start').device.presented).toEqual({ browserId, secretHash: hashSecret(token.slice(37)) });
    await gateway.post('/v1/login', passing, { 'device-token': token });
    expect(gateway.auth.lastAsked('login.start').device.presented).toBeNull();
  });

  it('with a token that is none is not signed in by a cookie instead', async () => {
    for (const authorization of ['Bearer', 'Bearer x', `Bearer ${newSecret()}x`, `Basic ${newSecret()}`, newSecret(), '']) {
      expect((await gateway.get('/v1/session', { cookie, authorization })).status, authorization).toBe(401);
    }
    expect(gateway.auth.asked).toEqual([]);
  });

  it('that signs out or turns two-factor on clears no cookie', async () => {
    const secret = newSecret();
    const headers = { cookie, authorization: `Bearer ${secret}` };
    expect(await gateway.post('/v1/logout', undefined, headers)).toMatchObject({ status: 204, cookies: [] });
    expect(gateway.auth.lastAsked('session.logout').sessionHash).toBe(hashSecret(secret));
    expect(await gateway.post(`/v1/two-factor/methods/${randomUUIDv7()}/confirm`, { code: '123456' }, headers)).toMatchObject({ status: 200, cookies: [] });
    expect((await gateway.post(`/v1/two-factor/methods/${randomUUIDv7()}/confirm`, { code: '123456' }, { cookie })).cookies).toEqual([expect.stringContaining('Max-Age=0')]);
  });

  it('a login that needs a code gives no secret but the attempt, to either kind of client', async () => {
    gateway.auth.answers['login.start'] = async () => codeRequiredReply();
    for (const [client, start] of [['web', 'w'], ['app', 'a']] as const) {
      const answer = await gateway.post('/v1/login', { ...passing, client });
      expect(answer).toMatchObject({ status: 200, cookies: [], body: { status: 'code_required', attempt: expect.stringMatching(new RegExp(`^${start}[\\w-]{43}$`)) } });
      expect(answer.text).not.toMatch(/sessionToken|deviceToken/);
      expect(gateway.auth.lastAsked('login.start').attemptHash).toBe(hashSecret(answer.body.attempt));
    }
  });
});
