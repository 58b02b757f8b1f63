import { freePort, latestCode, type Program } from '@latchkey/testing';
import { openSystem } from '@latchkey/tools';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { demoPassword } from '../api-client.ts';
import { ownerPhone, system } from '../demo.ts';
import { Replica } from '../faults/replica.ts';
import { exampleNames, startExample } from './example-gateway.ts';
import { SampleApp } from './sample-app.ts';
import { type Answer, SiteClient } from './site-client.ts';

const page = { accept: 'text/html,application/xhtml+xml' };
/** Another machine than the gateway's own, which is 127.0.0.1. */
const elsewhere = '127.0.0.2';
const forgedIdentity = {
  'Remote-User': 'operator',
  'REMOTE-ROLE': 'operator',
  'Remote-Account-Id': '01a20d7f-0000-7000-8000-000000000000',
  'Remote-Groups': 'admins',
  Remote_User: 'operator',
  remote_role: 'operator',
};
const forgedOrigin = { 'x-forwarded-for': '203.0.113.7', 'x-real-ip': '203.0.113.7', forwarded: 'for=203.0.113.7', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };

const portOf = (url: string) => Number(new URL(url).port);

/** Name, password and texted code, all of it through the gateway; gives the session. */
async function signInOwner(client: SiteClient, headers: Record<string, string> = {}) {
  const after = new Date();
  const started = await client.post('/v1/login', { loginName: 'owner', password: demoPassword }, headers);
  expect(started.body).toMatchObject({ status: 'code_required' });
  const code = await latestCode(system().inboxUrl, ownerPhone, { after });
  const { attempt, sent } = started.body;
  const verified = await client.post('/v1/login/verify-code', { attempt, methodId: sent.methodId, code }, headers);
  expect(verified.body).toMatchObject({ status: 'signed_in' });
  return verified.body.session;
}

const identityIn = ({ body }: Answer): Record<string, string> => Object.fromEntries(Object.entries(body.headers as Record<string, string>).filter(([name]) => /^remote/i.test(name)));
const currentDevice = async (client: SiteClient) => (await client.get('/v1/devices')).body.devices.find((device: any) => device.current);

