import { expect, it } from 'vitest';
import { demoPassword, type ApiClient } from './api-client.ts';
import { codeSentTo, newClient, ownerCode, ownerPhone, signInTrusted } from './demo.ts';

const asApp = { client: 'app', deviceName: "Maria's phone" };
const bearer = (session: { sessionToken: string }) => ({ authorization: `Bearer ${session.sessionToken}` });
const enter = (client: ApiClient, deviceToken: string) =>
  client.post('/v1/login', { loginName: 'owner', password: demoPassword, ...asApp }, { 'device-token': deviceToken });

async function firstLogin(app: ApiClient) {
  const { attempt, methodId, code } = await ownerCode(app, asApp);
  return app.post('/v1/login/verify-code', { attempt, methodId, code });
}

it('the app is trusted at its first login with a code, carries its secrets itself, and gets new ones at every login', async () => {
  const app = newClient();
  const first = await firstLogin(app);
  expect(first).toMatchObject({ status: 200, body: { askToTrust: false, session: { assurance: 'pwd+sms', device: { name: "Maria's phone", trusted: true } } } });
  const device = first.body.session.device;
  expect(await app.get('/v1/session', bearer(first.body.session))).toMatchObject({ status: 200, body: { id: first.body.session.id } });

  const second = await enter(app, first.body.session.deviceToken);
  expect(second.body).toMatchObject({ status: 'signed_in', session: { assurance: 'pwd+trusted_device', device: { id: device.id, trusted: true, trustedUntil: device.trustedUntil } } });
  const third = await enter(app, second.body.session.deviceToken);
  expect(third.body).toMatchObject({ status: 'signed_in', session: { device: { id: device.id } } });

  const sessions = [first, second, third].map(({ body }) => body.session);
  for (const secret of ['sessionToken', 'deviceToken']) expect(new Set(sessions.map((session) => session[secret])).size).toBe(3);
  const devices = await app.get('/v1/devices', bearer(sessions[2]));
  expect(devices.body.devices.filter(({ id }: { id: string }) => id === device.id)).toEqual([expect.objectContaining({ client: 'app', current: true, trusted: true })]);

  expect((await app.post('/v1/logout', {}, bearer(sessions[2]))).status).toBe(204);
  expect(await app.get('/v1/session', bearer(sessions[2]))).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
  expect((await app.get('/v1/session', bearer(sessions[1]))).status).toBe(200);
});

it('no answer to the app sets a cookie, and it needs none', async () => {
  const app = newClient();
  const first = await firstLogin(app);
  const { session } = first.body;
  const answers = [first, await app.get('/v1/session', bearer(session)), await enter(app, session.deviceToken), await app.post('/v1/logout', {}, bearer(session))];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 204]);
  expect(answers.flatMap(({ headers }) => headers.getSetCookie())).toEqual([]);
});

it('the cookies of a trusted browser do nothing for the app, nor the token of the app for a browser', async () => {
  const browser = newClient();
  await signInTrusted(browser);
  const { answer } = await ownerCode(browser.clone(), asApp);
  expect(answer.headers.getSetCookie()).toEqual([]);

  const first = await firstLogin(newClient());
  await ownerCode(newClient(), {}, { 'device-token': first.body.session.deviceToken });
});

it('the app raises its session by a code too, and its secrets stay', async () => {
  const app = newClient();
  const first = await firstLogin(app);
  const { session } = (await enter(app, first.body.session.deviceToken)).body;
  const { code, answer } = await codeSentTo(ownerPhone, () => app.post('/v1/session/step-up', {}, bearer(session)));
  const raised = await app.post('/v1/login/verify-code', { attempt: answer.body.attempt, methodId: answer.body.sent.methodId, code }, bearer(session));
  expect(raised).toMatchObject({ status: 200, body: { askToTrust: false, session: { id: session.id, assurance: 'pwd+sms' } } });
  expect(raised.body.session).not.toHaveProperty('sessionToken');
  expect((await app.get('/v1/session', bearer(session))).body).toMatchObject({ id: session.id, assurance: 'pwd+sms' });
});

it.each(['', 'nonsense', `${'a'.repeat(43)}`])('a made-up session token %j opens nothing', async (token) => {
  expect(await newClient().get('/v1/session', { authorization: `Bearer ${token}` })).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
});
