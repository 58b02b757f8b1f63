import { randomUUIDv7 } from 'node:crypto';
import { hashSecret } from '@latchkey/platform';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser } from '../testing/auth-under-test.ts';
import { addLogin, addProvider, codeRequired, customerWithTexts, isSignedIn, noticeOf } from '../testing/people.ts';
import { resetCode, rightCode } from '../testing/other-services.ts';

let auth: AuthUnderTest;
/** Of an account of its own. */
let owner: string;
let household: Awaited<ReturnType<typeof addProvider>>;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
  household = await addProvider(auth, 'Ownership');
  await addLogin(auth, { name: 'the-owner', role: 'account_owner', providerId: household.providerId, accountId: household.accountId });
  owner = await auth.signIn('the-owner');
});
afterAll(() => auth.stop());

const add = async (sessionHash: string, loginName: string, email = 'someone@example.com') =>
  auth.ask('account.add-login', { sessionHash, loginName, sealedEmailAddress: await auth.sealing.seal('destination', email), locale: 'de' });
const remove = (sessionHash: string, loginId: string) => auth.ask('account.remove-login', { sessionHash, loginId });
const exists = async (loginId: string) => (await auth.database.query<unknown[]>('SELECT 1 FROM logins WHERE id = $1', [loginId])).length === 1;

test('an added login is invited by email, in its language, and its person alone chooses the password', async () => {
  const added = await add(owner, '  Aunt Zoë ', 'Zoe@EXAMPLE.com');
  expect(added).toMatchObject({ loginName: 'Aunt Zoë', role: 'customer', email: 'Z•••@example.com', twoFactor: false, invited: true });
  const invitation = await noticeOf(auth, added.id, 'invitation');
  expect(invitation).toMatchObject({ to: 'Zoe@example.com', told: { account: 'Ownership household', loginName: 'Aunt Zoë' } });
  expect(invitation.link).toMatch(/\/invitation#[a-z]{56}$/);
  await expect(auth.start('aunt zoë')).rejects.toMatchObject({ code: 'invalid_credentials' });

  const accept = async (password: string) => auth.ask('invitation.accept', { tokenHash: invitation.tokenHash, sealedPassword: await auth.seal(password), ip: '::1' });
  await expect(accept('aunt zoë')).rejects.toMatchObject({ code: 'invalid_request', details: { issues: [{ path: 'password' }] } });
  await accept('a phrase of her own');
  await expect(accept('a phrase of somebody')).rejects.toMatchObject({ code: 'link_over' });
  await expect(auth.start('AUNT ZOË', { password: 'a phrase of her own' })).resolves.toMatchObject({ answer: { status: 'signed_in', session: { login: { role: 'customer' } } } });
  const { logins } = await auth.ask('account.logins', { sessionHash: owner });
  expect(logins.find(({ id }) => id === added.id)).toMatchObject({ invited: false });
});

test('a name that is taken, or only looks like one that is, is refused, and so is one nobody could type', async () => {
  await add(owner, 'paypal');
  await expect(add(owner, 'paypal', 'another@example.com')).rejects.toMatchObject({ code: 'login_name_taken' });
  for (const name of ['PayPal', 'ｐａｙｐａｌ', 'раураl', 'dealer', 'owner']) {
    await expect(add(owner, name)).rejects.toMatchObject({ code: 'login_name_taken' });
  }
  for (const name of ['\u200b\u200b', 'pay\u200bpal', ' \u3000 ']) {
    await expect(add(owner, name)).rejects.toMatchObject({ code: 'invalid_request', details: { issues: [{ path: 'loginName' }] } });
  }
  await expect(add(owner, 'good-name', 'no address')).rejects.toMatchObject({ code: 'unsupported_destination' });
  expect(await auth.database.query(`SELECT 1 FROM logins WHERE login_name_key IN ('', 'good-name')`)).toEqual([]);
});

test('the same name added ten times at once is there once, and the last invitation is the one that works', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => add(owner, 'added-at-once')));
  const [id = '', ...others] = new Set(answers.map((added) => added.id));
  expect(others).toEqual([]);
  const invitations = await eventually(async () => {
    const all = (await auth.others.noticesOf(id)).filter(({ kind }) => kind === 'invitation');
    return all.length === 10 && all;
  });
  const hashes = invitations.map(({ told: { url = '' } }) => hashSecret(url.slice(url.indexOf('#') + 1)));
  const works = await auth.database.query<{ token_hash: string }[]>('SELECT token_hash FROM links WHERE login_id = $1', [id]);
  expect(works).toEqual([{ token_hash: hashes.at(-1) }]);
});

