import { codeIn } from '@latchkey/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { addMethod, codeSentTo, newClient, wrongCodeFor } from './demo.ts';
import { addPerson, addTenant, beginLogin, linkTo, logIn, logInAndTrust, messageTo, noticesTo, type Person, type Tenant } from './tenants.ts';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await addTenant('Reset Security');
});
const personWithTexts = (name: string) => addPerson(tenant, 'customer', `reset-${name}`, { texts: true });
const signedOut = { status: 401, body: { code: 'not_signed_in' } };

describe('reset while logged in', () => {
  it('asks for the password, clears methods and trust, ends the other sessions and leads into setup again', async () => {
    const person = await personWithTexts('inside');
    const [trusted, here] = [newClient(), newClient()];
    await logInAndTrust(trusted, person);
    await logIn(here, person);
    expect(await here.post('/v1/two-factor/reset', { password: 'wrong-password' })).toMatchObject({ status: 401, body: { code: 'wrong_password' } });
    expect((await here.get('/v1/two-factor')).body.enabled).toBe(true);

    const after = new Date();
    expect((await here.post('/v1/two-factor/reset', { password: demoPassword })).status).toBe(204);
    expect((await here.get('/v1/two-factor')).body).toMatchObject({ enabled: false, methods: [], recoveryCodesLeft: 0 });
    expect(await trusted.get('/v1/session')).toMatchObject(signedOut);
    const [email, text] = await noticesTo(person, /Two-factor was reset at Reset Security/, /Two-factor was reset/, after);
    expect(email.text).toContain(person.loginName);
    expect(linkTo('not-me', email)).not.toBe(linkTo('not-me', text));

    await addMethod(here, { kind: 'sms', phoneNumber: person.phoneNumber });
    expect((await beginLogin(trusted, person)).answer.body.status).toBe('code_required');
  });
});

