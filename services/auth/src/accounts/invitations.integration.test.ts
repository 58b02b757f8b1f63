import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest } from '../testing/auth-under-test.ts';
import { addLogin, addProvider, noticeOf } from '../testing/people.ts';

let auth: AuthUnderTest;
let ours: Awaited<ReturnType<typeof addProvider>>;
let owner: string;
let staff: string;
let stranger: string;
beforeAll(async () => {
  auth = await AuthUnderTest.start({ limits: 'production' });
  ours = await addProvider(auth, 'Ours');
  await addLogin(auth, { name: 'our-owner', role: 'account_owner', providerId: ours.providerId, accountId: ours.accountId });
  owner = await auth.signIn('our-owner');
  staff = await auth.signIn('Ours-staff');
  await addProvider(auth, 'Theirs');
  stranger = await auth.signIn('Theirs-staff');
});
afterAll(() => auth.stop());

const sealed = (address: string) => auth.sealing.seal('destination', address);
const add = async (loginName: string, address = `${loginName}@example.com`, sessionHash = owner) =>
  auth.ask('account.add-login', { sessionHash, loginName, sealedEmailAddress: await sealed(address), locale: 'en' });
const addAccount = async (name: string, loginName: string, address = `${loginName}@example.com`, sessionHash = staff) =>
  auth.ask('provider.add-account', { sessionHash, name, owner: { loginName, sealedEmailAddress: await sealed(address) }, locale: 'en' });
const accept = async (tokenHash: string) => auth.ask('invitation.accept', { tokenHash, sealedPassword: await auth.seal('a phrase of their own'), ip: '::1' });

/** The secret's hash of an invitation that is none of the earlier ones. */
async function nextInvitation(loginId: string, ...earlier: string[]): Promise<string> {
  return eventually(async () => {
    const { tokenHash } = await noticeOf(auth, loginId, 'invitation');
    return !earlier.includes(tokenHash) && tokenHash;
  });
}

test('an invitation that waits is sent again by the owner and by the staff: each time the link before it is over', async () => {
  const { id } = await add('waits');
  const first = await nextInvitation(id);
  await auth.ask('account.invite-again', { sessionHash: owner, loginId: id });
  const second = await nextInvitation(id, first);
  await auth.ask('provider.invite-again', { sessionHash: staff, loginId: id });
  const third = await nextInvitation(id, first, second);
  for (const over of [first, second]) await expect(accept(over)).rejects.toMatchObject({ code: 'link_over' });
  await accept(third);
  await expect(auth.ask('account.invite-again', { sessionHash: owner, loginId: id })).rejects.toMatchObject({ code: 'invitation_accepted' });
  await expect(auth.ask('provider.invite-again', { sessionHash: staff, loginId: id })).rejects.toMatchObject({ code: 'invitation_accepted' });
  const { sessionHash } = await auth.start('waits', { password: 'a phrase of their own' });
  const activities = await eventually(async () => {
    const invited = (await auth.ask('session.activity', { sessionHash, before: null })).activities.filter(({ kind }) => kind === 'login_invited');
    return invited.length === 2 && invited;
  });
  expect(activities.map(({ by }) => by)).toEqual([
    { kind: 'provider_staff', name: 'Ours' },
    { kind: 'account_owner', name: 'our-owner' },
  ]);
});

test('the same login added again while it waits is invited again; with another address, or once it has a password, its name is taken', async () => {
  const { id } = await add('twice');
  const first = await nextInvitation(id);
  await expect(add('twice', 'somebody-else@example.com')).rejects.toMatchObject({ code: 'login_name_taken' });
  await expect(add('twice')).resolves.toMatchObject({ id, invited: true });
  const second = await nextInvitation(id, first);
  await expect(accept(first)).rejects.toMatchObject({ code: 'link_over' });
  await accept(second);
  await expect(add('twice')).rejects.toMatchObject({ code: 'login_name_taken' });
});

test('an account added again while its owner waits is there once; one of another name, or of another provider, is refused', async () => {
  const added = await addAccount('Household of two', 'of-two');
  const id = added.logins[0]?.id ?? '';
  const first = await nextInvitation(id);
  await expect(addAccount('Household of two', 'of-two')).resolves.toEqual(added);
  await nextInvitation(id, first);
  await expect(addAccount('Another household', 'of-two')).rejects.toMatchObject({ code: 'login_name_taken' });
  await expect(addAccount('Household of two', 'of-two', undefined, stranger)).rejects.toMatchObject({ code: 'login_name_taken' });
  expect(await auth.database.query(`SELECT name FROM accounts WHERE name IN ('Household of two', 'Another household')`)).toEqual([{ name: 'Household of two' }]);
});

