import { eventually } from '@latchkey/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoPassword, type ApiClient } from './api-client.ts';
import { addMethod, authenticatorCode, codeSentTo, newClient, wrongCodeFor } from './demo.ts';
import { addPerson, addTenant, beginLogin, linkTo, logIn, logInAndTrust, messageTo, noticesTo, type Person, query, type Tenant } from './tenants.ts';

const newPassword = 'gravel umbrella seventeen';
let tenant: Tenant;
let staff: ApiClient;
beforeAll(async () => {
  tenant = await addTenant('Trust Security');
  staff = newClient();
  await logIn(staff, await addPerson(tenant, 'provider_staff', 'trust-staff'));
});

/** `at`: the session it is done in. Gives the password that is right afterwards. */
type Deed = (at: ApiClient, person: Person, deviceId: string) => Promise<string>;
const ok = ({ status, body }: { status: number; body: any }) => {
  if (status !== 200 && status !== 204) throw new Error(`${status} ${JSON.stringify(body)}`);
};
const deeds: Record<string, Deed> = {
  'disabling two-factor': async (at) => {
    ok(await at.post('/v1/two-factor/disable', { password: demoPassword }));
    return demoPassword;
  },
  'removing the last method': async (at, { methodId }) => {
    ok(await at.delete(`/v1/two-factor/methods/${methodId}`, { password: demoPassword }));
    return demoPassword;
  },
  'resetting two-factor': async (at) => {
    ok(await at.post('/v1/two-factor/reset', { password: demoPassword }));
    return demoPassword;
  },
  'changing the password': async (at) => {
    ok(await at.post('/v1/password/change', { password: demoPassword, newPassword }));
    return newPassword;
  },
  'forgetting the device': async (at, _person, deviceId) => {
    ok(await at.post('/v1/devices/forget', { deviceIds: [deviceId] }));
    return demoPassword;
  },
};
const withoutSession: Record<string, Deed> = {
  'resetting two-factor by email': async (_at, person) => {
    const { attempt } = await beginLogin(newClient(), person);
    const { code } = await codeSentTo(person.emailAddress, () => newClient().post('/v1/login/reset-two-factor', { attempt }));
    ok(await newClient().post('/v1/login/reset-two-factor/confirm', { attempt, code }));
    return demoPassword;
  },
  'a forgotten password': async (_at, { loginName, emailAddress }) => {
    const after = new Date();
    await newClient().post('/v1/password/forgot', { loginName });
    ok(await newClient().post('/v1/password/reset', { token: linkTo('new-password', await messageTo(emailAddress, /Choose a new/, after)), newPassword }));
    return newPassword;
  },
  'the provider': async (_at, { id }) => {
    ok(await staff.post(`/v1/provider/logins/${id}/disable-two-factor`, { reason: 'Lost the phone' }));
    return demoPassword;
  },
};

let made = 0;
const makePerson = () => addPerson(tenant, 'customer', `trust-person-${(made += 1)}`, { texts: true });

/** Two-factor on again, where it is off; then what the once trusted browser is asked. */
async function asksForCode(trusted: ApiClient, person: Person, password: string): Promise<boolean> {
  const elsewhere = newClient();
  const { session } = await logIn(elsewhere, person, { password });
  if (session.assurance === 'pwd') {
    const { code, answer } = await codeSentTo(person.phoneNumber, () => elsewhere.post('/v1/two-factor/methods', { password, kind: 'sms', phoneNumber: person.phoneNumber }));
    ok(await elsewhere.post(`/v1/two-factor/methods/${answer.body.id}/confirm`, { code }));
  }
  return (await beginLogin(trusted, person, { password })).answer.body.status === 'code_required';
}

