import type { TwoFactorPolicy } from '@latchkey/contracts';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, demoPassword } from '../testing/auth-under-test.ts';
import { rightCode } from '../testing/other-services.ts';
import { addLogin, addProvider, isSignedIn, noticeOf, signInWithCode } from '../testing/people.ts';

let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
  await auth.startAnother();
});
afterAll(() => auth.stop());

const contact = { name: 'Ada Alpine', phone: '+14155550100', email: 'help@alpine.example' };
const setPolicy = (sessionHash: string, twoFactor: TwoFactorPolicy) => auth.ask('provider.set-policy', { sessionHash, policy: { twoFactor, contact } });

/** What many requests say, which two processes answer in turn. */
async function setupRequired(sessionHash: string): Promise<Set<boolean>> {
  const answers = await Promise.all(Array.from({ length: 20 }, () => auth.ask('session.get', { sessionHash })));
  return new Set(answers.map((session) => session.setupRequired));
}

async function staffWithTwoFactor(name: string): Promise<string> {
  const sessionHash = await auth.signIn(name);
  await auth.confirm(sessionHash, await auth.addMethod(sessionHash, 'totp', null), rightCode);
  return (await signInWithCode(auth, name)).sessionHash;
}

test('a new policy counts at once, in both processes, for sessions that are there; setting two-factor up is all they can do', async () => {
  const provider = await addProvider(auth, 'Strict');
  const bystander = await addProvider(auth, 'Lenient');
  const staff = await staffWithTwoFactor('Strict-staff');
  const sessionHash = await auth.signIn('Strict-customer');
  const other = await auth.signIn('Lenient-customer');
  // Both know the policy of before by heart, and would for ten seconds.
  expect(await setupRequired(sessionHash)).toEqual(new Set([false]));
  expect(await setupRequired(other)).toEqual(new Set([false]));

  expect(await setPolicy(staff, 'required')).toEqual({ twoFactor: 'required', contact });
  await eventually(async () => !(await setupRequired(sessionHash)).has(false), { timeoutMs: 3_000 });
  const closed = await Promise.allSettled(
    Array.from({ length: 5 }, () => [
      auth.ask('session.list', { sessionHash }),
      auth.ask('session.end-others', { sessionHash }),
      auth.ask('session.devices', { sessionHash }),
      auth.ask('session.activity', { sessionHash, before: null }),
    ]).flat(),
  );
  for (const answer of closed) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'two_factor_setup_required' } });
  expect(await setupRequired(other)).toEqual(new Set([false]));
  expect(bystander.providerId).not.toBe(provider.providerId);

  await auth.confirm(sessionHash, await auth.addMethod(sessionHash, 'totp', null), rightCode);
  const after = await signInWithCode(auth, 'Strict-customer');
  expect(await setupRequired(after.sessionHash)).toEqual(new Set([false]));
  await expect(auth.ask('two-factor.disable', { sessionHash: after.sessionHash, sealedPassword: await auth.seal(demoPassword) })).rejects.toMatchObject({ code: 'required_by_provider' });

  await setPolicy(staff, 'optional');
  await expect(auth.ask('two-factor.disable', { sessionHash: after.sessionHash, sealedPassword: await auth.seal(demoPassword) })).resolves.toEqual({});
});

test('the policy is for customers: staff without two-factor can take it back', async () => {
  await addProvider(auth, 'Selfbound');
  const staff = await auth.signIn('Selfbound-staff');
  await setPolicy(staff, 'required');
  expect(await setupRequired(staff)).toEqual(new Set([false]));
  await expect(auth.ask('provider.policy', { sessionHash: staff })).resolves.toMatchObject({ twoFactor: 'required' });
  await expect(auth.ask('two-factor.get', { sessionHash: staff })).resolves.toMatchObject({ policy: 'optional' });
  await setPolicy(staff, 'optional');
});

test('where two-factor is required, its reset or its end by the provider asks for set-up, also in the session that stays', async () => {
  const provider = await addProvider(auth, 'Again');
  const staff = await staffWithTwoFactor('Again-staff');
  await setPolicy(staff, 'required');
  const loginId = await addLogin(auth, { name: 'again-one', role: 'customer', ...provider });
  let sessionHash = await auth.signIn('again-one');
  await auth.confirm(sessionHash, await auth.addMethod(sessionHash, 'sms', '+14155550181'), rightCode);
  ({ sessionHash } = await signInWithCode(auth, 'again-one'));
  await auth.ask('two-factor.reset', { sessionHash, sealedPassword: await auth.seal(demoPassword) });
  expect(await setupRequired(sessionHash)).toEqual(new Set([true]));

  await auth.confirm(sessionHash, await auth.addMethod(sessionHash, 'sms', '+14155550181'), rightCode);
  await auth.ask('provider.disable-two-factor', { sessionHash: staff, loginId, reason: 'Lost phone' });
  await noticeOf(auth, loginId, 'provider_turned_two_factor_off');
  expect(await isSignedIn(auth, sessionHash)).toBe(false);
  const session = await auth.signIn('again-one');
  expect(await setupRequired(session)).toEqual(new Set([true]));
});