describe.each(exampleNames)('an app behind %s', (name) => {
  let app: SampleApp;
  let latchkey: Replica;
  let gateway: Program;
  let site: string;
  const closers: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    app = await SampleApp.start();
    closers.push(app.close);
    const port = await freePort();
    site = `http://localhost:${port}`;
    // The shared system believes no proxy; this one is told of it as an operator would.
    latchkey = await Replica.of(openSystem(system().instance).services.gateway, { LATCHKEY_PUBLIC_URL: site, LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' });
    closers.push(() => latchkey.stop());
    gateway = await startExample(name, { site: port, latchkey: portOf(latchkey.baseUrl), app: app.port });
    closers.push(() => gateway.stop());
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });
  beforeEach(() => void app.told.splice(0));

  it('nobody comes in without signing in: a problem for a program, the login page for a browser', async () => {
    const stranger = new SiteClient(site);
    const refused = await stranger.get('/app/orders?page=2');
    expect(refused).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(await stranger.post('/app/orders', { item: 1 })).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    const led = await stranger.get('/app/orders?page=2&sort=a', page);
    expect([led.status, led.headers.location]).toEqual([303, `${site}/sign-in?rd=${encodeURIComponent(`${site}/app/orders?page=2&sort=a`)}`]);
    expect(app.told).toEqual([]);
  });

  it.each(['//app/x', '/%61pp/x', '/x/../app/x', '/app/../app/x', '/./app/x', '/app%2fx', '/APP/x', '/app;/x', '/app/..;/app/x', '/v1/../app/x', '/v1/login/../../app/x', '/.latchkey', '/.latchkey/../app/x'])(
    'no other way of writing its path (%s) goes round that',
    async (path) => {
      for (const headers of [{}, page, forgedIdentity] as Record<string, string>[]) await new SiteClient(site).get(path, { ...headers, 'x-original-url': `${site}/`, 'x-forwarded-uri': '/' });
      expect(app.told).toEqual([]);
    },
  );

  it('website and API are passed through', async () => {
    const anybody = new SiteClient(site);
    expect((await anybody.get('/sign-in', page)).text).toContain('<title>');
    expect((await anybody.get('/openapi.json')).body.paths).toHaveProperty(['/v1/forward-auth']);
    expect(await anybody.get('/v1/session')).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    expect((await anybody.get('/health/ready')).status).toBe(404);
  });

  it('after a login by texted code the app is told who it is, and none of the secrets', async () => {
    const browser = new SiteClient(site);
    const session = await signInOwner(browser);
    browser.cookies.set('theme', 'dark');
    const answer = await browser.get('/app/orders?page=2', page);
    expect(answer.body).toMatchObject({ method: 'GET', url: '/app/orders?page=2' });
    const { 'remote-account-id': accountId, ...identity } = identityIn(answer);
    expect(identity).toEqual({ 'remote-user': 'owner', 'remote-login-id': session.login.id, 'remote-role': 'account_owner', 'remote-assurance': 'pwd+sms' });
    expect(accountId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.body.headers.cookie).toMatch(/^[; ]*theme=dark$/);
    for (const secret of ['__Host-session', '__Host-device']) expect(answer.text).not.toContain(browser.cookies.get(secret));
    expect((await browser.post('/app/orders', { item: 1 })).body).toMatchObject({ method: 'POST', body: '{"item":1}' });
    const back = await browser.get(`/v1/login/return?rd=${encodeURIComponent(`${site}/app/orders`)}`);
    expect([back.status, back.headers.location]).toEqual([303, `${site}/app/orders`]);
  });

  it('who claims to be somebody else is not believed, signed in or not', async () => {
    expect((await new SiteClient(site).get('/app/', forgedIdentity)).status).toBe(401);
    const staff = new SiteClient(site);
    const { body } = await staff.post('/v1/login', { loginName: 'dealer', password: demoPassword });
    const answer = await staff.get('/app/', forgedIdentity);
    const { 'remote-account-id': accountId = '', ...identity } = identityIn(answer);
    // Staff belongs to no account: the header is empty or not there, never the forged one.
    expect(accountId).toBe('');
    expect(identity).toEqual({ 'remote-user': 'dealer', 'remote-login-id': body.session.login.id, 'remote-role': 'provider_staff', 'remote-assurance': 'pwd' });
  });

  it('the address of a client is the one it calls from, whatever it says', async () => {
    const browser = new SiteClient(site, elsewhere);
    await signInOwner(browser, forgedOrigin);
    expect(await currentDevice(browser)).toMatchObject({ lastIp: elsewhere });
    const told = (await browser.get('/app/', forgedOrigin)).body.headers;
    expect([told['x-forwarded-for'], told['x-forwarded-host'], told['x-forwarded-proto']]).toEqual([elsewhere, new URL(site).host, 'http']);
    expect((await new SiteClient(site, elsewhere).get('/app/', { ...forgedOrigin, ...page })).headers.location).toMatch(new RegExp(`^${site}/sign-in\\?`));
  });

  it('a Latchkey that was not told of the gateway believes no address but the gateway’s own', async () => {
    const port = await freePort();
    const beside = await startExample(name, { site: port, latchkey: portOf(system().baseUrl), app: app.port });
    try {
      const browser = new SiteClient(`http://localhost:${port}`, elsewhere);
      await signInOwner(browser, forgedOrigin);
      expect(await currentDevice(browser)).toMatchObject({ lastIp: '127.0.0.1' });
      expect((await browser.get('/app/')).status).toBe(200);
      expect(await new SiteClient(`http://localhost:${port}`).get('/app/', page)).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    } finally {
      await beside.stop();
    }
  });

  it('what happens to a code comes through while the stream is open', async () => {
    const browser = new SiteClient(site);
    const after = new Date();
    const { attempt } = (await browser.post('/v1/login', { loginName: 'owner', password: demoPassword })).body;
    const stream = await browser.open('GET', '/v1/login/events', { headers: { 'login-attempt': attempt } });
    expect(stream.headers['content-type']).toContain('text/event-stream');
    let text = '';
    for await (const chunk of stream) if ((text += String(chunk)).includes('"state":"accepted"')) break;
    expect(text).toMatch(/"state":"queued"[\s\S]*"state":"accepted"/);
    // It was not the end that brought them.
    expect(stream.complete).toBe(false);
    await latestCode(system().inboxUrl, ownerPhone, { after });
  });

  it('after logout the app is closed with the next request', async () => {
    const browser = new SiteClient(site);
    await signInOwner(browser);
    expect((await browser.get('/app/')).status).toBe(200);
    const cookies = new Map(browser.cookies);
    expect((await browser.post('/v1/logout')).status).toBe(204);
    app.told.splice(0);
    expect((await browser.get('/app/')).status).toBe(401);
    for (const [cookie, value] of cookies) browser.cookies.set(cookie, value);
    expect((await browser.get('/app/')).status).toBe(401);
    expect(app.told).toEqual([]);
  });

  it('while Latchkey is away nobody comes in', async () => {
    const browser = new SiteClient(site);
    await signInOwner(browser);
    await latchkey.stop();
    app.told.splice(0);
    for (const headers of [{}, page, forgedIdentity] as Record<string, string>[]) expect((await browser.get('/app/', headers)).status).toBeGreaterThanOrEqual(500);
    expect(app.told).toEqual([]);
    await latchkey.start();
    expect((await browser.get('/app/')).status).toBe(200);
  });
});
