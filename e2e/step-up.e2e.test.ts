import { expect, it } from 'vitest';
import { codeSentTo, newClient, ownerPhone, signInOwner, signInTrusted, wrongCodeFor } from './demo.ts';
import type { ApiClient } from './api-client.ts';

async function beginStepUp(client: ApiClient, headers: Record<string, string> = {}) {
  const { code, answer } = await codeSentTo(ownerPhone, () => client.post('/v1/session/step-up', {}, headers));
  expect(answer).toMatchObject({ status: 200, body: { methods: [{ kind: 'sms', default: true }], sent: { state: 'queued' } } });
  return { attempt: answer.body.attempt as string, methodId: answer.body.sent.methodId as string, code };
}

it('a session made by trust alone trusts no device before a code; the code raises that very session', async () => {
  const browser = newClient();
  const session = await signInTrusted(browser);
  expect(session).toMatchObject({ assurance: 'pwd+trusted_device', device: { trusted: true } });
  const other = newClient();
  const { session: others } = await signInOwner(other);
  const trust = () => browser.post('/v1/devices/trust', { deviceIds: [others.device.id] });

  expect(await trust()).toMatchObject({ status: 403, body: { code: 'step_up_required' } });
  expect((await other.get('/v1/session')).body.device.trusted).toBe(false);

  const { attempt, methodId, code } = await beginStepUp(browser);
  expect(await browser.post('/v1/login/verify-code', { attempt, methodId, code: wrongCodeFor(code) })).toMatchObject({ status: 401, body: { code: 'wrong_code', attemptsLeft: 4 } });
  expect(await trust()).toMatchObject({ status: 403, body: { code: 'step_up_required' } });
  const secret = browser.cookie('__Host-session');
  expect(await browser.post('/v1/login/verify-code', { attempt, methodId, code })).toMatchObject({ status: 200, body: { session: { id: session.id, assurance: 'pwd+sms' }, askToTrust: false } });
  expect(browser.cookie('__Host-session')).toBe(secret);
  expect((await browser.get('/v1/session')).body).toMatchObject({ id: session.id, assurance: 'pwd+sms' });

  expect((await trust()).status).toBe(200);
  expect((await other.get('/v1/session')).body.device.trusted).toBe(true);
});

it('a step-up code raises nobody else: who knows the attempt and the code gets no session by them', async () => {
  const browser = newClient();
  await signInTrusted(browser);
  const stranger = newClient();
  const answer = await stranger.post('/v1/login/verify-code', await beginStepUp(browser));
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(answer.body.session?.sessionToken).toBeUndefined();
  expect(await stranger.get('/v1/session')).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
});

it('a code for a session that has ended since makes none', async () => {
  const browser = newClient();
  await signInTrusted(browser);
  const begun = await beginStepUp(browser);
  await browser.post('/v1/logout');
  expect(await browser.post('/v1/login/verify-code', begun)).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
  expect(browser.cookie('__Host-session')).toBeUndefined();
  expect(await browser.post('/v1/session/step-up')).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
});
