import { eventually, latestCode, readInbox, testSystem } from '@latchkey/testing';
import { openSystem } from '@latchkey/tools';
import { expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { newClient, ownerPhone, signInOwner, system } from './demo.ts';

const running = () => openSystem(testSystem().instance);

it('with the delivery worker killed no text is lost: it goes out once when the worker is back', async () => {
  const worker = running().services['delivery-sms'];
  await worker.stop('SIGKILL');
  const before = (await readInbox(system().inboxUrl, ownerPhone)).length;
  const after = new Date();
  const answers = await Promise.all(Array.from({ length: 5 }, () => newClient().post('/v1/login', { loginName: 'owner', password: demoPassword })));
  expect(answers.every(({ body }) => body.status === 'code_required' && body.sent.state === 'queued')).toBe(true);
  await worker.start();
  await latestCode(system().inboxUrl, ownerPhone, { after, timeoutMs: 20_000 });
  await eventually(async () => (await readInbox(system().inboxUrl, ownerPhone)).length === before + 5, { timeoutMs: 10_000, what: 'five texts' });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect((await readInbox(system().inboxUrl, ownerPhone)).length).toBe(before + 5);
});

it('with a killed broker logins get 503 with Retry-After within 5 s, and everything resumes by itself', async () => {
  const { stack } = running();
  await stack.rabbitmq.kill9();
  const started = Date.now();
  const refused = await newClient().post('/v1/login', { loginName: 'owner', password: demoPassword });
  expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Date.now() - started).toBeLessThan(5_000);
  await stack.rabbitmq.start();
  await eventually(() => signInOwner(newClient()), { timeoutMs: 20_000, everyMs: 500, what: 'a login after the broker came back' });
});

it.each(['redis', 'postgres'] as const)('with %s killed logins get 503, and work again when it is back', async (part) => {
  const { stack } = running();
  await stack[part].kill9();
  const started = Date.now();
  const refused = await newClient().post('/v1/login', { loginName: 'owner', password: demoPassword });
  expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect(Date.now() - started).toBeLessThan(5_500);
  await stack[part].start();
  await eventually(() => signInOwner(newClient()), { timeoutMs: 20_000, everyMs: 500, what: `a login after ${part} came back` });
});

it.each(['gateway', 'auth', 'code-issuance', 'device-trust'] as const)('a killed %s is started again and logins go on', async (name) => {
  await running().services[name].kill('SIGKILL');
  await running().services[name].untilReady(20_000);
  await eventually(() => signInOwner(newClient()), { timeoutMs: 20_000, everyMs: 300, what: `a login after ${name} was killed` });
});
