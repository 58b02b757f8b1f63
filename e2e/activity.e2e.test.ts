import { eventually } from '@latchkey/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, demoPassword } from './api-client.ts';
import { addMethod, newClient, wrongCodeFor } from './demo.ts';
import { addPerson, addTenant, beginLogin, logIn, logInAndTrust, messageTo, noticesTo, type Person, type Tenant } from './tenants.ts';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await addTenant('Activity Security');
});

/** The timeline once a line of this kind has arrived in it, newest first. */
const timeline = (client: ApiClient, until: string, path = '/v1/activity'): Promise<any[]> =>
  eventually(async () => {
    const { body } = await client.get(path);
    return body.activities?.some(({ kind }: any) => kind === until) && body.activities;
  }, { what: `${until} in ${path}` });

describe('the timeline', () => {
  it('tells the whole story of a login: refused, asked, queued, accepted by whom, refused code, signed in', async () => {
    const person = await addPerson(tenant, 'customer', 'activity-story', { texts: true });
    const client = newClient();
    await client.post('/v1/login', { loginName: person.loginName, password: 'not-my-password' });
    const { attempt, methodId, code } = await beginLogin(client, person, { body: { deviceName: 'Kitchen tablet' } });
    await client.post('/v1/login/verify-code', { attempt, methodId, code: wrongCodeFor(code) });
    const { body } = await client.post('/v1/login/verify-code', { attempt, methodId, code });
    await timeline(client, 'signed_in');
    const lines = await timeline(client, 'code_accepted');

    const kinds = lines.map(({ kind }) => kind).reverse();
    expect(kinds.slice(0, 2)).toEqual(['login_refused', 'code_required']);
    expect(kinds).toEqual(expect.arrayContaining(['code_queued', 'code_accepted', 'code_refused', 'signed_in']));
    const line = (kind: string) => lines.find((each) => each.kind === kind);
    expect(line('login_refused')).toMatchObject({ reason: 'wrong_password', by: { kind: 'self', name: person.loginName }, ip: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) });
    expect(line('code_queued')).toMatchObject({ channel: 'sms', method: { kind: 'sms', hint: expect.stringMatching(new RegExp(`${person.phoneNumber.slice(-4)}$`)) } });
    expect(line('code_accepted')).toMatchObject({ channel: 'sms', deliveredBy: expect.any(String), by: { kind: 'system' } });
    expect(line('code_refused')).toMatchObject({ reason: 'wrong_code', attemptsLeft: 4 });
    expect(line('signed_in')).toMatchObject({ assurance: 'pwd+sms', newDevice: true, device: { id: body.session.device.id, name: 'Kitchen tablet' } });

    const ids = new Set(['code_required', 'code_queued', 'code_accepted', 'code_refused', 'signed_in'].map((kind) => line(kind).attemptId));
    expect([ids.size, [...ids][0]]).toEqual([1, expect.any(String)]);
    for (const secret of [code, wrongCodeFor(code), attempt, person.phoneNumber, person.emailAddress, 'not-my-password']) expect(JSON.stringify(lines)).not.toContain(secret);
  });

  it('has every change: devices, methods, recovery codes, password, sessions', async () => {
    const person = await addPerson(tenant, 'customer', 'activity-changes');
    const client = newClient();
    await logIn(client, person);
    await addMethod(client, { kind: 'sms', phoneNumber: person.phoneNumber });
    const { device } = await logInAndTrust(client, person);
    await client.post('/v1/devices/forget', { deviceIds: [device.id] });
    await client.post('/v1/two-factor/recovery-codes', { password: demoPassword });
    const emailId = await addMethod(client, { kind: 'email', emailAddress: 'activity-second@people.example' });
    await logIn(client, person);
    await client.delete(`/v1/two-factor/methods/${emailId}`, { password: demoPassword });
    await client.post('/v1/password/change', { password: demoPassword, newPassword: 'gravel umbrella seventeen' });
    await client.post('/v1/sessions/end-others');
    await client.post('/v1/two-factor/disable', { password: 'gravel umbrella seventeen' });
    await timeline(client, 'two_factor_off');
    const lines = await timeline(client, 'sessions_ended');
    const wanted = ['two_factor_on', 'device_trusted', 'device_forgotten', 'recovery_codes_made', 'method_added', 'method_removed', 'password_changed', 'sessions_ended', 'two_factor_off'];
    const told = lines.map(({ kind }) => kind).reverse().filter((kind) => wanted.includes(kind));
    expect(new Set(told)).toEqual(new Set(wanted));
    expect(lines.find(({ kind }) => kind === 'method_removed').method).toEqual({ kind: 'email', hint: expect.stringMatching(/@people\.example$/) });
    expect(lines.map(({ at }) => at)).toEqual([...lines.map(({ at }) => at)].sort().reverse());
  });

  it('is one’s own: others’ lines are not in it, and the provider sees the same as its customer', async () => {
    const [person, other] = [await addPerson(tenant, 'customer', 'activity-own'), await addPerson(tenant, 'customer', 'activity-other')];
    const [client, elsewhere, staff] = [newClient(), newClient(), newClient()];
    await logIn(client, person);
    await logIn(elsewhere, other);
    await logIn(staff, await addPerson(tenant, 'provider_staff', 'activity-staff'));
    const lines = await timeline(client, 'signed_in');
    expect(lines).toHaveLength(1);
    expect((await timeline(elsewhere, 'signed_in')).map(({ id }) => id)).not.toContain(lines[0].id);
    expect(await timeline(staff, 'signed_in', `/v1/provider/logins/${person.id}/activity`)).toEqual(lines);
  });

  it('comes in pages that leave no line out and show none twice', async () => {
    const person = await addPerson(tenant, 'customer', 'activity-pages');
    for (let index = 0; index < 75; index += 1) await newClient().post('/v1/login', { loginName: person.loginName, password: `wrong ${index}` });
    const client = newClient();
    await logIn(client, person);
    await timeline(client, 'signed_in');
    const pages: any[][] = [];
    for (let before: string | null = ''; before !== null && pages.length < 10; ) {
      const { body }: any = await client.get(`/v1/activity${before && `?before=${encodeURIComponent(before)}`}`);
      pages.push(body.activities);
      before = body.before;
    }
    expect(pages.length).toBeGreaterThan(1);
    const lines = pages.flat();
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
    expect(lines.map(({ kind }) => kind)).toEqual(['signed_in', ...Array.from({ length: 75 }, () => 'login_refused')]);
  });
});