test('the contact of the provider is what locked-out customers are told', async () => {
  await addProvider(auth, 'Contacts');
  const staff = await auth.signIn('Contacts-staff');
  expect(await auth.ask('provider.policy', { sessionHash: staff })).toEqual({ twoFactor: 'optional', contact: { name: null, phone: null, email: null } });
  const sessionHash = await auth.signIn('Contacts-customer');
  await auth.confirm(sessionHash, await auth.addMethod(sessionHash, 'email', 'c@example.com'), rightCode);
  const askWith = async () => {
    const { attemptHash } = await auth.start('Contacts-customer');
    return auth.ask('login.reset-two-factor', { attemptHash, ip: '::1' });
  };
  await expect(askWith()).rejects.toMatchObject({ code: 'ask_service_provider', details: { provider: { name: 'Contacts', phone: null, email: null } } });
  await setPolicy(staff, 'suggested');
  expect(await auth.ask('provider.policy', { sessionHash: staff })).toEqual({ twoFactor: 'suggested', contact });
  await expect(askWith()).rejects.toMatchObject({ code: 'ask_service_provider', details: { provider: contact } });
});

test('a changed policy or contact is told to all the staff of the provider and to nobody else; only who did it can say "not me"', async () => {
  const { providerId, staffId, customerId } = await addProvider(auth, 'Watchful');
  const colleagueId = await addLogin(auth, { name: 'Watchful-colleague', role: 'provider_staff', providerId, accountId: null });
  const bystander = await addProvider(auth, 'Elsewhere');
  const staff = await auth.signIn('Watchful-staff');
  const told = async (loginId: string) => (await auth.others.noticesOf(loginId)).filter(({ kind }) => kind === 'policy_changed').map((notice) => notice.told);

  await setPolicy(staff, 'required');
  await setPolicy(staff, 'required');
  const other = { ...contact, phone: '+14155550199' };
  await auth.ask('provider.set-policy', { sessionHash: staff, policy: { twoFactor: 'required', contact: other } });
  const [mine = [], theirs = []] = await eventually(async () => {
    const both = await Promise.all([told(staffId), told(colleagueId)]);
    return both.every(({ length }) => length >= 2) && both;
  });
  const changes = [contact, other].map(({ name, phone, email }) => ({ policy: 'required', by: 'Watchful-staff', contact: `${name}, ${phone}, ${email}` }));
  expect(mine).toMatchObject(changes);
  expect(theirs).toMatchObject(changes);
  for (const notice of theirs) for (const own of ['notMeUrl', 'ip', 'device']) expect(notice).not.toHaveProperty(own);
  for (const loginId of [customerId, bystander.staffId, bystander.customerId]) expect(await told(loginId)).toEqual([]);

  const { tokenHash } = await noticeOf(auth, staffId, 'policy_changed');
  await auth.ask('notice.not-me', { tokenHash, ip: '::1' });
  expect(await isSignedIn(auth, staff)).toBe(false);
});

test('accounts are added with an invited owner, all or nothing, and listed newest first in pages', async () => {
  const { providerId } = await addProvider(auth, 'Grows');
  const staff = await auth.signIn('Grows-staff');
  const sealedEmailAddress = await auth.sealing.seal('destination', 'new-owner@example.com');
  const add = (name: string, loginName: string) => auth.ask('provider.add-account', { sessionHash: staff, name, owner: { loginName, sealedEmailAddress }, locale: 'en' });
  const added = await add('The new house', 'new-owner');
  expect(added).toMatchObject({ name: 'The new house', logins: [{ loginName: 'new-owner', role: 'account_owner' }] });
  await noticeOf(auth, added.logins[0]?.id ?? '', 'invitation', 'new-owner@example.com');
  await expect(add('Another house', 'NEW-owner')).rejects.toMatchObject({ code: 'login_name_taken' });
  await expect(add('Another house', '\u200b')).rejects.toMatchObject({ code: 'invalid_request', details: { issues: [{ path: 'owner.loginName' }] } });
  expect(await auth.database.query(`SELECT 1 FROM accounts WHERE name = 'Another house'`)).toEqual([]);

  // Many of the same moment: the order goes on by id.
  await auth.database.query(`INSERT INTO accounts (id, provider_id, name, created_at) SELECT gen_random_uuid(), $1, 'House ' || n, '2026-01-01' FROM generate_series(1, 110) n`, [providerId]);
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { accounts: { id: string }[]; cursor: string | null } = await auth.ask('provider.accounts', { sessionHash: staff, cursor });
    ids.push(...page.accounts.map(({ id }) => id));
    cursor = page.cursor;
  } while (cursor !== null);
  expect(ids[0]).toBe(added.id);
  expect([ids.length, new Set(ids).size]).toEqual([112, 112]);
});
