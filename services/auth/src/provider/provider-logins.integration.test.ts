import { randomUUIDv7 } from 'node:crypto';
import type { ProviderLogin } from '@latchkey/contracts';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser } from '../testing/auth-under-test.ts';
import { rightCode } from '../testing/other-services.ts';
import { addLogin, addProvider, codeRequired, isSignedIn, noticeOf, signInWithCode } from '../testing/people.ts';

let auth: AuthUnderTest;
let provider: Awaited<ReturnType<typeof addProvider>>;
let foreign: Awaited<ReturnType<typeof addProvider>>;
let staff: string;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
  [provider, foreign] = [await addProvider(auth, 'Alpine'), await addProvider(auth, 'Maritime')];
  staff = await auth.signIn('Alpine-staff');
});
afterAll(() => auth.stop());

const search = (query: string, cursor: string | null = null, sessionHash = staff) => auth.ask('provider.logins', { sessionHash, query, cursor });

async function allPages(query: string): Promise<{ pages: number; logins: ProviderLogin[] }> {
  const logins: ProviderLogin[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const page = await search(query, cursor);
    logins.push(...page.logins);
    cursor = page.cursor;
    pages += 1;
  } while (cursor !== null);
  return { pages, logins };
}

test('a hundred and twenty logins come in three pages, in order, none lost and none twice, also when some are added on the way', async () => {
  const names = Array.from({ length: 120 }, (_, number) => `Paged ${String(number).padStart(3, '0')}`);
  for (const name of names) await addLogin(auth, { name, role: 'customer', ...provider });
  const { pages, logins } = await allPages('paged');
  expect(pages).toBe(3);
  expect(logins.map(({ loginName }) => loginName)).toEqual(names);

  const first = await search('paged');
  await addLogin(auth, { name: 'Paged 000 and a half', role: 'customer', ...provider });
  const second = await search('paged', first.cursor);
  expect(second.logins.map(({ loginName }) => loginName)).toEqual(names.slice(50, 100));
  for (const cursor of ['x', 'bm90IGpzb24', Buffer.from('["a","b"]').toString('base64url')]) await expect(search('', cursor)).rejects.toMatchObject({ code: 'invalid_request' });
});

test('any part of a login name or of an account name finds, as it is typed, with nothing special in it', async () => {
  await addLogin(auth, { name: 'Jürgen_50%', role: 'customer', ...provider });
  for (const query of ['jürg', 'RGEN', 'n_5', '0%', ' Jürgen ']) expect((await search(query)).logins.map(({ loginName }) => loginName)).toEqual(['Jürgen_50%']);
  expect((await search('n%5')).logins).toEqual([]);
  expect((await search("' OR 1=1 --")).logins).toEqual([]);
  expect((await allPages('ALPINE house')).logins.map(({ loginName }) => loginName)).toContain('Jürgen_50%');
  const [found] = (await search('alpine-customer')).logins;
  expect(found).toMatchObject({ id: provider.customerId, account: { name: 'Alpine household' }, email: 'A•••@example.com', invited: false, twoFactor: { enabled: false, methods: [] }, lastLoginAt: null });
});

test('customers of another provider, staff, and ids of nobody are not found on any route, and unchanged', async () => {
  await auth.confirm(...(await methodOf('Maritime-customer')));
  const before = await auth.database.query('SELECT * FROM logins WHERE provider_id = $1 ORDER BY id', [foreign.providerId]);
  expect((await search('maritime')).logins).toEqual([]);
  expect((await allPages('')).logins.every(({ account }) => account.id === provider.accountId)).toBe(true);
  expect((await auth.ask('provider.accounts', { sessionHash: staff, cursor: null })).accounts.map(({ id }) => id)).toEqual([provider.accountId]);
  for (const loginId of [foreign.customerId, foreign.staffId, provider.staffId, randomUUIDv7()]) {
    await expect(auth.ask('provider.login', { sessionHash: staff, loginId })).rejects.toMatchObject({ code: 'not_found' });
    await expect(auth.ask('provider.login-activity', { sessionHash: staff, loginId, before: null })).rejects.toMatchObject({ code: 'not_found' });
    await expect(auth.ask('provider.disable-two-factor', { sessionHash: staff, loginId, reason: 'Lost phone' })).rejects.toMatchObject({ code: 'not_found' });
  }
  expect(await auth.database.query('SELECT * FROM logins WHERE provider_id = $1 ORDER BY id', [foreign.providerId])).toEqual(before);
  await expect(codeRequired(auth, 'Maritime-customer')).resolves.toMatchObject({ answer: { methods: [{ kind: 'sms' }, { kind: 'recovery_code' }] } });
});

