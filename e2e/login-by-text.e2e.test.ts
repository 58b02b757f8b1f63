import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { codeSentTo, newClient, ownerCode, ownerPhone, signIn, signInOwner, signInTrusted, system, wrongCodeFor } from './demo.ts';

it('owner logs in with a texted code, trusts the device, and the next login needs none', async () => {
  const browser = newClient();
  const { askToTrust, session } = await signInOwner(browser);
  expect(askToTrust).toBe(true);
  expect(session).toMatchObject({ assurance: 'pwd+sms', login: { loginName: 'owner', role: 'account_owner' }, device: { trusted: false } });
  expect(session.sessionToken).toBeUndefined();

  const trusted = await browser.post('/v1/devices/trust', { deviceIds: [session.device.id] });
  expect(trusted.body.devices.find((device: any) => device.current)).toMatchObject({ id: session.device.id, trusted: true });
  expect((await browser.get('/v1/session')).body.device.trusted).toBe(true);
  expect((await browser.post('/v1/logout')).status).toBe(204);
  expect((await browser.get('/v1/session')).body.code).toBe('not_signed_in');

  const again = await browser.post('/v1/login', { loginName: 'owner', password: demoPassword });
  expect(again.body).toMatchObject({ status: 'signed_in', session: { assurance: 'pwd+trusted_device', device: { id: session.device.id, trusted: true } } });
});

it('a browser that lost its cookies is a new device', async () => {
  const browser = newClient();
  const { device } = await signInTrusted(browser);
  browser.forget('__Host-device');
  expect((await signInOwner(browser)).session.device).toMatchObject({ trusted: false, id: expect.not.stringContaining(device.id) });
});

it('ten logins at once on one trusted browser all go in, and trust stays', async () => {
  const browser = newClient();
  await signInTrusted(browser);
  const tabs = Array.from({ length: 10 }, () => browser.clone());
  const answers = await Promise.all(tabs.map((tab) => tab.post('/v1/login', { loginName: 'owner', password: demoPassword })));
  expect(answers.map(({ body }) => body.status)).toEqual(Array.from({ length: 10 }, () => 'signed_in'));
  const later = await tabs[3]!.post('/v1/login', { loginName: 'owner', password: demoPassword });
  expect(later.body).toMatchObject({ status: 'signed_in', session: { assurance: 'pwd+trusted_device' } });
});

it('fifty right codes at once make exactly one login', async () => {
  const client = newClient();
  const { attempt, methodId, code } = await ownerCode(client);
  const answers = await Promise.all(Array.from({ length: 50 }, () => newClient().post('/v1/login/verify-code', { attempt, methodId, code })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => body.code))).toEqual(new Set(['attempt_over']));
});

it('fifty wrong codes at once: five are judged, the attempt is over, the right code is refused afterwards', async () => {
  const { attempt, methodId, code } = await ownerCode(newClient());
  const answers = await Promise.all(Array.from({ length: 50 }, () => newClient().post('/v1/login/verify-code', { attempt, methodId, code: wrongCodeFor(code) })));
  const codes = answers.map(({ body }) => body.code);
  expect(codes.filter((answer) => answer === 'wrong_code')).toHaveLength(5);
  expect(codes.filter((answer) => answer === 'attempt_over')).toHaveLength(45);
  const after = await newClient().post('/v1/login/verify-code', { attempt, methodId, code });
  expect(after).toMatchObject({ status: 410, body: { code: 'attempt_over' } });
  await signInOwner(newClient()); // A right code in a new attempt clears the count.
});

it('the code of one attempt is refused in another', async () => {
  const first = await ownerCode(newClient());
  let second = await ownerCode(newClient());
  // One in a million pairs is alike.
  while (second.code === first.code) second = await ownerCode(newClient());
  const answer = await newClient().post('/v1/login/verify-code', { attempt: second.attempt, methodId: second.methodId, code: first.code });
  expect(answer).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
  const right = await newClient().post('/v1/login/verify-code', { attempt: second.attempt, methodId: second.methodId, code: second.code });
  expect(right.status).toBe(200);
});

it('sending again sends the same code after the wait, and keeps its expiry and its count', async () => {
  const { attempt, methodId, code, answer } = await ownerCode(newClient());
  const sent = answer.body.sent;
  await newClient().post('/v1/login/verify-code', { attempt, methodId, code: wrongCodeFor(code) });
  const early = await newClient().post('/v1/login/send-code', { attempt, methodId });
  expect(early.status).toBe(429);
  expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
  await wait(Date.parse(sent.resendAt) - Date.now() + 100);
  const again = await codeSentTo(ownerPhone, () => newClient().post('/v1/login/send-code', { attempt, methodId }));
  expect(again.answer).toMatchObject({ status: 202, body: { sent: { expiresAt: sent.expiresAt } } });
  expect(again.code).toBe(code);
  const wrong = await newClient().post('/v1/login/verify-code', { attempt, methodId, code: wrongCodeFor(code) });
  expect(wrong.body.attemptsLeft).toBe(3);
});

it('unknown and known login names get the same answer', async () => {
  const known = await newClient().post('/v1/login', { loginName: 'owner', password: 'wrong' });
  const unknown = await newClient().post('/v1/login', { loginName: 'nobody-at-all', password: 'wrong' });
  expect(unknown.body).toEqual(known.body);
  expect(known).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
});

it('the delivery events tell what happened to the code, from queued to accepted', async () => {
  const { attempt, methodId } = await ownerCode(newClient());
  const response = await fetch(`${system().baseUrl}/v1/login/events`, { headers: { 'login-attempt': attempt }, signal: AbortSignal.timeout(10_000) });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  let seen = '';
  for await (const chunk of response.body!) {
    seen += Buffer.from(chunk).toString();
    if (seen.includes('"accepted"')) break;
  }
  expect(seen).toMatch(/event: ?delivery[\s\S]*"queued"[\s\S]*"accepted"/);
  expect(seen).toContain(methodId);
});

it('a login without two-factor goes straight in and its session says so', async () => {
  const session = await signIn(newClient(), 'member');
  expect(session).toMatchObject({ assurance: 'pwd', login: { role: 'customer' } });
});
