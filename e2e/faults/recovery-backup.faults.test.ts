import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, latestCode } from '@latchkey/testing';
import { rootDirectory, type StartedSystem, startSystem } from '@latchkey/tools';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, demoPassword } from '../api-client.ts';
import { authenticatorCode, newClient, system } from '../demo.ts';
import { addLogins, type LoadLogin } from '../many-logins.ts';
import { running } from './faults.ts';
import { SteadyLoad } from './steady-load.ts';

const instance = 'test-restored';
const vhost = 'restored';
const work = mkdtempSync(join(tmpdir(), 'latchkey-backup-'));
const [folder, keyFile] = [join(work, 'backup'), join(work, 'keys')];

/** Somebody with a phone, an authenticator app, a trusted browser and a history. */
let person: LoadLogin & { secret: string; totpId: string; deviceCookie: string; sessionCookie: string; history: string[]; devices: object[] };
let restored: StartedSystem | undefined;

beforeAll(async () => {
  const [login, ...others] = (await addLogins(running(), 200, 60_000)) as [LoadLogin, ...LoadLogin[]];
  person = await someoneWithEverything(login);
  const load = new SteadyLoad(others, () => [system().baseUrl]);
  load.start(6);
  const made = await latchkey({ LATCHKEY_INSTANCE: system().instance }, 'backup', folder, '--keys-to', keyFile);
  await load.stop();
  expect(made).toMatchObject({ code: 0, output: expect.stringContaining('broker definitions of the broker') });
  expect(load.results.map(({ status }) => status)).toEqual(load.results.map(() => 200));
  await manage('PUT', `vhosts/${vhost}`, {});
});
afterAll(async () => {
  await restored?.stop();
  restored?.instance.deleteData();
  await manage('DELETE', `vhosts/${vhost}`);
  rmSync(work, { recursive: true, force: true });
});

it('whoever has the backup alone has no key, no address and no authenticator secret', async () => {
  const { output: dumped } = await run('pg_restore', ['--file=-', join(folder, 'postgres.dump')], {});
  const all = [dumped, ...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))].join('\n');
  expect(dumped).toContain(person.loginName);
  const keys = readFileSync(keyFile, 'utf8').trim();
  for (const secret of [keys.split(':')[1] ?? keys, person.phoneNumber.slice(1), person.secret, demoPassword, running().instance.state.secrets.roles]) expect(all).not.toContain(secret);
});

describe('what a restore refuses, with nothing changed', () => {
  const intoRunning = { LATCHKEY_POSTGRES_URL: '', LATCHKEY_REDIS_URL: '' };
  beforeAll(() => Object.assign(intoRunning, { LATCHKEY_POSTGRES_URL: system().postgresUrl }));

  it('a system that is not empty', async () => {
    const before = await newClient().post('/v1/login', { loginName: person.loginName, password: demoPassword });
    expect(await latchkey(intoRunning, 'restore', folder, '--keys-from', keyFile)).toMatchObject({ code: 1, output: expect.stringMatching(/not empty: its database has \d+ tables/) });
    expect(await latchkey({ LATCHKEY_INSTANCE: system().instance }, 'restore', folder)).toMatchObject({ code: 1, output: expect.stringContaining('so it is not empty') });
    expect((await newClient().post('/v1/login', { loginName: person.loginName, password: demoPassword })).status).toBe(before.status);
  });

  it('missing and wrong keys', async () => {
    const other = join(work, 'other-keys');
    writeFileSync(other, `k1:${randomBytes(32).toString('base64')}`);
    expect(await latchkey(intoRunning, 'restore', folder)).toMatchObject({ code: 1, output: expect.stringContaining('--keys-from') });
    expect(await latchkey(intoRunning, 'restore', folder, '--keys-from', other)).toMatchObject({ code: 1, output: expect.stringContaining('k1 (another key has that name)') });
  });

  it('keys beside the backup, and a folder that is taken', async () => {
    const from = { LATCHKEY_INSTANCE: system().instance };
    expect(await latchkey(from, 'backup', join(work, 'second'), '--keys-to', join(work, 'second', 'keys'))).toMatchObject({ code: 2 });
    expect(await latchkey(from, 'backup', folder)).toMatchObject({ code: 1, output: expect.stringContaining('is not empty') });
  });
});