test.each(['member', 'dealer', 'operator'])('%s owns no account', async (name) => {
  const sessionHash = await auth.signIn(name);
  const victim = await auth.addCustomer(`victim-of-${name}`);
  const answers = await Promise.allSettled([auth.ask('account.logins', { sessionHash }), add(sessionHash, `by-${name}`), remove(sessionHash, victim)]);
  for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'forbidden' } });
  expect(await exists(victim)).toBe(true);
});

test('logins of other accounts, of the same provider or another, are not found and stay', async () => {
  const foreign = await addProvider(auth, 'Foreign');
  const otherAccount = randomUUIDv7();
  await auth.database.query('INSERT INTO accounts (id, provider_id, name) VALUES ($1, $2, $3)', [otherAccount, household.providerId, 'Neighbours']);
  const neighbour = await addLogin(auth, { name: 'neighbour', role: 'customer', providerId: household.providerId, accountId: otherAccount });
  for (const id of [foreign.customerId, neighbour, household.staffId, randomUUIDv7()]) await expect(remove(owner, id)).rejects.toMatchObject({ code: 'not_found' });
  for (const id of [foreign.customerId, neighbour, household.staffId]) expect(await exists(id)).toBe(true);
  const { logins } = await auth.ask('account.logins', { sessionHash: owner });
  expect(logins.map(({ loginName }) => loginName)).not.toContain('neighbour');
  expect(logins.map(({ loginName }) => loginName)).toContain('the-owner');
});

test('the owner removes no owner, itself least of all', async () => {
  const { logins } = await auth.ask('account.logins', { sessionHash: owner });
  const self = logins.find(({ role }) => role === 'account_owner');
  await expect(remove(owner, self?.id ?? '')).rejects.toMatchObject({ code: 'forbidden' });
  expect(await isSignedIn(auth, owner)).toBe(true);
});

test('a removed login is signed out everywhere, nobody logs in to it or goes on with it, and the other services hear of it', async () => {
  const { loginId, methodId, sessionHash } = await customerWithTexts(auth, 'moves-out', '+14155550161');
  await auth.database.query('UPDATE logins SET account_id = $2, provider_id = $3 WHERE id = $1', [loginId, household.accountId, household.providerId]);
  const underWay = await codeRequired(auth, 'moves-out');
  const forReset = await codeRequired(auth, 'moves-out');
  await auth.ask('login.reset-two-factor', { attemptHash: forReset.attemptHash, ip: '::1' });
  const { tokenHash } = await noticeOf(auth, loginId, 'new_device');

  await remove(owner, loginId);
  expect(await exists(loginId)).toBe(false);
  expect(await isSignedIn(auth, sessionHash)).toBe(false);
  await expect(auth.start('moves-out')).rejects.toMatchObject({ code: 'invalid_credentials' });
  await expect(auth.verify(underWay.attemptHash, underWay.methodId, rightCode)).rejects.toMatchObject({ code: 'attempt_over' });
  const { device } = new Browser();
  await expect(auth.ask('login.confirm-reset', { attemptHash: forReset.attemptHash, sealedCode: await auth.sealCode(resetCode), sessionHash: 'r'.repeat(43), device })).rejects.toMatchObject({ code: 'attempt_over' });
  await expect(auth.ask('notice.not-me', { tokenHash, ip: '::1' })).rejects.toMatchObject({ code: 'link_over' });
  await eventually(() => auth.others.facts.filter(({ name, payload }) => name === 'login.removed' && (payload as { loginId: string }).loginId === loginId).length === 2);
  await eventually(() => auth.others.facts.some(({ name, payload }) => name === 'two-factor.methods-removed' && (payload as { methodIds: string[] }).methodIds.includes(methodId)));
  await expect(remove(owner, loginId)).rejects.toMatchObject({ code: 'not_found' });
  // Its name is free again.
  await expect(add(owner, 'moves-out')).resolves.toMatchObject({ loginName: 'moves-out' });
});

test('logins under way when theirs is removed leave no session', async () => {
  const loginId = await addLogin(auth, { name: 'removed-meanwhile', role: 'customer', ...household });
  const logins = Array.from({ length: 20 }, () => auth.start('removed-meanwhile'));
  await remove(owner, loginId);
  await Promise.allSettled(logins);
  expect(Object.keys(await auth.redis.hgetall(`sessions:{${loginId}}`))).toEqual(['epoch']);
});
