import { randomUUIDv7 } from 'node:crypto';
import { Refusal } from '@latchkey/contracts';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { Passwords } from '../passwords/passwords.ts';
import { CommandUnderTest } from './testing/command-under-test.ts';

const password = 'a password that nobody has';
let latchkey: CommandUnderTest;
let providerId: string;
beforeAll(async () => {
  latchkey = await CommandUnderTest.start();
  providerId = await latchkey.addProvider();
});
afterAll(() => latchkey.stop());
afterEach(() => vi.restoreAllMocks());

/** What a shell pipes in. */
const pipe = (text: string) => vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([text]) as typeof process.stdin);

test('a provider has its policy and its contact', async () => {
  const id = await latchkey.run('create-provider', '--name', 'Alpine Alarm', '--policy', 'required', '--contact-phone', '+41 44 668 18 00', '--contact-email', 'help@alpine.example');
  expect(await latchkey.query('SELECT name, policy, contact_phone, contact_email FROM providers WHERE id = $1', [id])).toEqual([
    { name: 'Alpine Alarm', policy: 'required', contact_phone: '+41 44 668 18 00', contact_email: 'help@alpine.example' },
  ]);
  await expect(latchkey.run('create-provider')).rejects.toMatchObject({ exitCode: 2, message: '--name is missing.' });
  await expect(latchkey.run('create-provider', '--name', 'x', '--policy', 'never')).rejects.toMatchObject({ exitCode: 2 });
});

test.each([
  ['create-staff', 'provider_staff'],
  ['create-operator', 'operator'],
])('%s makes a login with the password that was piped in, its address sealed', async (command, role) => {
  pipe(`${password}\n`);
  await latchkey.run(command, '--login', `New ${role}`, '--email', 'new@alpine.example', '--provider', providerId);
  const [login] = await latchkey.query('SELECT * FROM logins WHERE login_name_key = $1', [`new ${role}`]);
  expect(login).toMatchObject({ role, provider_id: providerId, account_id: null, email_masked: 'n•••@alpine.example' });
  await expect(latchkey.sealing.open('destination', login.email_sealed)).resolves.toBe('new@alpine.example');
  await expect(new Passwords({ LATCHKEY_HASH_CONCURRENCY: 1, LATCHKEY_HASH_WAIT_MS: 9_000 }).isRight(password, login.password_hash)).resolves.toBe(true);
});

test('a weak password, a name that is taken or looks taken, and a provider that has to be named make no login', async () => {
  const create = (login: string, typed = password, ...more: string[]) => {
    pipe(`${typed}\n`);
    return latchkey.run('create-staff', '--login', login, ...more);
  };
  await create('dealer', password, '--provider', providerId);
  await expect(create('weak', 'password1', '--provider', providerId)).rejects.toThrow(Refusal);
  await expect(create('dealer', password, '--provider', providerId)).rejects.toThrow('dealer is taken.');
  await expect(create('dеaler', password, '--provider', providerId)).rejects.toThrow('looks the same as dealer');
  await expect(create('other', password, '--provider', randomUUIDv7())).rejects.toThrow('There is no provider');
  await latchkey.addProvider('Second Security');
  await expect(create('other')).rejects.toThrow(/several providers.*Demo Security.*Second Security/s);
  await expect(create('other', '', '--provider', providerId)).rejects.toThrow();
  expect(await latchkey.query(`SELECT login_name FROM logins WHERE login_name IN ('weak', 'dеaler', 'other')`)).toEqual([]);
});

test('timeline tells what happened to a login and in an attempt, oldest first, and lets nothing steer the terminal', async () => {
  pipe(`${password}\n`);
  await latchkey.run('create-staff', '--login', 'watched', '--provider', providerId);
  const [{ id }] = (await latchkey.query(`SELECT id FROM logins WHERE login_name_key = 'watched'`)) as [{ id: string }];
  const attempt = randomUUIDv7();
  const add = (kind: string, secondsAgo: number, attemptId: string | null, correlationId: string, deviceName: string) =>
    latchkey.query(
      `INSERT INTO activity (id, login_id, at, kind, attempt_id, correlation_id, by_kind, by_name, device_name, ip, detail)
       VALUES ($1, $2, now() - $3 * interval '1 second', $4, $5, $6, 'self', 'watched', $7, '203.0.113.7', '{"reason":"test"}')`,
      [randomUUIDv7(), id, secondsAgo, kind, attemptId, correlationId, deviceName],
    );
  await add('signed_in', 1, attempt, attempt, 'Firefox on Linux');
  await add('code_sent', 5, null, attempt, 'Firefox on Linux');
  await add('login_refused', 90_000, randomUUIDv7(), randomUUIDv7(), '\u001b[2JEvil\u202e');

  const ofLogin = (await latchkey.run('timeline', 'Watched')).split('\n');
  expect(ofLogin.map((line) => line.split('  ')[1])).toEqual(['login_refused', 'code_sent', 'signed_in']);
  expect(ofLogin[0]).toContain('\\u001b[2JEvil\\u202e, 203.0.113.7');
  const ofAttempt = (await latchkey.run('timeline', '--attempt', attempt)).split('\n');
  expect(ofAttempt.map((line) => line.split('  ').slice(1, 3))).toEqual([
    ['code_sent', 'watched'],
    ['signed_in', 'watched'],
  ]);
  expect(await latchkey.run('timeline', '--attempt', randomUUIDv7())).toBe('Nothing is recorded.');
  await expect(latchkey.run('timeline')).rejects.toMatchObject({ exitCode: 2 });
  await expect(latchkey.run('timeline', '--attempt', "' OR 1=1")).rejects.toMatchObject({ exitCode: 2 });
});
