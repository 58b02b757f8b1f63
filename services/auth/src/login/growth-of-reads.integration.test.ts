import { eventually, growTables, indexesNotMissed, listenToStatements, planStatements, type Statement } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser } from '../testing/auth-under-test.ts';
import { rightCode } from '../testing/other-services.ts';
import { codeRequired } from '../testing/people.ts';

let auth: AuthUnderTest;
let asked: Statement[];

/** Enough that reading all of a table costs a hundred times what an index does. */
const rows = 100_000;

beforeAll(async () => {
  auth = await AuthUnderTest.start();
  await growTables(auth.settings.LATCHKEY_DATABASE_URL, [
    "INSERT INTO providers (id, name) SELECT gen_random_uuid(), 'grown-' || n FROM generate_series(1, 2000) n",
    "INSERT INTO accounts (id, provider_id, name) SELECT gen_random_uuid(), id, name FROM providers WHERE name LIKE 'grown-%'",
    `INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, password_hash)
     SELECT gen_random_uuid(), accounts.id, accounts.provider_id, accounts.name || '-' || n, accounts.name || '-' || n, 'customer', password_hash
     FROM logins, accounts, generate_series(1, ${rows} / 2000) n WHERE login_name_key = 'member' AND accounts.name LIKE 'grown-%'`,
    `INSERT INTO two_factor_methods (id, login_id, kind, sealed_destination, hint, is_default, confirmed_at)
     SELECT gen_random_uuid(), id, 'sms', 'sealed', '••', true, now() FROM logins WHERE login_name LIKE 'grown-%'`,
    `INSERT INTO links (token_hash, login_id, kind, expires_at) SELECT md5(id::text), id, 'not_me', now() + interval '30 days' FROM logins WHERE login_name LIKE 'grown-%'`,
    `INSERT INTO activity (id, login_id, at, kind, correlation_id, by_kind) SELECT gen_random_uuid(), id, now(), 'signed_in', gen_random_uuid(), 'self' FROM logins WHERE login_name LIKE 'grown-%'`,
  ]);
  asked = await statementsOfLogins();
}, 120_000);
afterAll(() => auth.stop());

/** By text from a new browser, by the trust given then, with a wrong password, and under a name that nobody has; with the timeline's lines of them. */
async function statementsOfLogins(): Promise<Statement[]> {
  const browser = new Browser();
  const { stop } = listenToStatements();
  const { attemptHash, methodId } = await codeRequired(auth, 'owner', browser);
  const { sessionHash, session } = await auth.verify(attemptHash, methodId, rightCode, browser);
  await auth.ask('session.trust-devices', { sessionHash, deviceIds: [session.device.id] });
  expect(await auth.start('owner', { browser })).toMatchObject({ answer: { status: 'signed_in', session: { assurance: 'pwd+trusted_device' } } });
  for (const name of ['owner', 'nobody-has-this']) await expect(auth.start(name, { password: 'wrong-horse-battery' })).rejects.toMatchObject({ code: 'invalid_credentials' });
  await auth.ask('session.get', { sessionHash });
  await eventually(async () => (await auth.ask('session.activity', { sessionHash, before: null })).activities.filter(({ kind }) => kind === 'signed_in').length >= 2, { timeoutMs: 10_000, what: 'the lines of both logins' });
  return stop();
}

test('no statement of a login takes longer for there being more logins', async () => {
  // Who is it, the outbox, the timeline, a link against who was not meant: anything less was not listened to.
  for (const part of ['FROM logins', 'two_factor_methods', 'INTO outbox', 'INTO activity', 'INTO links']) expect(asked.map(({ text }) => text).join('\n')).toContain(part);
  const { faults, indexes } = await planStatements(auth.database, asked);
  expect(faults).toEqual([]);
  expect(indexes).toEqual(expect.arrayContaining(['logins_login_name_key_key', 'logins_pkey']));
});

test('each index that a login goes by is missed when it is dropped', async () => {
  expect(await indexesNotMissed(auth.settings.LATCHKEY_DATABASE_URL, asked)).toEqual([]);
});