describe('trust is withdrawn by', () => {
  it.each(Object.keys(deeds).flatMap((deed) => [[deed, 'another session'], [deed, 'a session that the trust itself made']]))('%s, done in %s', async (name, where) => {
    const person = await makePerson();
    const [trusted, other] = [newClient(), newClient()];
    const { device } = await logInAndTrust(trusted, person);
    await logIn(other, person);
    expect((await logIn(trusted, person)).session.assurance).toBe('pwd+trusted_device');
    const password = await deeds[name]!(where === 'another session' ? other : trusted, person, device.id);
    expect(await asksForCode(trusted, person, password)).toBe(true);
  });

  it.each(Object.keys(withoutSession))('%s', async (name) => {
    const person = await makePerson();
    const trusted = newClient();
    await logInAndTrust(trusted, person);
    const password = await withoutSession[name]!(trusted, person, '');
    expect(await asksForCode(trusted, person, password)).toBe(true);
  });

  it('turning two-factor on again with another number: no old device comes back with it', async () => {
    const person = await makePerson();
    const trusted = newClient();
    await logInAndTrust(trusted, person);
    await trusted.post('/v1/two-factor/disable', { password: demoPassword });
    const moved: Person = { ...person, phoneNumber: '+14153110177' };
    await addMethod(trusted, { kind: 'sms', phoneNumber: moved.phoneNumber });
    const { answer, attempt, methodId, code } = await beginLogin(trusted, moved);
    expect(answer.body.status).toBe('code_required');
    expect((await trusted.post('/v1/login/verify-code', { attempt, methodId, code })).body).toMatchObject({ askToTrust: true, session: { device: { trusted: false } } });
  });

  it('clearing the cookies: that browser is a new one, and the old one is still in the list', async () => {
    const person = await makePerson();
    const client = newClient();
    const { device } = await logInAndTrust(client, person);
    client.forget('__Host-device');
    await logIn(client, person);
    const { devices } = (await client.get('/v1/devices')).body;
    expect(devices.map(({ id, trusted, current }: any) => [id === device.id, trusted, current])).toEqual([[false, false, true], [true, true, false]]);
  });

  it('nothing else: a second method, new recovery codes, other sessions ended, another device forgotten', async () => {
    const person = await makePerson();
    const [trusted, other] = [newClient(), newClient()];
    await logInAndTrust(trusted, person);
    const { session } = await logIn(other, person);
    ok(await other.post('/v1/two-factor/recovery-codes', { password: demoPassword }));
    ok(await other.post('/v1/sessions/end-others'));
    ok(await other.post('/v1/devices/forget', { deviceIds: [session.device.id] }));
    await addMethod(other, { kind: 'email', emailAddress: person.emailAddress });
    expect((await logIn(trusted, person)).session.assurance).toBe('pwd+trusted_device');
  });
});

