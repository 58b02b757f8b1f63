import { eventually, latestCode } from '@latchkey/testing';
import { Redis } from 'ioredis';
import { beforeAll, expect, it } from 'vitest';
import { type ApiClient, demoPassword } from '../api-client.ts';
import { authenticatorCode, newClient, system, wrongCodeFor } from '../demo.ts';
import { addLogins, type LoadLogin } from '../many-logins.ts';
import { query, running } from './faults.ts';

/** A login that was asked for a code, and got it. */
type Asked = { attempt: string; methodId: string; code: string };

const post = (client: ApiClient, path: string, body: object) => client.post(path, body);
const enter = (client: ApiClient, { attempt, methodId, code }: Asked) => post(client, '/v1/login/verify-code', { attempt, methodId, code });
const logIn = (client: ApiClient, { loginName }: LoadLogin) => post(client, '/v1/login', { loginName, password: demoPassword });

async function askForCode(client: ApiClient, login: LoadLogin): Promise<Asked> {
  const after = new Date();
  const { body } = await logIn(client, login);
  expect(body).toMatchObject({ status: 'code_required', sent: { state: 'queued' } });
  return { attempt: body.attempt, methodId: body.sent.methodId, code: await latestCode(system().inboxUrl, login.phoneNumber, { after }) };
}

async function signIn(client: ApiClient, login: LoadLogin): Promise<Asked & { session: any }> {
  const asked = await askForCode(client, login);
  const { status, body } = await enter(client, asked);
  expect(status).toBe(200);
  return { ...asked, session: body.session };
}

const settingsOf = async (client: ApiClient) => {
  const [twoFactor, devices] = [await client.get('/v1/two-factor'), await client.get('/v1/devices')];
  const trust = devices.body.devices.map(({ id, trusted, trustedUntil }: any) => ({ id, trusted, trustedUntil }));
  return { twoFactor: twoFactor.body, trust: trust.sort((one: any, other: any) => (one.id < other.id ? -1 : 1)) };
};

let [signedIn, waiting, locked, forgetful]: LoadLogin[] = [];
const who = () => ({ signedIn: signedIn as LoadLogin, waiting: waiting as LoadLogin, locked: locked as LoadLogin, forgetful: forgetful as LoadLogin });
const [browser, forgottenBrowser] = [newClient(), newClient()];
let before: Awaited<ReturnType<typeof settingsOf>>;
let totp: { id: string; secret: string; usedCode: string };
let [used, underWay]: Asked[] = [];

beforeAll(async () => {
  [signedIn, waiting, locked, forgetful] = await addLogins(running(), 4, 70_000);

  await signIn(browser, who().signedIn);
  const { body: added } = await post(browser, '/v1/two-factor/methods', { password: demoPassword, kind: 'totp' });
  totp = { ...added, usedCode: authenticatorCode(added.secret) };
  expect((await post(browser, `/v1/two-factor/methods/${totp.id}/confirm`, { code: totp.usedCode })).status).toBe(200);
  used = await signIn(browser, who().signedIn);
  const { id } = (used as Awaited<ReturnType<typeof signIn>>).session.device;
  expect((await post(browser, '/v1/devices/trust', { deviceIds: [id] })).status).toBe(200);
  before = await settingsOf(browser);

  const { session } = await signIn(forgottenBrowser, who().forgetful);
  for (const path of ['trust', 'forget']) expect((await post(forgottenBrowser, `/v1/devices/${path}`, { deviceIds: [session.device.id] })).status).toBe(200);

  underWay = await askForCode(newClient(), who().waiting);
  for (let left = 4; left > 1; left -= 1) expect(await enter(newClient(), { ...underWay, code: wrongCodeFor(underWay.code) })).toMatchObject({ status: 401, body: { attemptsLeft: left } });

  const redis = new Redis(system().redisUrl);
  const asked = await askForCode(newClient(), who().locked);
  const [row] = await query<{ id: string }>('auth', 'SELECT id FROM logins WHERE login_name_key = $1', [who().locked.loginName]);
  await redis.hset(`code-failures:{${row?.id}}`, 'lockedUntil', Date.now() + 3_600_000);
  expect(await enter(newClient(), asked)).toMatchObject({ status: 429, body: { code: 'locked' } });

  // As a new and empty server in its place: no data, no scripts, no connections.
  await redis.flushall();
  await redis.script('FLUSH');
  await redis.call('CLIENT', 'KILL', 'TYPE', 'normal');
  await redis.quit();
});

it('who was signed in logs in again, and a trusted browser needs no code for it', async () => {
  expect(await browser.get('/v1/session')).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
  expect(await logIn(browser, who().signedIn)).toMatchObject({ status: 200, body: { status: 'signed_in', session: { assurance: 'pwd+trusted_device' } } });
});

it('methods, recovery codes and trust are what they were, and so is the history', async () => {
  expect(await settingsOf(browser)).toEqual(before);
  const kinds = await eventually(async () => {
    const { activities } = (await browser.get('/v1/activity')).body;
    return activities.length > 6 && activities.map(({ kind }: { kind: string }) => kind);
  });
  expect(kinds).toEqual(expect.arrayContaining(['method_added', 'device_trusted', 'signed_in']));
});

it('who waited for a code is told that the attempt is over, and gets in by asking anew, with all tries', async () => {
  expect(await enter(newClient(), underWay as Asked)).toMatchObject({ status: 410, body: { code: 'attempt_over' } });
  expect(await post(newClient(), '/v1/login/send-code', { attempt: underWay?.attempt, methodId: underWay?.methodId })).toMatchObject({ status: 410, body: { code: 'attempt_over' } });
  const client = newClient();
  const again = await askForCode(client, who().waiting);
  expect(await enter(client, { ...again, code: wrongCodeFor(again.code) })).toMatchObject({ status: 401, body: { attemptsLeft: 4 } });
  expect(await enter(client, again)).toMatchObject({ status: 200 });
});

it('a lock ends: nobody is locked out, and counting begins anew', async () => {
  await signIn(newClient(), who().locked);
});

it('a code that was used is not right again', async () => {
  expect(await enter(newClient(), used as Asked)).toMatchObject({ status: 410, body: { code: 'attempt_over' } });
});

it('a used code of an authenticator app stays refused, and the next one is right', async () => {
  const client = newClient();
  const { body } = await logIn(client, who().signedIn);
  const by = (code: string) => enter(client, { attempt: body.attempt, methodId: totp.id, code });
  // Still in its time: it is refused for being used.
  expect([authenticatorCode(totp.secret), authenticatorCode(totp.secret, -30)]).toContain(totp.usedCode);
  expect(await by(totp.usedCode)).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
  expect(await by(authenticatorCode(totp.secret, 30))).toMatchObject({ status: 200, body: { session: { assurance: 'pwd+totp' } } });
});

it('trust that was withdrawn does not come back', async () => {
  expect(await logIn(forgottenBrowser, who().forgetful)).toMatchObject({ status: 200, body: { status: 'code_required' } });
});