describe('restored into an empty system', () => {
  beforeAll(async () => {
    // Its own database server, and a vhost and a cache that nobody used.
    const amqp = new URL(system().amqpUrl);
    amqp.pathname = `/${vhost}`;
    const env = { LATCHKEY_AMQP_URL: amqp.toString(), LATCHKEY_AMQP_MANAGEMENT_URL: system().amqpManagementUrl, LATCHKEY_REDIS_URL: `${system().redisUrl}/200` };
    expect(await latchkey({ ...env, LATCHKEY_INSTANCE: instance }, 'restore', folder, '--keys-from', keyFile)).toMatchObject({ code: 0, output: expect.stringContaining('each table counted') });
    expect(await queuesIn(vhost)).toEqual((await queuesIn('latchkey')).filter((name) => !name.startsWith('latchkey.requests.')));
    restored = await startSystem({ instance, ports: 'free', quiet: true, env });
  });
  const there = () => restored as StartedSystem;
  const enter = (client: ApiClient, body: object) => client.post('/v1/login/verify-code', body);

  it('a texted code logs in there, and the history before the backup is there', async () => {
    const client = new ApiClient(there().baseUrl);
    const after = new Date();
    const { body: login } = await client.post('/v1/login', { loginName: person.loginName, password: demoPassword });
    const code = await latestCode(there().inboxUrl, person.phoneNumber, { after });
    expect(await enter(client, { attempt: login.attempt, methodId: login.sent.methodId, code })).toMatchObject({ status: 200, body: { session: { assurance: 'pwd+sms' } } });
    expect(await timelineOf(client)).toEqual(expect.arrayContaining(person.history));
    expect((await client.get('/v1/devices')).body.devices).toEqual(expect.arrayContaining(person.devices));
  });

  it('a trusted browser is trusted still', async () => {
    const client = new ApiClient(there().baseUrl);
    const headers = { cookie: `__Host-device=${person.deviceCookie}`, origin: there().baseUrl };
    expect(await client.post('/v1/login', { loginName: person.loginName, password: demoPassword }, headers)).toMatchObject({ status: 200, body: { status: 'signed_in', session: { assurance: 'pwd+trusted_device' } } });
  });

  it('the authenticator app works still', async () => {
    const client = new ApiClient(there().baseUrl);
    const { body: login } = await client.post('/v1/login', { loginName: person.loginName, password: demoPassword });
    expect(await enter(client, { attempt: login.attempt, methodId: person.totpId, code: authenticatorCode(person.secret, 30) })).toMatchObject({ status: 200, body: { session: { assurance: 'pwd+totp' } } });
  });

  it('a session from before the backup does not count there', async () => {
    const cookie = `__Host-session=${person.sessionCookie}`;
    expect((await new ApiClient(system().baseUrl).get('/v1/session', { cookie })).status).toBe(200);
    expect((await new ApiClient(there().baseUrl).get('/v1/session', { cookie })).status).toBe(401);
  });
});

async function someoneWithEverything(login: LoadLogin): Promise<typeof person> {
  const signIn = async (client: ApiClient) => {
    const after = new Date();
    const { body } = await client.post('/v1/login', { loginName: login.loginName, password: demoPassword });
    const code = await latestCode(system().inboxUrl, login.phoneNumber, { after });
    return (await client.post('/v1/login/verify-code', { attempt: body.attempt, methodId: body.sent.methodId, code })).body.session;
  };
  const first = newClient();
  await signIn(first);
  const { body: added } = await first.post('/v1/two-factor/methods', { password: demoPassword, kind: 'totp' });
  expect((await first.post(`/v1/two-factor/methods/${added.id}/confirm`, { code: authenticatorCode(added.secret) })).status).toBe(200);
  const browser = newClient();
  const session = await signIn(browser);
  const { body: trusted } = await browser.post('/v1/devices/trust', { deviceIds: [session.device.id] });
  // The timeline is written a moment after what it tells of.
  const history = await eventually(async () => {
    const ids = await timelineOf(browser);
    return ids.length >= 6 && ids;
  });
  return {
    ...login,
    secret: added.secret,
    totpId: added.id,
    deviceCookie: browser.cookie('__Host-device') ?? '',
    sessionCookie: browser.cookie('__Host-session') ?? '',
    history,
    devices: trusted.devices.map(({ id, trusted: isTrusted, trustedUntil }: any) => expect.objectContaining({ id, trusted: isTrusted, trustedUntil })),
  };
}

const timelineOf = async (client: ApiClient) => ((await client.get('/v1/activity')).body.activities as { id: string }[]).map(({ id }) => id);

const latchkey = (env: Record<string, string>, ...args: string[]) => run(process.execPath, [join(rootDirectory, 'tools/latchkey/latchkey.mjs'), ...args], env);

function run(program: string, args: string[], env: Record<string, string>): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { env: { ...process.env, ...env }, maxBuffer: 100e6 }, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }));
  });
}

async function manage(method: string, path: string, body?: object): Promise<any> {
  const { username, password, origin } = new URL(system().amqpManagementUrl);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const answer = await fetch(`${origin}/api/${path}`, { method, headers: { authorization, 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  const text = await answer.text();
  return text ? JSON.parse(text) : undefined;
}

const queuesIn = async (name: string): Promise<string[]> => {
  const queues = (await manage('GET', `queues/${name}`)) as { name: string; durable: boolean; exclusive: boolean }[];
  return queues.filter(({ durable, exclusive }) => durable && !exclusive).map((queue) => queue.name).sort();
};
