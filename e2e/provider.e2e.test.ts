import { beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, demoPassword } from './api-client.ts';
import { addMethod, codeSentTo, newClient } from './demo.ts';
import { addPerson, addTenant, beginLogin, linkTo, logIn, logInAndTrust, messageTo, noticesTo, type Person, type Policy, type Tenant } from './tenants.ts';

const notFound = { status: 404, body: { code: 'not_found' } };
const setupRequired = { status: 403, body: { code: 'two_factor_setup_required' } };

let tenant: Tenant;
let rivals: Tenant;
let staff: ApiClient;
let foreigner: Person;
beforeAll(async () => {
  [tenant, rivals] = [await addTenant('Provider Security'), await addTenant('Provider Rivals')];
  staff = await staffOf(tenant, 'provider-staff');
  foreigner = await addPerson(rivals, 'customer', 'provider-foreigner', { texts: true });
});
async function staffOf(of: Tenant, loginName: string): Promise<ApiClient> {
  const client = newClient();
  await logIn(client, await addPerson(of, 'provider_staff', loginName));
  return client;
}
const disable = (client: ApiClient, { id }: { id: string }, reason: string) => client.post(`/v1/provider/logins/${id}/disable-two-factor`, { reason });
const search = async (query: string, client = staff): Promise<any[]> => (await client.get(`/v1/provider/logins?query=${encodeURIComponent(query)}`)).body.logins;

describe('customers', () => {
  it('are found by any part of a login’s or an account’s name, and only the own ones', async () => {
    const person = await addPerson(tenant, 'customer', 'provider-zoe', { texts: true });
    for (const query of ['provider-zoe', 'PROVIDER-Z', 'r-zo']) expect((await search(query)).map(({ id }) => id), query).toEqual([person.id]);
    expect((await search('security house')).map(({ id }) => id)).toContain(person.id);
    const all = (await search('')).map(({ loginName }) => loginName);
    expect(all).toContain('provider-zoe');
    for (const name of ['provider-foreigner', 'provider-staff', 'owner']) expect(all).not.toContain(name);
    for (const query of ['provider-foreigner', 'rivals', '%', '_', "'; --"]) expect(await search(query), query).toEqual([]);
  });

  it('come in pages that leave none out and show none twice', async () => {
    const crowd = await addTenant('Provider Crowd');
    const names = Array.from({ length: 60 }, (_, index) => `crowd-${String(index).padStart(2, '0')}`);
    for (const name of names) await addPerson(crowd, 'customer', name);
    const client = await staffOf(crowd, 'crowd-staff');
    const first = (await client.get('/v1/provider/logins')).body;
    const second = (await client.get(`/v1/provider/logins?cursor=${first.cursor}`)).body;
    expect([...first.logins, ...second.logins].map(({ loginName }) => loginName)).toEqual(names);
    expect(second.cursor).toBeNull();
    // A page of somebody else's leads into the own ones all the same.
    expect((await staff.get(`/v1/provider/logins?cursor=${first.cursor}`)).body.logins.filter(({ loginName }: any) => loginName.startsWith('crowd'))).toEqual([]);
    expect((await staff.get('/v1/provider/logins?cursor=no-cursor')).body).toMatchObject({ code: 'invalid_request', issues: [{ path: 'cursor' }] });
  });

  it('show their addresses masked', async () => {
    const person = await addPerson(tenant, 'customer', 'provider-masked', { texts: true });
    const { body } = await staff.get(`/v1/provider/logins/${person.id}`);
    const { accountId, accountName } = tenant;
    expect(body).toMatchObject({ id: person.id, account: { id: accountId, name: accountName }, invited: false, lastLoginAt: null });
    expect(body.twoFactor).toMatchObject({ enabled: true, methods: [{ kind: 'sms', default: true }] });
    expect(JSON.stringify(body)).not.toContain(person.emailAddress);
    expect(JSON.stringify(body)).not.toContain(person.phoneNumber.slice(-7));
  });

  it('get an account with an owner, who is invited by email and looks after it', async () => {
    const after = new Date();
    const owned = { name: 'Harbour Café', owner: { loginName: 'provider-harbour', emailAddress: 'harbour@people.example' } };
    const added = await staff.post('/v1/provider/accounts', owned, { 'accept-language': 'fr' });
    expect(added).toMatchObject({ status: 201, body: { name: 'Harbour Café', logins: [{ loginName: 'provider-harbour', role: 'account_owner' }] } });
    const token = linkTo('invitation', await messageTo('harbour@people.example', /Harbour Café a créé un accès Provider Security pour vous/, after));
    expect((await newClient().post('/v1/invitations/accept', { token, password: 'gravel umbrella seventeen' })).status).toBe(204);
    const owner = newClient();
    await logIn(owner, { loginName: 'provider-harbour' } as Person, { password: 'gravel umbrella seventeen' });
    expect((await owner.get('/v1/account/logins')).body.logins).toHaveLength(1);
    expect((await staff.get('/v1/provider/accounts')).body.accounts[0]).toMatchObject({ id: added.body.id });
    const theirs = (await (await staffOf(rivals, 'rivals-reader')).get('/v1/provider/accounts')).body.accounts;
    expect(theirs.map(({ id }: any) => id)).toEqual([rivals.accountId]);
  });

  it('an account whose owner can not be added is not added either', async () => {
    const before = (await staff.get('/v1/provider/accounts')).body.accounts.length;
    const refused = await staff.post('/v1/provider/accounts', { name: 'Nobody’s', owner: { loginName: 'owner', emailAddress: 'nobody@people.example' } });
    expect(refused).toMatchObject({ status: 409, body: { code: 'login_name_taken' } });
    expect((await staff.get('/v1/provider/accounts')).body.accounts).toHaveLength(before);
  });
});