test.each(['member', 'operator', 'Maritime-household-owner'])('%s is no staff', async (name) => {
  if (name.startsWith('Maritime')) await addLogin(auth, { name, role: 'account_owner', ...foreign });
  const sessionHash = await auth.signIn(name);
  const policy = { twoFactor: 'required' as const, contact: { name: null, phone: null, email: null } };
  const sealedEmailAddress = await auth.sealing.seal('destination', 'x@example.com');
  const answers = await Promise.allSettled([
    search('', null, sessionHash),
    auth.ask('provider.login', { sessionHash, loginId: provider.customerId }),
    auth.ask('provider.login-activity', { sessionHash, loginId: provider.customerId, before: null }),
    auth.ask('provider.disable-two-factor', { sessionHash, loginId: provider.customerId, reason: 'x' }),
    auth.ask('provider.accounts', { sessionHash, cursor: null }),
    auth.ask('provider.add-account', { sessionHash, name: 'X', owner: { loginName: 'x', sealedEmailAddress }, locale: 'en' }),
    auth.ask('provider.policy', { sessionHash }),
    auth.ask('provider.set-policy', { sessionHash, policy }),
  ]);
  for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'forbidden' } });
});

async function methodOf(name: string): Promise<[string, string, string]> {
  const sessionHash = await auth.signIn(name);
  return [sessionHash, await auth.addMethod(sessionHash, 'sms', '+14155550171'), rightCode];
}

test('two-factor disabled for a customer: all sessions and trust end, the customer is told who and why, and sees it in the timeline', async () => {
  const loginId = await addLogin(auth, { name: 'locked-out', role: 'customer', ...provider });
  await auth.confirm(...(await methodOf('locked-out')));
  const browser = new Browser('app');
  const { sessionHash, session } = await signInWithCode(auth, 'locked-out', browser);
  expect(session.device.trusted).toBe(true);
  const underWay = await codeRequired(auth, 'locked-out');

  await auth.ask('provider.disable-two-factor', { sessionHash: staff, loginId, reason: 'Phone fell into the lake' });
  expect(await isSignedIn(auth, sessionHash)).toBe(false);
  await expect(auth.verify(underWay.attemptHash, underWay.methodId, rightCode)).rejects.toMatchObject({ code: 'attempt_over' });
  for (const to of ['+14155550171', 'locked-out@example.com']) {
    expect((await noticeOf(auth, loginId, 'provider_turned_two_factor_off', to)).told).toMatchObject({ provider: 'Alpine', reason: 'Phone fell into the lake' });
  }
  const { answer, sessionHash: again } = await auth.start('locked-out', { browser });
  expect(answer).toMatchObject({ status: 'signed_in', session: { assurance: 'pwd', device: { trusted: false } } });
  const line = await eventually(async () => (await auth.ask('session.activity', { sessionHash: again, before: null })).activities.find(({ kind }) => kind === 'two_factor_off'));
  expect(line).toMatchObject({ by: { kind: 'provider_staff', name: 'Alpine' }, reason: 'Phone fell into the lake', device: null, ip: null });
  expect(await auth.ask('provider.login-activity', { sessionHash: staff, loginId, before: null })).toMatchObject({ activities: expect.arrayContaining([line]) as unknown });
  await expect(auth.ask('provider.disable-two-factor', { sessionHash: staff, loginId, reason: 'Again' })).rejects.toMatchObject({ code: 'two_factor_off' });
  await eventually(async () => (await auth.ask('provider.login', { sessionHash: staff, loginId })).lastLoginAt !== null);
});
