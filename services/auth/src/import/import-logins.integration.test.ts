import { mkdtempSync, readFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CommandUnderTest } from '../admin/testing/command-under-test.ts';
import { Passwords } from '../passwords/passwords.ts';
import { RehashPassword } from '../passwords/rehash-password.ts';
import { importLogins } from './import-logins.ts';
import { inviteImported } from './invite-imported.ts';

const passwords = new Passwords({ LATCHKEY_HASH_CONCURRENCY: 2, LATCHKEY_HASH_WAIT_MS: 60_000 });
const directory = mkdtempSync(join(tmpdir(), 'latchkey-import-'));
let latchkey: CommandUnderTest;
let bcryptHash: string;
beforeAll(async () => {
  latchkey = await CommandUnderTest.start();
  await latchkey.addProvider();
  bcryptHash = await bcrypt('correct horse', { cost: 4 });
});
afterAll(async () => {
  await latchkey.stop();
  rmSync(directory, { recursive: true });
});
beforeEach(async () => void (await latchkey.query('TRUNCATE accounts, logins, two_factor_methods CASCADE')));

const file = (name: string, lines: string[]) => {
  const path = join(directory, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  rmSync(`${path}.refused.csv`, { force: true });
  return path;
};
const reportOf = (path: string) => (existsSync(`${path}.refused.csv`) ? readFileSync(`${path}.refused.csv`, 'utf8').trim().split('\n').slice(1) : []);

test('a login comes in with its hash, address, two-factor by text and account, and everything of it rests sealed', async () => {
  const path = file('one.csv', ['loginName,passwordHash,emailAddress,phoneNumber,accountName,accountExternalId,role,locale', `Erika,${bcryptHash},Erika@Example.COM,+1 415 555 0142,"Muster, Erika",A-1,account_owner,de-AT`]);
  expect(await latchkey.run('import', path)).toMatch(/^1 imported for Demo Security, 0 there already, 0 refused;/);
  const [login] = await latchkey.query(`SELECT logins.*, accounts.name, accounts.external_id FROM logins JOIN accounts ON accounts.id = account_id`);
  expect(login).toMatchObject({ login_name: 'Erika', login_name_key: 'erika', role: 'account_owner', locale: 'de-AT', name: 'Muster, Erika', external_id: 'A-1', email_masked: 'E•••@example.com' });
  await expect(latchkey.sealing.open('destination', login.email_sealed)).resolves.toBe('Erika@example.com');
  const [method] = await latchkey.query('SELECT * FROM two_factor_methods WHERE login_id = $1', [login.id]);
  expect(method).toMatchObject({ kind: 'sms', is_default: true, confirmed_at: expect.any(Date), hint: '•••• 0142' });
  await expect(latchkey.sealing.open('destination', method.sealed_destination)).resolves.toBe('+14155550142');
  await expect(passwords.isRight('correct horse', login.password_hash)).resolves.toBe(true);
  expect(reportOf(path)).toEqual([]);
});

test('the right password replaces an imported hash by our own, and a password that was changed meanwhile stays', async () => {
  await latchkey.run('import', file('rehash.csv', ['loginName,passwordHash', `erika,${bcryptHash}`]));
  const rehash = new RehashPassword(latchkey.database, passwords);
  const [{ id }] = (await latchkey.query('SELECT id FROM logins')) as [{ id: string }];
  await rehash.whenOutdated(id, 'correct horse', 'a hash that is there no more $2b$');
  expect(await latchkey.query('SELECT password_hash FROM logins')).toEqual([{ password_hash: bcryptHash }]);
  await rehash.whenOutdated(id, 'correct horse', bcryptHash);
  const [{ password_hash }] = (await latchkey.query('SELECT password_hash FROM logins')) as [{ password_hash: string }];
  expect(password_hash).toMatch(/^\$argon2id\$/);
  await expect(passwords.isRight('correct horse', password_hash)).resolves.toBe(true);
});

test('JSON lines say the same as CSV', async () => {
  const path = file('logins.jsonl', [JSON.stringify({ loginName: 'erika', passwordHash: bcryptHash, emailAddress: null, locale: 'fr' }), '', '{"loginName":', '[]', '{"loginName":"max","age":3}', '{"loginName":"max","passwordHash":7}']);
  expect(await latchkey.run('import', path)).toMatch(/^1 imported for Demo Security, 0 there already, 4 refused/);
  expect(reportOf(path)).toEqual(['3,"not JSON"', '4,"not a JSON object"', '5,"age is not a string"', '6,"passwordHash is not a string"']);
});

test('every refused line is reported with its number and reason, without what it held, and keeps no other line from coming in', async () => {
  const path = file('bad.csv', [
    '\ufeffloginName,passwordHash,emailAddress,phoneNumber,role,locale',
    `fine,${bcryptHash},,,,`,
    'dear,$2b$31$CCCCCCCCCCCCCCCCCCCCC.CEQ3zetrFQeIOAYis89iWZhUFZUFO3i,,,,',
    'huge,"$scrypt$ln=30,r=8,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",,,,',
    'plain,hunter2,,,,',
    `,${bcryptHash},,,,`,
    `ad\u200bmin,${bcryptHash},,,,`,
    `mail,${bcryptHash},"a@b.example\nBcc: all@b.example",,,`,
    `phone,${bcryptHash},,555 0142,,`,
    `boss,${bcryptHash},,,operator,`,
    `tongue,${bcryptHash},,,,!!`,
    'short,line',
    `FINE,${bcryptHash},,,,`,
    `fіne,${bcryptHash},,,,`,
    'late,,,,,',
  ]);
  expect(await latchkey.run('import', path)).toMatch(/^2 imported for Demo Security, 0 there already, 12 refused/);
  const report = reportOf(path);
  expect(report.map((line) => Number(line.split(',')[0])).sort((one, other) => one - other)).toEqual([3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15]);
  expect(report.join('\n')).toContain('3,"passwordHash: bcrypt cost is above 14"');
  expect(report.join('\n')).toContain('loginName looks the same as ""fine"", which is taken');
  expect(report.join('\n')).not.toMatch(/hunter2|CCCC|Bcc/);
  expect(await latchkey.query('SELECT login_name, password_hash IS NULL AS "noPassword" FROM logins ORDER BY 1')).toEqual([
    { login_name: 'fine', noPassword: false },
    { login_name: 'late', noPassword: true },
  ]);
});

test('logins of one account find each other, in one file and over several; without an id each has an account of its own', async () => {
  await latchkey.run('import', file('a.csv', ['loginName,accountName,accountExternalId,role', 'a1,Family A,A,account_owner', 'a2,Family A,A,customer', 'lone1,,,', 'lone2,,,', 'staff,,,provider_staff']));
  await latchkey.run('import', file('b.csv', ['loginName,accountName,accountExternalId', 'a3,Family A,A']));
  const rows = await latchkey.query('SELECT login_name AS login, accounts.name FROM logins LEFT JOIN accounts ON accounts.id = account_id ORDER BY 1');
  expect(rows).toEqual([
    { login: 'a1', name: 'Family A' },
    { login: 'a2', name: 'Family A' },
    { login: 'a3', name: 'Family A' },
    { login: 'lone1', name: 'lone1' },
    { login: 'lone2', name: 'lone2' },
    { login: 'staff', name: null },
  ]);
  expect(await latchkey.query('SELECT count(*)::int AS accounts FROM accounts')).toEqual([{ accounts: 3 }]);
});

test('an import that was interrupted goes on when it is run again, and one that is over changes nothing', async () => {
  const path = file('many.csv', ['loginName,passwordHash,phoneNumber', ...Array.from({ length: 2_500 }, (_, index) => `user${index},${bcryptHash},+1 415 555 0142`)]);
  const [{ id: providerId }] = (await latchkey.query('SELECT id FROM providers')) as [{ id: string }];
  const stop = new AbortController();
  const parts = { path, format: 'csv' as const, providerId, report: (line: number, reason: string) => expect.unreachable(`${line}: ${reason}`) };
  const first = await importLogins(latchkey.database, latchkey.sealing, { ...parts, progress: () => stop.abort(), signal: stop.signal });
  expect(first).toMatchObject({ imported: 1_000, alreadyThere: 0 });
  expect(await importLogins(latchkey.database, latchkey.sealing, parts)).toEqual({ lines: 2_500, imported: 1_500, alreadyThere: 1_000, refused: 0 });
  expect(await importLogins(latchkey.database, latchkey.sealing, parts)).toEqual({ lines: 2_500, imported: 0, alreadyThere: 2_500, refused: 0 });
  expect(await latchkey.query('SELECT (SELECT count(*) FROM logins)::int AS logins, (SELECT count(*) FROM accounts)::int AS accounts, (SELECT count(*) FROM two_factor_methods)::int AS methods')).toEqual([
    { logins: 2_500, accounts: 2_500, methods: 2_500 },
  ]);
});

test('two imports of the same file at once bring each login in once, and no account of nobody', async () => {
  const path = file('twice.csv', ['loginName,passwordHash', ...Array.from({ length: 1_500 }, (_, index) => `user${index},${bcryptHash}`)]);
  const [{ id: providerId }] = (await latchkey.query('SELECT id FROM providers')) as [{ id: string }];
  const run = () => importLogins(latchkey.database, latchkey.sealing, { path, format: 'csv', providerId, report: () => undefined });
  const [one, other] = await Promise.all([run(), run()]);
  expect(one.imported + other.imported).toBe(1_500);
  expect(await latchkey.query('SELECT count(*)::int AS accounts FROM accounts')).toEqual([{ accounts: 1_500 }]);
});

test('a file with columns that are not known is not begun', async () => {
  await expect(latchkey.run('import', file('odd.csv', ['loginName,password', 'erika,hunter2']))).rejects.toThrow(/not known: password\b/);
  await expect(latchkey.run('import', file('none.csv', ['emailAddress', 'a@b.example']))).rejects.toThrow(/loginName is not among them/);
  await expect(latchkey.run('import', join(directory, 'missing.csv'))).rejects.toThrow(/There is no file/);
});

/** Each invitation in the outbox: to whom, and what its link leads to. */
async function invitations(): Promise<{ to: string; told: Record<string, string> }[]> {
  const rows = await latchkey.query<{ message: { name: string; payload: { kind: string; sealedDestination: string; sealedArguments: string } } }>(`SELECT message FROM outbox WHERE message->>'name' = 'notice.issued.email' ORDER BY position`);
  return Promise.all(
    rows.map(async ({ message: { payload } }) => ({
      to: await latchkey.sealing.open('destination', payload.sealedDestination),
      told: JSON.parse(await latchkey.sealing.open('notice', payload.sealedArguments)) as Record<string, string>,
    })),
  );
}

test('who comes in without a password is invited when asked for, once, and nobody else of the file or of the provider is', async () => {
  await latchkey.query('TRUNCATE outbox');
  const header = 'loginName,passwordHash,emailAddress';
  await latchkey.run('import', file('others.csv', [header, 'of-another-file,,other@example.com']));
  const path = file('invite.csv', [header, `has-one,${bcryptHash},has@example.com`, 'waits,,waits@example.com', 'no-address,,', 'of-another-FILE,,thief@example.com']);
  expect(await latchkey.run('import', path)).toMatch(/^3 imported .* 1 refused/);
  expect(await invitations()).toEqual([]);
  // Run again, what is there already is invited too.
  expect(await latchkey.run('import', path, '--invite', '--invite-per-minute', '6000')).toMatch(/0 imported.*\n.*6000 a minute; the links lead to https:\/\/login\.example.*\n1 invited$/);
  const [invitation, ...more] = await invitations();
  expect(more).toEqual([]);
  expect(invitation).toMatchObject({ to: 'waits@example.com', told: { loginName: 'waits', account: 'Demo Security', url: expect.stringMatching(/^https:\/\/login\.example\/invitation#[a-z]{56}$/) } });
  expect(await latchkey.run('import', path, '--invite')).toMatch(/\n0 invited$/);
  // Its link has run out: it gets another one.
  await latchkey.query(`UPDATE links SET expires_at = now() - interval '1 second'`);
  expect(await latchkey.run('import', path, '--invite')).toMatch(/\n1 invited$/);
});

test('invitations of an import go out at the pace that was asked for, and end when told to', async () => {
  await latchkey.query('TRUNCATE outbox');
  const path = file('pace.csv', ['loginName,emailAddress', ...Array.from({ length: 6 }, (_, number) => `pace-${number},pace-${number}@example.com`)]);
  const startedAt = performance.now();
  // Ten a second: the sixth leaves half a second after the first.
  expect(await latchkey.run('import', path, '--invite', '--invite-per-minute', '600')).toMatch(/\n6 invited$/);
  expect(performance.now() - startedAt).toBeGreaterThan(500);

  await latchkey.query('TRUNCATE outbox, links');
  const [{ provider_id: providerId }] = (await latchkey.query('SELECT DISTINCT provider_id FROM logins')) as [{ provider_id: string }];
  const stop = new AbortController();
  const keys = Array.from({ length: 6 }, (_, number) => `pace-${number}`);
  const invited = await inviteImported(latchkey.database, latchkey.sealing, { providerId, keys, publicUrl: 'https://login.example', perMinute: 60, signal: stop.signal, progress: () => stop.abort() });
  expect([invited, (await invitations()).length]).toEqual([1, 1]);
  await expect(latchkey.run('import', path, '--invite', '--invite-per-minute', '0')).rejects.toMatchObject({ exitCode: 2 });
});