describe('help for who is locked out', () => {
  it('two-factor is turned off with a reason; the customer is told at once, signed out, trusted nowhere, and sees who did it', async () => {
    const person = await addPerson(tenant, 'customer', 'provider-locked-out', { texts: true });
    const [trusted, locked] = [newClient(), newClient()];
    await logInAndTrust(trusted, person, { headers: { 'accept-language': 'es' } });
    const { attempt, methodId, code } = await beginLogin(locked, person);
    for (const reason of ['', '   ', 'two\nlines']) expect((await disable(staff, person, reason)).body.code, JSON.stringify(reason)).toBe('invalid_request');

    const after = new Date();
    expect((await disable(staff, person, 'Lost the phone; passport seen')).status).toBe(204);
    expect(await trusted.get('/v1/session')).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    expect(await locked.post('/v1/login/verify-code', { attempt, methodId, code })).toMatchObject({ status: 410, body: { code: 'attempt_over' } });
    const [email] = await noticesTo(person, /Provider Security desactivó la verificación en dos pasos/, /doble factor/, after);
    expect(email.text).toContain('Lost the phone; passport seen');
    linkTo('not-me', email);

    expect((await logIn(locked, person)).session).toMatchObject({ assurance: 'pwd', device: { trusted: false } });
    const lines = (await locked.get('/v1/activity')).body.activities;
    expect(lines).toContainEqual(expect.objectContaining({ kind: 'two_factor_off', by: { kind: 'provider_staff', name: 'Provider Security' }, reason: 'Lost the phone; passport seen' }));
    expect(await disable(staff, person, 'again')).toMatchObject({ status: 409, body: { code: 'two_factor_off' } });

    await addMethod(locked, { kind: 'sms', phoneNumber: person.phoneNumber });
    expect((await beginLogin(trusted, person)).answer.body.status).toBe('code_required');
  });

  it('nobody does it to another provider’s customer, to staff or to an operator: they are not there, and nothing changes', async () => {
    const colleague = await addPerson(tenant, 'provider_staff', 'provider-colleague', { texts: true });
    const operator = await addPerson(tenant, 'operator', 'provider-operator', { texts: true });
    for (const person of [foreigner, colleague, operator]) {
      expect(await disable(staff, person, 'mine now'), person.loginName).toMatchObject(notFound);
      expect(await staff.get(`/v1/provider/logins/${person.id}`), person.loginName).toMatchObject(notFound);
      expect(await staff.get(`/v1/provider/logins/${person.id}/activity`), person.loginName).toMatchObject(notFound);
      expect((await beginLogin(newClient(), person)).answer.body.status, person.loginName).toBe('code_required');
    }
  });

  it('a recognized device is never enough for staff and operators, who reach other people’s logins', async () => {
    for (const role of ['provider_staff', 'operator'] as const) {
      const person = await addPerson(tenant, role, `provider-careful-${role.slice(0, 5)}`, { texts: true });
      const client = newClient();
      const { session } = await logIn(client, person);
      await client.post('/v1/devices/trust', { deviceIds: [session.device.id] });
      expect((await beginLogin(client, person)).answer.body.status, role).toBe('code_required');
    }
  });
});