test('nobody has the invitation of a login sent again that is not theirs to look after', async () => {
  const { logins } = await addAccount('Of others', 'of-others');
  const loginId = logins[0]?.id ?? '';
  await expect(auth.ask('account.invite-again', { sessionHash: owner, loginId })).rejects.toMatchObject({ code: 'not_found' });
  await expect(auth.ask('provider.invite-again', { sessionHash: stranger, loginId })).rejects.toMatchObject({ code: 'not_found' });
  for (const sessionHash of [owner, stranger]) {
    const wrongRole = sessionHash === owner ? auth.ask('provider.invite-again', { sessionHash, loginId }) : auth.ask('account.invite-again', { sessionHash, loginId });
    await expect(wrongRole).rejects.toMatchObject({ code: 'forbidden' });
  }
  const invitations = () => auth.others.noticesOf(loginId).then((notices) => notices.filter(({ kind }) => kind === 'invitation').length);
  await eventually(async () => (await invitations()) > 0, { what: 'the one from adding it' });
  expect(await invitations()).toBe(1);
});

test('an imported login without an address can not be invited', async () => {
  const loginId = await addLogin(auth, { name: 'no-address', role: 'customer', ...ours });
  await auth.database.query('UPDATE logins SET password_hash = NULL, email_sealed = NULL, email_masked = NULL WHERE id = $1', [loginId]);
  await expect(auth.ask('provider.invite-again', { sessionHash: staff, loginId })).rejects.toMatchObject({ code: 'unsupported_destination' });
});

test('one address gets five invitations an hour, whoever invites and under whatever name, in both cases of its letters', async () => {
  const { id } = await add('mailed', 'flooded@example.com');
  await add('mailed-2', 'FLOODED@example.com');
  for (let number = 0; number < 2; number += 1) await auth.ask('account.invite-again', { sessionHash: owner, loginId: id });
  await addAccount('Flooding', 'mailed-3', 'flooded@example.com');
  const refused = { code: 'too_many_requests', details: { retryAfterSeconds: expect.any(Number) } };
  await expect(add('mailed-4', 'flooded@example.com')).rejects.toMatchObject(refused);
  await expect(auth.ask('provider.invite-again', { sessionHash: staff, loginId: id })).rejects.toMatchObject(refused);
  await expect(add('mailed-5', 'another-box@example.com')).resolves.toMatchObject({ loginName: 'mailed-5' });
});

test('an account sends twenty invitations an hour, fifty asked for at once included, and tries that are refused count', async () => {
  const household = await addProvider(auth, 'Busy');
  await addLogin(auth, { name: 'busy-owner', role: 'account_owner', providerId: household.providerId, accountId: household.accountId });
  const sessionHash = await auth.signIn('busy-owner');
  for (let number = 0; number < 5; number += 1) await expect(add('our-owner', `guess-${number}@example.com`, sessionHash)).rejects.toMatchObject({ code: 'login_name_taken' });
  const answers = await Promise.allSettled(Array.from({ length: 50 }, (_, number) => add(`busy-${number}`, undefined, sessionHash)));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(15);
  for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'too_many_requests', details: { detail: expect.stringContaining('account') } });
  // Another account goes on as before.
  await expect(add('not-theirs')).resolves.toMatchObject({ loginName: 'not-theirs' });
});

test('one login asks for sixty invitations an hour, over all accounts', async () => {
  const busy = await addProvider(auth, 'Eager');
  const sessionHash = await auth.signIn('Eager-staff');
  for (let number = 0; number < 60; number += 1) await addAccount(`Eager ${number}`, `eager-${number}`, undefined, sessionHash);
  await expect(addAccount('Eager 61', 'eager-61', undefined, sessionHash)).rejects.toMatchObject({ code: 'too_many_requests', details: { detail: expect.stringContaining('You have') } });
  expect(await auth.database.query('SELECT 1 FROM accounts WHERE provider_id = $1 AND name = $2', [busy.providerId, 'Eager 61'])).toEqual([]);
});