describe('notices go to every address of the login, each with a way out of its own', () => {
  const twoAddresses = async (name: string) => {
    const person = await addPerson(tenant, 'customer', `activity-${name}`);
    const client = newClient();
    await logIn(client, person);
    return { person, client };
  };
  const notMeLinks = (messages: { text: string }[]) => messages.map(({ text }) => /\/not-me#([a-z]{56})/.exec(text)?.[1]);

  it('two-factor turned on and off', async () => {
    const { person, client } = await twoAddresses('on-off');
    const on = new Date();
    await addMethod(client, { kind: 'sms', phoneNumber: person.phoneNumber });
    const told = await noticesTo(person, /Two-factor was turned on at Activity Security/, /Two-factor was turned on/, on);
    expect(new Set(notMeLinks(told)).size).toBe(2);
    await logIn(client, person);
    const off = new Date();
    await client.post('/v1/two-factor/disable', { password: demoPassword });
    await noticesTo(person, /Two-factor was turned off at Activity Security/, /Two-factor was turned off/, off);
  });

  it('a method added and removed, also to the address that is removed', async () => {
    const { person, client } = await twoAddresses('methods');
    await addMethod(client, { kind: 'sms', phoneNumber: person.phoneNumber });
    await logIn(client, person);
    const added = new Date();
    const second = `second-of-${person.emailAddress}`;
    const emailId = await addMethod(client, { kind: 'email', emailAddress: second });
    await noticesTo(person, /An email address was added/, /An email address was added/, added);
    await messageTo(second, /An email address was added/, added);
    await logIn(client, person);
    const removed = new Date();
    await client.delete(`/v1/two-factor/methods/${emailId}`, { password: demoPassword });
    await noticesTo(person, /An email address was removed/, /An email address was removed/, removed);
    await messageTo(second, /An email address was removed/, removed);
  });

  it.each([
    ['en', /New login to Activity Security from Night reader/, /New login from/],
    ['de-CH', /Neue Anmeldung bei Activity Security über Night reader/, /Neue Anmeldung/],
    ['es', /Nuevo acceso a Activity Security desde Night reader/, /Nuevo acceso/],
    ['fr-CA,fr;q=0.9', /Nouvelle connexion à Activity Security depuis Night reader/, /Nouvelle connexion/],
  ])('a login from a new device, in %s; none when it comes back', async (language, email, text) => {
    const person = await addPerson(tenant, 'customer', `activity-new-device-${language.slice(0, 2)}`, { texts: true });
    const way = { headers: { 'accept-language': language }, body: { deviceName: 'Night reader' } };
    const [client, first] = [newClient(), new Date()];
    await logIn(client, person, way);
    const [message] = await noticesTo(person, email, text, first);
    expect(message.text).toContain('Night reader');

    const again = new Date();
    await logIn(client, person, way);
    await client.post('/v1/password/change', { password: demoPassword, newPassword: 'gravel umbrella seventeen' });
    // Notices of a login leave in order: what was told of the change would have come after one of the device.
    const later = (await messageTo(person.emailAddress, /Activity Security/, again)).subject;
    expect(later).not.toMatch(email);
  });

  it('a method that was begun and never confirmed is nobody’s news and counts for nothing', async () => {
    const { person, client } = await twoAddresses('unconfirmed');
    await client.post('/v1/two-factor/methods', { password: demoPassword, kind: 'totp' });
    expect((await client.get('/v1/two-factor')).body).toMatchObject({ enabled: false });
    expect((await logIn(newClient(), person as Person)).session.assurance).toBe('pwd');
  });
});
