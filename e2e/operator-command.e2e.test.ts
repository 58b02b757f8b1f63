import { randomUUIDv7 } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, latestCode } from '@latchkey/testing';
import { connect } from 'amqplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from './api-client.ts';
import { signInOwner, newClient, system } from './demo.ts';
import { addPerson, addTenant } from './tenants.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-ops-'));
const sessionFile = join(folder, 'state/session.json');
afterAll(() => rmSync(folder, { recursive: true }));

type Said = { code: number | null; out: string; error: string };

/** As somebody types it; `answer` gives what is typed after each question. */
async function ops(args: string[], answers: (() => string | Promise<string>)[] = []): Promise<Said> {
  const program = spawn(process.execPath, ['tools/latchkey/main.ts', 'ops', ...args], { env: { ...process.env, LATCHKEY_SESSION_FILE: sessionFile, LATCHKEY_URL: system().baseUrl } });
  const said: Said = { code: null, out: '', error: '' };
  program.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  program.stderr.setEncoding('utf8').on('data', (text: string) => (said.error += text));
  const ended = once(program, 'exit');
  for (const answer of answers) program.stdin.write(`${await answer()}\n`);
  program.stdin.end();
  [said.code] = await ended;
  return said;
}

const signIn = (loginName: string) => ops(['login', loginName], [() => demoPassword]);
const rowsOf = ({ out }: Said) => out.trim().split('\n').slice(1).map((line) => line.split(/\s{2,}/));

/** What no service of ours would publish dies at once. */
async function publishRubbish(): Promise<string> {
  const messageId = randomUUIDv7();
  const connection = await connect(system().amqpUrl);
  const channel = await connection.createConfirmChannel();
  channel.sendToQueue('delivery.sms', Buffer.from('{"rubbish":true}'), { messageId, persistent: true });
  await channel.waitForConfirms();
  await connection.close();
  return messageId;
}

beforeAll(async () => {
  expect(await signIn('operator')).toMatchObject({ code: 0, out: `Signed in at ${system().baseUrl}.\n` });
});

test('the session is kept for the user of the machine alone, and ended by logout', async () => {
  expect(statSync(sessionFile).mode & 0o777).toBe(0o600);
  expect((await ops(['queues'])).code).toBe(0);
  expect(await ops(['logout'])).toMatchObject({ code: 0 });
  expect(await ops(['queues'])).toMatchObject({ code: 1, error: expect.stringContaining('Not signed in: npx latchkey ops login') });
  await signIn('operator');
});

test('an operator with two-factor is asked for the code, too', async () => {
  const person = await addPerson(await addTenant('Shell Alarm'), 'operator', `shell-${randomUUIDv7()}`, { texts: true });
  const after = new Date();
  const code = () => latestCode(system().inboxUrl, person.phoneNumber, { after });
  expect(await ops(['login', person.loginName], [() => demoPassword, code])).toMatchObject({ code: 0 });
  expect((await ops(['queues'])).code).toBe(0);
  await signIn('operator');
});

test('queues, workers, providers and what was sent stand in tables, or as JSON', async () => {
  await signInOwner(newClient());
  expect(rowsOf(await ops(['queues'])).map(([name]) => name)).toEqual(expect.arrayContaining(['delivery.sms', 'delivery.email']));
  expect(rowsOf(await ops(['workers']))[0]?.join()).toMatch(/sms|email/);
  expect((await ops(['providers'])).out).toMatch(/provider +state +circuit[^]+channel +state\nsms +sending/);
  const deliveries = await ops(['deliveries', '--channel', 'sms', '--last', '5', '--json']);
  expect((JSON.parse(deliveries.out) as { channel: string }[]).map(({ channel }) => channel)).toContain('sms');
  expect((JSON.parse(deliveries.out) as object[]).length).toBeLessThanOrEqual(5);
});

test('a channel is paused and resumed, and the book says who did it', async () => {
  expect(await ops(['channel', 'email', 'pause'])).toMatchObject({ code: 0, out: 'email is paused.\n' });
  expect((await ops(['providers'])).out).toMatch(/email +paused/);
  expect(await ops(['channel', 'email', 'resume'])).toMatchObject({ code: 0, out: 'email is sending.\n' });
  const [last, before] = rowsOf(await ops(['audit', '--last', '2']));
  expect([last?.slice(1), before?.slice(1)]).toEqual([
    ['operator', 'set_channel', 'paused=false channel=email'],
    ['operator', 'set_channel', 'paused=true channel=email'],
  ]);
});

test('dead letters are looked at, given back, and thrown away: chosen ones, or all of them for who says yes', async () => {
  const [first, second] = [await publishRubbish(), await publishRubbish()];
  const letters = async () => rowsOf(await ops(['dead-letters', 'delivery.sms'])).map(([id]) => id);
  await eventually(async () => (await letters()).length === 2, { timeoutMs: 20_000, everyMs: 500, what: 'two dead letters' });
  expect(await letters()).toEqual(expect.arrayContaining([first, second]));
  // It is rubbish still, and dies again.
  expect(await ops(['redrive', 'delivery.sms', first])).toMatchObject({ code: 0, out: expect.stringMatching(/^1 given back/) });
  await eventually(async () => (await letters()).includes(first), { timeoutMs: 20_000, everyMs: 500, what: 'it died again' });
  expect((await ops(['discard', 'delivery.sms', second, 'no-such'])).out).toBe('1 thrown away, 1 left.\nNot found: no-such\n');
  expect(await ops(['discard', 'delivery.sms', '--all'])).toMatchObject({ code: 1, error: expect.stringContaining('Nothing was done') });
  expect((await ops(['discard', 'delivery.sms', '--all', '--yes'])).out).toBe('1 thrown away, 0 left.\n');
  expect(await letters()).toEqual([]);
});

test('what is wrong is said: rights, words, an address where nobody answers', async () => {
  expect(await ops(['channel', 'fax', 'pause'])).toMatchObject({ code: 2, error: expect.stringContaining('sms or email, please') });
  expect(await ops(['discard', 'delivery.sms'])).toMatchObject({ code: 2 });
  expect(await ops(['deliveries', '--state', 'lost'])).toMatchObject({ code: 1, error: expect.stringMatching(/invalid_request.*\n.*state/) });
  expect(await ops(['queues', '--url', 'http://127.0.0.1:9'])).toMatchObject({ code: 1, error: 'No answer from http://127.0.0.1:9.\n' });
  expect(await ops(['login', 'operator'], [() => 'not the password'])).toMatchObject({ code: 1, error: 'Name or password is wrong.\n' });
  await signIn('member');
  expect(await ops(['queues'])).toMatchObject({ code: 1, error: 'This login is not an operator.\n' });
});
