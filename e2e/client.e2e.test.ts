import { createLatchkeyClient, RequestFailed, tokensInMemory } from '@latchkey/client';
import { expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { codeSentTo, ownerPhone, system, wrongCodeFor } from './demo.ts';

it('an app of the typed client keeps what it needs from login to login', async () => {
  const tokens = tokensInMemory();
  const client = createLatchkeyClient({ baseUrl: system().baseUrl, tokens });
  const body = { loginName: 'owner', password: demoPassword, deviceName: 'Typed app' };
  const { code, answer } = await codeSentTo(ownerPhone, () => client.post('/v1/login', { body }));
  if (answer.status !== 'code_required' || !answer.sent) throw new Error(answer.status);
  const entered = { attempt: answer.attempt, methodId: answer.sent.methodId };

  const wrong = await client.post('/v1/login/verify-code', { body: { ...entered, code: wrongCodeFor(code) } }).catch((error: unknown) => error);
  expect(wrong).toBeInstanceOf(RequestFailed);
  expect(wrong).toMatchObject({ code: 'wrong_code', attemptsLeft: 4 });
  const { session } = await client.post('/v1/login/verify-code', { body: { ...entered, code } });
  expect(session).toMatchObject({ assurance: 'pwd+sms', device: { name: 'Typed app', trusted: true } });

  expect(await client.post('/v1/login', { body })).toMatchObject({ status: 'signed_in', session: { assurance: 'pwd+trusted_device' } });
  const { devices } = await client.get('/v1/devices');
  expect(devices.find(({ current }) => current)).toMatchObject({ id: session.device.id, client: 'app' });
  expect((await client.get('/v1/activity')).activities.length).toBeGreaterThan(0);
  await client.post('/v1/devices/forget', { body: { deviceIds: [session.device.id] } });
  await client.post('/v1/logout');
  expect(await client.get('/v1/session').catch((error: RequestFailed) => error.code)).toBe('not_signed_in');
});