describe('trust belongs to one login on one device', () => {
  it('two logins on one browser have a device each, and trust of one is not that of the other', async () => {
    const [one, two] = [await makePerson(), await makePerson()];
    const browser = newClient();
    const first = await logInAndTrust(browser, one);
    const second = (await logIn(browser, two)).session;
    expect(second.device).toMatchObject({ trusted: false, id: expect.not.stringMatching(first.device.id) });
    expect((await beginLogin(browser, two)).answer.body.status).toBe('code_required');
    expect((await logIn(browser, one)).session.assurance).toBe('pwd+trusted_device');
  });

  it('is bound to neither address nor user agent', async () => {
    const person = await makePerson();
    const browser = newClient();
    await logInAndTrust(browser, person);
    const { session } = await logIn(browser, person, { headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0' } });
    expect(session.assurance).toBe('pwd+trusted_device');
  });

  it('ends thirty days after it was given, and use does not move that end', async () => {
    const person = await makePerson();
    const browser = newClient();
    await logInAndTrust(browser, person);
    const until = (await browser.get('/v1/session')).body.device.trustedUntil;
    expect(Date.parse(until) - Date.now()).toBeGreaterThan(30 * 86_400_000 - 60_000);
    expect(Date.parse(until) - Date.now()).toBeLessThanOrEqual(30 * 86_400_000);
    for (let use = 0; use < 2; use += 1) expect((await logIn(browser, person)).session.device.trustedUntil).toBe(until);
  });
});

describe('the secret of a device', () => {
  it('is exchanged at every login', async () => {
    const person = await makePerson();
    const browser = newClient();
    await logInAndTrust(browser, person);
    const seen = [browser.cookie('__Host-device')];
    for (let login = 0; login < 3; login += 1) {
      await logIn(browser, person);
      seen.push(browser.cookie('__Host-device'));
    }
    expect(new Set(seen).size).toBe(4);
    expect(new Set(seen.map((token) => token?.split('.')[0])).size).toBe(1);
  });

  it('ten apps’ logins at once with one secret all go in, and whichever answer arrived last is good later', async () => {
    const person = await makePerson();
    const { session } = await logIn(newClient(), person, { body: { client: 'app', deviceName: 'Phone' } });
    expect(session.device.trusted).toBe(true);
    const enter = (token: string) => newClient().post('/v1/login', { loginName: person.loginName, password: demoPassword, client: 'app' }, { 'device-token': token });
    const answers = await Promise.all(Array.from({ length: 10 }, () => enter(session.deviceToken)));
    expect(answers.map(({ body }) => body.session?.assurance)).toEqual(Array.from({ length: 10 }, () => 'pwd+trusted_device'));
    expect((await enter(answers[6]!.body.session.deviceToken)).body.session.assurance).toBe('pwd+trusted_device');
  });

  it('copied and used after it was exchanged: nobody is trusted any more, and the login is told at every address', async () => {
    const person = await makePerson();
    const browser = newClient();
    const { device } = await logInAndTrust(browser, person);
    const thief = browser.clone();
    await logIn(browser, person);
    // Two tabs may hold the same secret for a minute, which is over here.
    await query(
      'devices',
      `UPDATE browsers SET secrets = (
         SELECT jsonb_agg(CASE WHEN secret ->> 'supersededAt' IS NULL THEN secret ELSE secret || jsonb_build_object('supersededAt', $2::text) END)
         FROM jsonb_array_elements(secrets) AS secret
       ) WHERE id = (SELECT browser_id FROM devices WHERE id = $1)`,
      [device.id, new Date(Date.now() - 61_000).toISOString()],
    );
    const after = new Date();
    expect((await beginLogin(thief, person)).answer.body.status).toBe('code_required');
    await noticesTo(person, /is no longer trusted at Trust Security/, /Old key used/, after);
    expect((await beginLogin(browser, person)).answer.body.status).toBe('code_required');
    expect((await logIn(browser, person)).session.device.trusted).toBe(false);
    const { activities } = (await browser.get('/v1/activity')).body;
    expect(activities).toContainEqual(expect.objectContaining({ kind: 'device_secret_reused', device: { id: device.id, name: device.name } }));
  });
});

describe('a stranger who guesses', () => {
  it('codes, until the login is locked, does not keep the owner out of a trusted device; the lock is told', async () => {
    const person = await addPerson(tenant, 'customer', 'trust-guessed');
    const owner = newClient();
    await logIn(owner, person);
    const { id, secret } = (await owner.post('/v1/two-factor/methods', { password: demoPassword, kind: 'totp' })).body;
    ok(await owner.post(`/v1/two-factor/methods/${id}/confirm`, { code: authenticatorCode(secret, -30) }));
    // Where many hash passwords at once, some are told to come back.
    const begin = (client = newClient()) =>
      eventually(async () => {
        const { body } = await client.post('/v1/login', { loginName: person.loginName, password: demoPassword });
        return body.status === 'code_required' && body;
      }, { timeoutMs: 20_000, everyMs: 200 });
    const enter = (attempt: string, code: string, client = newClient()) => client.post('/v1/login/verify-code', { attempt, methodId: id, code });
    const { session } = (await enter((await begin(owner)).attempt, authenticatorCode(secret), owner)).body;
    ok(await owner.post('/v1/devices/trust', { deviceIds: [session.device.id] }));

    // Development's limit is a thousand wrong codes of a login, five of an attempt.
    const after = new Date();
    const seen: Record<string, number> = {};
    for (let round = 0; round < 50 && !seen['locked']; round += 1) {
      const attempts = await Promise.all(Array.from({ length: 5 }, () => begin()));
      const wrong = wrongCodeFor(authenticatorCode(secret));
      const answers = await Promise.all(attempts.flatMap(({ attempt }) => Array.from({ length: 5 }, () => enter(attempt, wrong))));
      for (const { body } of answers) seen[body.code] = (seen[body.code] ?? 0) + 1;
    }
    expect(seen['wrong_code']).toBe(1_000);
    const locked = await enter((await begin()).attempt, authenticatorCode(secret, 30));
    expect(locked).toMatchObject({ status: 429, body: { code: 'locked', retryAfterSeconds: expect.any(Number) } });
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
    await messageTo(person.emailAddress, /Too many wrong codes for your Trust Security login/, after);
    expect((await logIn(owner, person)).session.assurance).toBe('pwd+trusted_device');
  }, 120_000);

  it('passwords does not keep the owner out', async () => {
    const person = await makePerson();
    const owner = newClient();
    await logInAndTrust(owner, person);
    const guesses = Array.from({ length: 60 }, (_, index) => newClient().post('/v1/login', { loginName: person.loginName, password: `guess ${index}` }));
    expect(new Set((await Promise.all(guesses)).map(({ status }) => status))).not.toContain(200);
    expect((await logIn(owner, person)).session.assurance).toBe('pwd+trusted_device');
  });
});
