import { readInbox } from '@latchkey/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoPassword, type ApiClient } from './api-client.ts';
import { newClient, system } from './demo.ts';
import { addPerson, addTenant, beginLogin, linkTo, logIn, logInAndTrust, messageTo, noticesTo, type Person, type Tenant } from './tenants.ts';

const newPassword = 'gravel umbrella seventeen';
const signedOut = { status: 401, body: { code: 'not_signed_in' } };
const noCredentials = { status: 401, body: { code: 'invalid_credentials' } };
const linkOver = { status: 410, body: { code: 'link_over' } };

let tenant: Tenant;
beforeAll(async () => {
  tenant = await addTenant('Password Security');
});
const personWithTexts = (name: string) => addPerson(tenant, 'customer', `password-${name}`, { texts: true });
const isTrusted = async (client: ApiClient, person: Person, password: string) => (await beginLogin(client, person, { password })).answer.body.status === 'signed_in';

/** The secret of the link that comes when a person has forgotten the password. */
async function forget({ loginName, emailAddress }: Person): Promise<string> {
  const after = new Date();
  expect((await newClient().post('/v1/password/forgot', { loginName })).status).toBe(202);
  return linkTo('new-password', await messageTo(emailAddress, /Choose a new Password Security password/, after));
}

describe('changing the password', () => {
  it('asks for the old one, keeps this session and the trust of this device alone, and is told to every address', async () => {
    const person = await personWithTexts('change');
    const [here, trusted] = [newClient(), newClient()];
    await logInAndTrust(trusted, person);
    const session = await logInAndTrust(here, person);
    const change = (password: string, chosen: string) => here.post('/v1/password/change', { password, newPassword: chosen });
    expect(await change('not-my-password', newPassword)).toMatchObject({ status: 401, body: { code: 'wrong_password' } });
    expect((await trusted.get('/v1/session')).status).toBe(200);

    const after = new Date();
    expect((await change(demoPassword, newPassword)).status).toBe(204);
    expect((await here.get('/v1/session')).body).toMatchObject({ id: session.id, device: { trusted: true } });
    expect(await trusted.get('/v1/session')).toMatchObject(signedOut);
    const [email] = await noticesTo(person, /Your Password Security password was changed/, /Your password was changed/, after);
    expect(email.text).not.toContain(newPassword);

    expect(await newClient().post('/v1/login', { loginName: person.loginName, password: demoPassword })).toMatchObject(noCredentials);
    expect(await isTrusted(here, person, newPassword)).toBe(true);
    expect(await isTrusted(trusted, person, newPassword)).toBe(false);
  });

  it('done in a session that trust alone made, it withdraws the trust of that device too', async () => {
    const person = await personWithTexts('by-trust');
    const client = newClient();
    await logInAndTrust(client, person);
    expect((await logIn(client, person)).session.assurance).toBe('pwd+trusted_device');
    expect((await client.post('/v1/password/change', { password: demoPassword, newPassword })).status).toBe(204);
    expect((await client.get('/v1/session')).body.device.trusted).toBe(false);
    expect(await isTrusted(client, person, newPassword)).toBe(false);
  });

  it.each([
    ['short', 'seven77'],
    ['common', 'password1'],
    ['too long', 'x'.repeat(129)],
    ['the login name', 'PASSWORD-weak'],
  ])('a password that is %s is refused, and says which field', async (_why, weak) => {
    const person = await addPerson(tenant, 'customer', 'password-weak').catch(() => ({ loginName: 'password-weak' }) as Person);
    const client = newClient();
    await logIn(client, person);
    const answer = await client.post('/v1/password/change', { password: demoPassword, newPassword: weak });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', issues: [{ path: 'newPassword', message: expect.any(String) }] } });
    expect(JSON.stringify(answer.body)).not.toContain(weak);
    expect((await client.get('/v1/session')).status).toBe(200);
  });
});