describe('reset while logged out', () => {
  it('after the right password a code to the own mailbox turns two-factor off, forgets trust, ends other sessions and logs in', async () => {
    const person = await personWithTexts('outside');
    const [trusted, locked] = [newClient(), newClient()];
    await logInAndTrust(trusted, person);
    // The notice is in the language of the login that the reset helps, whatever the last one spoke.
    const { attempt, methodId, code: texted } = await beginLogin(locked, person, { headers: { 'accept-language': 'de-AT,de;q=0.9' } });
    const { code, answer } = await codeSentTo(person.emailAddress, () => locked.post('/v1/login/reset-two-factor', { attempt }));
    expect(answer).toMatchObject({ status: 202, body: { sent: { state: 'queued' } } });
    const confirm = (typed: string) => locked.post('/v1/login/reset-two-factor/confirm', { attempt, code: typed });
    if (texted !== code) expect(await confirm(texted)).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
    expect(await confirm(wrongCodeFor(code))).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
    expect((await trusted.get('/v1/session')).status).toBe(200);

    const after = new Date();
    expect(await confirm(code)).toMatchObject({ status: 200, body: { status: 'signed_in', session: { login: { id: person.id }, device: { trusted: false } } } });
    expect((await locked.get('/v1/two-factor')).body).toMatchObject({ enabled: false, methods: [] });
    expect(await trusted.get('/v1/session')).toMatchObject(signedOut);
    expect(await confirm(code)).toMatchObject({ status: 410, body: { code: 'attempt_over' } });
    expect(await newClient().post('/v1/login/verify-code', { attempt, methodId, code: texted })).toMatchObject({ status: 410, body: { code: 'attempt_over' } });
    await noticesTo(person, /Zwei-Faktor-Anmeldung bei Reset Security wurde zurückgesetzt/, /zurückgesetzt/, after);

    expect((await logIn(trusted, person)).session).toMatchObject({ assurance: 'pwd', device: { trusted: false } });
    await addMethod(locked, { kind: 'sms', phoneNumber: person.phoneNumber });
    expect((await beginLogin(trusted, person)).answer.body.status).toBe('code_required');
  });

  it('the mail with the code says what it does, in the language of the browser', async () => {
    const person = await personWithTexts('mail');
    const { attempt } = await beginLogin(newClient(), person, { headers: { 'accept-language': 'fr' } });
    const after = new Date();
    await newClient().post('/v1/login/reset-two-factor', { attempt });
    const message = await messageTo(person.emailAddress, /\d{6}/, after);
    expect(codeIn(message)).toMatch(/^\d{6}$/);
    expect(message.subject).toContain(codeIn(message));
    expect(message.subject).toMatch(/désactive/);
  });

  it('the emailed code logs nobody in by itself, and fifty right ones at once log in once', async () => {
    const person = await personWithTexts('fifty');
    const { attempt, methodId } = await beginLogin(newClient(), person);
    const { code } = await codeSentTo(person.emailAddress, () => newClient().post('/v1/login/reset-two-factor', { attempt }));
    const asLogin = await newClient().post('/v1/login/verify-code', { attempt, methodId, code });
    // One time in a million the texted code is the same.
    expect(asLogin).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
    const answers = await Promise.all(Array.from({ length: 50 }, () => newClient().post('/v1/login/reset-two-factor/confirm', { attempt, code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 200).map(({ status }) => status))).toEqual(new Set([410]));
  });

  it('without the right password there is nothing to reset: no attempt, no code', async () => {
    const invented = `w${'a'.repeat(43)}`;
    expect(await newClient().post('/v1/login/reset-two-factor', { attempt: invented })).toMatchObject({ status: 410, body: { code: 'attempt_over' } });
    expect(await newClient().post('/v1/login/reset-two-factor/confirm', { attempt: invented, code: '123456' })).toMatchObject({ status: 410, body: { code: 'attempt_over' } });
  });

  it('where email is the only method the service provider has to help, and is named', async () => {
    const person = await addPerson(tenant, 'customer', 'reset-email-only');
    const client = newClient();
    await logIn(client, person);
    await addMethod(client, { kind: 'email', emailAddress: person.emailAddress });
    const { attempt } = await beginLogin(client, person);
    const refused = { status: 409, body: { code: 'ask_service_provider', provider: tenant.contact } };
    expect(await client.post('/v1/login/reset-two-factor', { attempt })).toMatchObject(refused);
    expect(await client.post('/v1/login/reset-two-factor/confirm', { attempt, code: '123456' })).toMatchObject(refused);
  });

  it('a session’s step-up is no way to it', async () => {
    const person = await personWithTexts('step-up');
    const client = newClient();
    await logIn(client, person);
    const { answer } = await codeSentTo(person.phoneNumber, () => client.post('/v1/session/step-up'));
    expect((await client.post('/v1/login/reset-two-factor', { attempt: answer.body.attempt })).status).toBe(409);
  });
});

describe('recovery codes', () => {
  async function withRecoveryCodes(name: string): Promise<{ person: Person; codes: string[] }> {
    const person = await personWithTexts(name);
    const client = newClient();
    await logIn(client, person);
    const made = await client.post('/v1/two-factor/recovery-codes', { password: demoPassword });
    expect(made.status).toBe(200);
    return { person, codes: made.body.recoveryCodes };
  }
  async function useCode(person: Person, code: string, client = newClient()) {
    const { answer, attempt } = await beginLogin(client, person);
    const methodId = answer.body.methods.find(({ kind }: { kind: string }) => kind === 'recovery_code').id;
    return client.post('/v1/login/verify-code', { attempt, methodId, code });
  }

  it('are ten, of 64 bits or more; each logs in once, says so in the session, and the login is told how many are left', async () => {
    const { person, codes } = await withRecoveryCodes('recovery');
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code.replace(/[^0-9A-Za-z]/g, '').length * 5).toBeGreaterThanOrEqual(64);
    const [after, client] = [new Date(), newClient()];
    expect(await useCode(person, codes[0]!, client)).toMatchObject({ status: 200, body: { session: { assurance: 'pwd+recovery_code' } } });
    expect((await client.get('/v1/two-factor')).body.recoveryCodesLeft).toBe(9);
    const [email] = await noticesTo(person, /A recovery code was used for your Reset Security login/, /recovery code was used.*9 are left/i, after);
    expect(email.text).toMatch(/9 left/);
    expect(await useCode(person, codes[0]!)).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
  });

  it('one of them in ten logins at once lets one in', async () => {
    const { person, codes } = await withRecoveryCodes('recovery-race');
    const begun = await Promise.all(Array.from({ length: 10 }, () => newClient().post('/v1/login', { loginName: person.loginName, password: demoPassword })));
    const answers = await Promise.all(
      begun.map(({ body }) => newClient().post('/v1/login/verify-code', { attempt: body.attempt, methodId: body.methods.find(({ kind }: any) => kind === 'recovery_code').id, code: codes[3] })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('new ones ask for the password and end the old ones', async () => {
    const { person, codes } = await withRecoveryCodes('recovery-anew');
    const client = newClient();
    await logIn(client, person);
    expect(await client.post('/v1/two-factor/recovery-codes', { password: 'wrong-password' })).toMatchObject({ status: 401, body: { code: 'wrong_password' } });
    const anew = await client.post('/v1/two-factor/recovery-codes', { password: demoPassword });
    expect(anew.body.recoveryCodes.filter((code: string) => codes.includes(code))).toEqual([]);
    expect(await useCode(person, codes[1]!)).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
    expect((await useCode(person, anew.body.recoveryCodes[1])).status).toBe(200);
  });
});
