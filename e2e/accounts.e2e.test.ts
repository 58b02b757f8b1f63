import { readInbox } from '@latchkey/testing';
import { beforeAll, expect, it } from 'vitest';
import { demoPassword, type ApiClient } from './api-client.ts';
import { newClient, system } from './demo.ts';
import { addAccount, addPerson, addTenant, linkTo, logIn, messageTo, type Person, type Tenant } from './tenants.ts';

const password = 'gravel umbrella seventeen';
const notFound = { status: 404, body: { code: 'not_found' } };

let tenant: Tenant;
let owner: ApiClient;
let ownerPerson: Person;
beforeAll(async () => {
  tenant = await addTenant('Account Security');
  ownerPerson = await addPerson(tenant, 'account_owner', 'account-owner');
  owner = newClient();
  await logIn(owner, ownerPerson);
});

const add = (loginName: string, extra: object = {}, headers?: Record<string, string>) =>
  owner.post('/v1/account/logins', { loginName, emailAddress: `${loginName}@people.example`, ...extra }, headers);
const listed = async (): Promise<any[]> => (await owner.get('/v1/account/logins')).body.logins;
/** Adds a login and gives the secret of its invitation. */
async function invite(loginName: string): Promise<{ id: string; token: string }> {
  const after = new Date();
  const added = await add(loginName);
  expect(added.status).toBe(201);
  return { id: added.body.id, token: linkTo('invitation', await messageTo(`${loginName}@people.example`, /Account Security household made a Account Security login for you/, after)) };
}
const accept = (token: string, chosen = password) => newClient().post('/v1/invitations/accept', { token, password: chosen });

it('an invited person chooses a password by the emailed link, once, and nobody gets in before', async () => {
  const { id, token } = await invite('account-ann');
  const asListed = { loginName: 'account-ann', role: 'customer', invited: true, twoFactor: false, email: expect.not.stringContaining('account-ann@') };
  expect((await listed()).find((login) => login.id === id)).toMatchObject(asListed);
  for (const guess of [password, demoPassword]) expect((await newClient().post('/v1/login', { loginName: 'account-ann', password: guess })).body.code).toBe('invalid_credentials');
  expect(await accept(token, 'account-ann')).toMatchObject({ status: 400, body: { issues: [{ path: 'password' }] } });
  const answer = await accept(token);
  expect([answer.status, answer.headers.getSetCookie()]).toEqual([204, []]);
  expect(await accept(token, 'another good password')).toMatchObject({ status: 410, body: { code: 'link_over' } });
  expect((await listed()).find((login) => login.id === id)).toMatchObject({ invited: false });
  const { session } = await logIn(newClient(), { loginName: 'account-ann' } as Person, { password });
  expect(session).toMatchObject({ assurance: 'pwd', login: { id, role: 'customer' } });
});

it('an invitation is in the language of whoever invites', async () => {
  const after = new Date();
  await add('account-anke', {}, { 'accept-language': 'de' });
  const message = await messageTo('account-anke@people.example', /Account Security household hat für Sie einen Zugang zu Account Security angelegt/, after);
  expect(linkTo('invitation', message)).toHaveLength(56);
});

it('whoever was invited and chose no password yet has none to forget: no second way in', async () => {
  await invite('account-early');
  expect((await newClient().post('/v1/password/forgot', { loginName: 'account-early' })).status).toBe(202);
  // The queue is worked off in order: when a later request was answered by mail, this one had none.
  const after = new Date();
  await newClient().post('/v1/password/forgot', { loginName: ownerPerson.loginName });
  await messageTo(ownerPerson.emailAddress, /Choose a new/, after);
  expect((await readInbox(system().inboxUrl, 'account-early@people.example')).map(({ subject }) => subject)).toEqual([expect.stringMatching(/made a/)]);
});

it('a name that is taken, or looks like one that is, is refused, and nobody is written to', async () => {
  const { id } = await invite('account-bea');
  // The last one has a Cyrillic а.
  for (const loginName of ['account-bea', 'ACCOUNT-BEA', 'owner', '\u0430ccount-bea']) {
    expect(await add(loginName, { emailAddress: 'taken@people.example' }), loginName).toMatchObject({ status: 409, body: { code: 'login_name_taken' } });
  }
  expect((await listed()).filter(({ loginName }) => loginName.endsWith('bea')).map((login) => login.id)).toEqual([id]);
  expect(await readInbox(system().inboxUrl, 'taken@people.example')).toEqual([]);
});

it('an address that can get no mail is refused, and the login is not added', async () => {
  expect(await add('account-no-mail', { emailAddress: 'no-at-sign' })).toMatchObject({ status: 422, body: { code: 'unsupported_destination' } });
  expect(await add('account-no-mail', { role: 'account_owner' })).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  expect((await listed()).map(({ loginName }) => loginName)).not.toContain('account-no-mail');
});

it('ten requests at once for one name add one login', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => add('account-race')));
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`))).toEqual(new Set([`201 ${answers[0]?.body.id}`]));
});

it('an invitation that waits is sent again: the new link works, the one before does not; an accepted one is not', async () => {
  const { id, token } = await invite('account-again');
  const after = new Date();
  expect(await owner.post(`/v1/account/logins/${id}/invitation`)).toMatchObject({ status: 202 });
  const newer = linkTo('invitation', await messageTo('account-again@people.example', /made a Account Security login for you/, after));
  expect((await accept(token)).status).toBe(410);
  expect((await accept(newer)).status).toBe(204);
  expect(await owner.post(`/v1/account/logins/${id}/invitation`)).toMatchObject({ status: 409, body: { code: 'invitation_accepted' } });
});

it('a removed login is signed out at once, can not log in again, and its invitation is over', async () => {
  const { id, token } = await invite('account-carl');
  await accept(token);
  const carl = newClient();
  await logIn(carl, { loginName: 'account-carl' } as Person, { password });
  const open = await invite('account-dora');
  for (const gone of [id, open.id]) expect((await owner.delete(`/v1/account/logins/${gone}`)).status).toBe(204);
  expect(await carl.get('/v1/session')).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
  expect((await newClient().post('/v1/login', { loginName: 'account-carl', password })).body.code).toBe('invalid_credentials');
  expect(await accept(open.token)).toMatchObject({ status: 410, body: { code: 'link_over' } });
  expect(await owner.delete(`/v1/account/logins/${id}`)).toMatchObject(notFound);
  expect((await listed()).map((login) => login.id)).not.toContain(id);
});

it('the owner can not remove itself, and no login of another account, of the same provider or another one', async () => {
  expect(await owner.delete(`/v1/account/logins/${ownerPerson.id}`)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  const neighbour = await addPerson(await addAccount(tenant, 'Neighbours'), 'customer', 'account-neighbour');
  const foreign = await addPerson(await addTenant('Account Rivals'), 'customer', 'account-foreign');
  const staff = await addPerson(tenant, 'provider_staff', 'account-staff');
  for (const { id, loginName } of [neighbour, foreign, staff]) expect(await owner.delete(`/v1/account/logins/${id}`), loginName).toMatchObject(notFound);
  for (const person of [neighbour, foreign, staff]) await logIn(newClient(), person);
  const names = (await listed()).map(({ loginName }) => loginName);
  expect(names).toContain('account-owner');
  for (const { loginName } of [neighbour, foreign, staff]) expect(names).not.toContain(loginName);
});