describe('a forgotten password', () => {
  it('an emailed link leads to a new one; it works once, logs nobody in, ends sessions and trust, and two-factor stays', async () => {
    const person = await personWithTexts('forgotten');
    const trusted = newClient();
    await logInAndTrust(trusted, person);
    const token = await forget(person);
    const choose = (chosen: string, client = newClient()) => client.post('/v1/password/reset', { token, newPassword: chosen });
    expect(await choose('password1')).toMatchObject({ status: 400, body: { issues: [{ path: 'newPassword' }] } });
    expect((await trusted.get('/v1/session')).status).toBe(200);

    const [after, client] = [new Date(), newClient()];
    const answer = await choose(newPassword, client);
    expect([answer.status, answer.body, answer.headers.getSetCookie()]).toEqual([204, undefined, []]);
    expect(await client.get('/v1/session')).toMatchObject(signedOut);
    expect(await trusted.get('/v1/session')).toMatchObject(signedOut);
    expect(await choose('another good password')).toMatchObject(linkOver);
    await noticesTo(person, /Your Password Security password was changed/, /Your password was changed/, after);

    expect(await newClient().post('/v1/login', { loginName: person.loginName, password: demoPassword })).toMatchObject(noCredentials);
    expect(await isTrusted(trusted, person, newPassword)).toBe(false);
    expect((await logIn(client, person, { password: newPassword })).session.assurance).toBe('pwd+sms');
  });

  it('known and unknown names get the same answer, and only a known one gets mail', async () => {
    const person = await personWithTexts('known');
    const ask = (loginName: string) => newClient().post('/v1/password/forgot', { loginName });
    const [known, unknown] = [await ask(person.loginName), await ask('password-of-nobody')];
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
    await messageTo(person.emailAddress, /Choose a new/, new Date(0));
    expect(await readInbox(system().inboxUrl, 'password-of-nobody@people.example')).toEqual([]);
  });

  it('a newer link takes the place of the one before', async () => {
    const person = await personWithTexts('twice');
    const [first, second] = [await forget(person), await forget(person)];
    expect(await newClient().post('/v1/password/reset', { token: first, newPassword })).toMatchObject(linkOver);
    expect((await newClient().post('/v1/password/reset', { token: second, newPassword })).status).toBe(204);
  });

  it('one link used twenty times at once sets one password', async () => {
    const person = await personWithTexts('race');
    const token = await forget(person);
    const chosen = Array.from({ length: 20 }, (_, index) => `gravel umbrella ${index}`);
    const answers = await Promise.all(chosen.map((password) => newClient().post('/v1/password/reset', { token, newPassword: password })));
    const winners = chosen.filter((_, index) => answers[index]?.status === 204);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ status }) => ![204, 410, 503].includes(status))).toEqual([]);
    expect((await beginLogin(newClient(), person, { password: winners[0]! })).answer.status).toBe(200);
  });

  it('no other kind of link is one: an invented one, or one of a notice', async () => {
    const person = await personWithTexts('other-link');
    const after = new Date();
    await logIn(newClient(), person);
    const notMe = linkTo('not-me', await messageTo(person.emailAddress, /New login to/, after));
    for (const token of [notMe, 'z'.repeat(56)]) {
      expect(await newClient().post('/v1/password/reset', { token, newPassword })).toMatchObject(linkOver);
      expect(await newClient().post('/v1/invitations/accept', { token, password: newPassword })).toMatchObject(linkOver);
    }
    expect((await newClient().post('/v1/not-me', { token: notMe })).status).toBe(204);
  });

  it('the mail is in the language of the login, whoever asks', async () => {
    const person = await personWithTexts('language');
    await logIn(newClient(), person, { headers: { 'accept-language': 'es-MX, en;q=0.5' } });
    const after = new Date();
    await newClient().post('/v1/password/forgot', { loginName: person.loginName }, { 'accept-language': 'en' });
    const message = await messageTo(person.emailAddress, /Elija una nueva contraseña de Password Security/, after);
    expect(linkTo('new-password', message)).toHaveLength(56);
  });
});

describe('“this wasn’t me”', () => {
  it('ends all sessions and trust; the old password leads nowhere but to a mail with a link for a new one', async () => {
    const person = await personWithTexts('not-me');
    const [thief, trusted, after] = [newClient(), newClient(), new Date()];
    await logInAndTrust(trusted, person);
    await logIn(thief, person);
    const token = linkTo('not-me', await messageTo(person.emailAddress, /New login to Password Security/, after));
    // Mail scanners follow links: nothing happens by that.
    for (const page of ['/not-me', `/not-me?token=${token}`]) await fetch(`${system().baseUrl}${page}`, { headers: { accept: 'text/html' } });
    expect((await thief.get('/v1/session')).status).toBe(200);

    const said = new Date();
    expect((await newClient().post('/v1/not-me', { token })).status).toBe(204);
    for (const client of [thief, trusted]) expect(await client.get('/v1/session')).toMatchObject(signedOut);
    expect(await newClient().post('/v1/not-me', { token })).toMatchObject(linkOver);
    await noticesTo(person, /You were logged out of Password Security everywhere/, /You were logged out everywhere/, said);

    const refused = new Date();
    expect(await trusted.post('/v1/login', { loginName: person.loginName, password: demoPassword })).toMatchObject({ status: 403, body: { code: 'new_password_required' } });
    const link = linkTo('new-password', await messageTo(person.emailAddress, /Choose a new Password Security password/, refused));
    expect((await newClient().post('/v1/password/reset', { token: link, newPassword })).status).toBe(204);
    expect(await isTrusted(trusted, person, newPassword)).toBe(false);
    expect((await logIn(newClient(), person, { password: newPassword })).session.assurance).toBe('pwd+sms');
  });
});