describe('policy', () => {
  async function ownTenant(name: string) {
    const own = await addTenant(name);
    const keeper = await addPerson(own, 'provider_staff', `${name.toLowerCase().replaceAll(' ', '-')}-staff`, { texts: true });
    const client = newClient();
    await logIn(client, keeper);
    const setPolicy = (twoFactor: Policy, contact: object = own.contact) => client.call('PUT', '/v1/provider/policy', { twoFactor, contact });
    return { own, client, setPolicy };
  }

  it('required counts at once: a session without two-factor sets it up and does nothing else; afterwards it can not be turned off', async () => {
    const { own, client: keeper, setPolicy } = await ownTenant('Policy Required');
    const person = await addPerson(own, 'customer', 'policy-customer');
    const client = newClient();
    expect((await logIn(client, person)).session.setupRequired).toBe(false);
    expect((await setPolicy('required')).body).toEqual({ twoFactor: 'required', contact: own.contact });
    expect((await keeper.get('/v1/provider/policy')).body).toEqual({ twoFactor: 'required', contact: own.contact });

    expect((await client.get('/v1/session')).body.setupRequired).toBe(true);
    for (const path of ['/v1/devices', '/v1/activity', '/v1/sessions', '/v1/forward-auth']) expect(await client.get(path), path).toMatchObject(setupRequired);
    expect(await client.post('/v1/password/change', { password: demoPassword, newPassword: 'gravel umbrella seventeen' })).toMatchObject(setupRequired);
    expect((await client.get('/v1/two-factor')).body).toMatchObject({ enabled: false, policy: 'required' });

    const methodId = await addMethod(client, { kind: 'sms', phoneNumber: person.phoneNumber });
    expect((await logIn(client, person)).session).toMatchObject({ setupRequired: false, assurance: 'pwd+sms' });
    expect((await client.get('/v1/devices')).status).toBe(200);
    const kept = { status: 409, body: { code: 'required_by_provider' } };
    expect(await client.post('/v1/two-factor/disable', { password: demoPassword })).toMatchObject(kept);
    expect(await client.delete(`/v1/two-factor/methods/${methodId}`, { password: demoPassword })).toMatchObject(kept);

    // Beginning anew is allowed, and leads into setup.
    expect((await client.post('/v1/two-factor/reset', { password: demoPassword })).status).toBe(204);
    expect((await client.get('/v1/session')).body.setupRequired).toBe(true);
    expect(await client.get('/v1/devices')).toMatchObject(setupRequired);
    await setPolicy('optional');
    expect((await client.get('/v1/devices')).status).toBe(200);
  });

  it('suggested is said and forces nothing', async () => {
    const { own, setPolicy } = await ownTenant('Policy Suggested');
    const person = await addPerson(own, 'customer', 'suggested-customer');
    await setPolicy('suggested');
    const client = newClient();
    expect((await logIn(client, person)).session.setupRequired).toBe(false);
    expect((await client.get('/v1/two-factor')).body.policy).toBe('suggested');
    expect((await client.get('/v1/devices')).status).toBe(200);
  });

  it('the contact is what a locked-out customer is told, and other providers’ policies stay', async () => {
    const { own, setPolicy } = await ownTenant('Policy Contact');
    const contact = { name: 'Night desk', phone: '+14155550142', email: null };
    expect((await setPolicy('optional', contact)).status).toBe(200);
    const person = await addPerson(own, 'customer', 'contact-customer');
    const client = newClient();
    await logIn(client, person);
    await addMethod(client, { kind: 'email', emailAddress: person.emailAddress });
    const { answer } = await codeSentTo(person.emailAddress, () => newClient().post('/v1/login', { loginName: person.loginName, password: demoPassword }));
    expect((await newClient().post('/v1/login/reset-two-factor', { attempt: answer.body.attempt })).body).toMatchObject({ code: 'ask_service_provider', provider: contact });
    expect((await staff.get('/v1/provider/policy')).body).toEqual({ twoFactor: 'optional', contact: tenant.contact });
  });
});
