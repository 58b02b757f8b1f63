import { latestCode } from '@latchkey/testing';
import { afterEach, expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { authenticatorCode, newClient, signIn, system } from './demo.ts';

// Every test ends with the member's two-factor off again, whatever it did.
let turnOff: () => Promise<unknown> = async () => undefined;
afterEach(async () => {
  await turnOff();
  turnOff = async () => undefined;
});

it.each([
  { kind: 'sms', destination: { phoneNumber: '+1 415 555 0177' }, to: '+14155550177' },
  { kind: 'email', destination: { emailAddress: 'member@example.com' }, to: 'member@example.com' },
])('member turns two-factor by $kind on and off', async ({ kind, destination, to }) => {
  const browser = newClient();
  await signIn(browser, 'member');
  const after = new Date();
  const added = await browser.post('/v1/two-factor/methods', { password: demoPassword, kind, ...destination });
  expect(added.status).toBe(201);
  expect(added.body.sent).toMatchObject({ state: 'queued' });
  const code = await latestCode(system().inboxUrl, to, { after });
  const confirmed = await browser.post(`/v1/two-factor/methods/${added.body.id}/confirm`, { code });
  expect(confirmed).toMatchObject({ status: 200, body: { enabled: true } });
  expect((await browser.get('/v1/session')).body.code).toBe('not_signed_in');

  const again = newClient();
  const asked = new Date();
  const login = await again.post('/v1/login', { loginName: 'member', password: demoPassword });
  expect(login.body).toMatchObject({ status: 'code_required', methods: [{ kind, default: true }, { kind: 'recovery_code', default: false }] });
  const verified = await again.post('/v1/login/verify-code', {
    attempt: login.body.attempt,
    methodId: added.body.id,
    code: await latestCode(system().inboxUrl, to, { after: asked }),
  });
  turnOff = () => again.post('/v1/two-factor/disable', { password: demoPassword });
  expect(verified.body.session.assurance).toBe(`pwd+${kind}`);
  expect((await again.post('/v1/two-factor/disable', { password: 'wrong' })).body.code).toBe('wrong_password');
  expect((await again.post('/v1/two-factor/disable', { password: demoPassword })).status).toBe(204);
  expect((await signIn(newClient(), 'member')).assurance).toBe('pwd');
});

it('an authenticator app: set up, accepted once across twenty attempts at once, not again', async () => {
  const browser = newClient();
  await signIn(browser, 'member');
  const added = await browser.post('/v1/two-factor/methods', { password: demoPassword, kind: 'totp' });
  expect(added.body.otpauthUri).toMatch(/^otpauth:\/\/totp\//);
  expect(Buffer.from(added.body.secret, 'ascii').length).toBe(32); // 160 bits in base32.
  const confirmed = await browser.post(`/v1/two-factor/methods/${added.body.id}/confirm`, { code: authenticatorCode(added.body.secret, -30) });
  expect(confirmed.status).toBe(200);

  const attempts = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const client = newClient();
      const login = await client.post('/v1/login', { loginName: 'member', password: demoPassword });
      expect(login.body).toMatchObject({ status: 'code_required', sent: null });
      return { client, attempt: login.body.attempt as string };
    }),
  );
  const code = authenticatorCode(added.body.secret);
  const answers = await Promise.all(attempts.map(({ client, attempt }) => client.post('/v1/login/verify-code', { attempt, methodId: added.body.id, code })));
  const winner = answers.findIndex(({ status }) => status === 200);
  turnOff = async () => attempts[winner]?.client.post('/v1/two-factor/disable', { password: demoPassword });
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers[winner]?.body.session.assurance).toBe('pwd+totp');
});

it('a destination that can not get messages is refused', async () => {
  const browser = newClient();
  await signIn(browser, 'member');
  for (const body of [
    { kind: 'sms', phoneNumber: '12' },
    { kind: 'sms', phoneNumber: 'call me' },
    { kind: 'email', emailAddress: 'no-at-sign' },
    { kind: 'email', emailAddress: 'a@b.example\nBcc: x@y.example' },
  ]) {
    const answer = await browser.post('/v1/two-factor/methods', { password: demoPassword, ...body });
    expect([400, 422], JSON.stringify(body)).toContain(answer.status);
  }
});
