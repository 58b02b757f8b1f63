import { setTimeout as wait } from 'node:timers/promises';
import { type CrashPoint, crashPoints } from '@latchkey/platform';
import { eventually, latestCode, readInbox } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient, demoPassword } from '../api-client.ts';
import { system } from '../demo.ts';
import { addLogins, type LoadLogin } from '../many-logins.ts';
import { ledgerOf, orderCrash, query, running, serviceOf, settledTexts, waitingIn } from './faults.ts';

const whileVerifying: CrashPoint[] = ['auth.code-judged', 'auth.attempt-used', 'auth.device-entered', 'auth.session-stored', 'code-issuance.code-judged', 'device-trust.device-entered'];
const whileAsking = crashPoints.filter((point) => !whileVerifying.includes(point));
/** The only moment after which nobody knows whether the provider has the message. */
const unknownAt: CrashPoint[] = ['delivery.asking-noted', 'delivery.provider-asked'];

let unused: LoadLogin[];
const table: Record<string, object> = {};
beforeAll(async () => {
  unused = await addLogins(running(), crashPoints.length);
});
afterAll(() => console.table(table));

const logIn = (client: ApiClient, { loginName }: LoadLogin) => client.post('/v1/login', { loginName, password: demoPassword });
const verify = async (client: ApiClient, { phoneNumber }: LoadLogin, login: { body: any }, after: Date) =>
  client.post('/v1/login/verify-code', { attempt: login.body.attempt, methodId: login.body.methods[0].id, code: await latestCode(system().inboxUrl, phoneNumber, { after, timeoutMs: 20_000 }) });

/** Until nothing is under way: a notice of an earlier login would come by the point that is meant for this one. */
async function untilQuiet(): Promise<void> {
  const isQuiet = async () => {
    const [outbox, deliveries] = await Promise.all([query('auth', 'SELECT 1 FROM outbox'), query('delivery', `SELECT 1 FROM deliveries WHERE state IN ('asking', 'retrying')`)]);
    return outbox.length === 0 && deliveries.length === 0 && (await waitingIn('delivery.sms', 'delivery.email')) === 0;
  };
  await eventually(isQuiet, { timeoutMs: 20_000, everyMs: 100, what: 'nothing under way' }).catch(() => undefined);
  await wait(300);
}

async function untilHealed(point: CrashPoint): Promise<void> {
  const service = running().services[serviceOf(point)];
  await service.startAgainOnceEnded(20_000);
  await service.untilReady(20_000);
}

it.each(whileAsking)('killed at %s: the code comes, and a second one only where it says so', async (point) => {
  const [login, client, startedAt] = [unused.pop() as LoadLogin, new ApiClient(system().baseUrl), new Date()];
  await untilQuiet();
  orderCrash(point);
  const healed = untilHealed(point);
  const answer = await logIn(client, login).catch(() => undefined);
  const answeredMs = Date.now() - startedAt.getTime();
  await healed;

  // The process that was asked itself may take the connection with it; anybody else's death is a clear answer.
  if (!point.startsWith('gateway.')) expect([200, 503]).toContain(answer?.status);
  if (answer?.status === 503) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answeredMs).toBeLessThan(5_500);
  const texts = await settledTexts(login.phoneNumber);
  const ledger = await ledgerOf(login.loginName);
  const unknown = ledger.reduce((sum, { unknowns }) => sum + unknowns, 0);
  table[point] = { answer: answer?.status ?? 'connection lost', 'answered in ms': answeredMs, texts, unknown, lost: answer?.body?.sent && texts === 0 ? 1 : 0 };
  if (answer?.status === 200) expect(texts).toBeGreaterThan(0);
  expect(unknown).toBe(unknownAt.includes(point) ? 1 : 0);
  expect(texts - ledger.length).toBe(point === 'delivery.provider-asked' ? 1 : 0);
  expect(ledger.every(({ state }) => state === 'accepted')).toBe(true);

  // Whatever the answer was, the person gets in: with this code, or by asking again.
  const goOn = answer?.status === 200 ? { answer, after: startedAt } : { after: new Date(), answer: await eventually(() => ok(logIn(client, login)), { timeoutMs: 15_000, everyMs: 500 }) };
  expect((await verify(client, login, goOn.answer, goOn.after)).status).toBe(200);
});

it.each(whileVerifying)('killed at %s: the login succeeds all the same, or says clearly to try again, and never leaves half a session or a new device untold', async (point) => {
  const [login, client, startedAt] = [unused.pop() as LoadLogin, new ApiClient(system().baseUrl), new Date()];
  const answer = await logIn(client, login);
  await latestCode(system().inboxUrl, login.phoneNumber, { after: startedAt });
  await untilQuiet();
  orderCrash(point);
  const healed = untilHealed(point);
  const sent = Date.now();
  const verified = await verify(client, login, answer, startedAt);
  const answeredMs = Date.now() - sent;
  await healed;

  // Delivered again to the successor, the request goes on where it was; 503 where the successor was late.
  expect([200, 503]).toContain(verified.status);
  expect(answeredMs).toBeLessThan(5_500);
  expect((await client.get('/v1/session')).status).toBe(verified.status === 200 ? 200 : 401);
  table[point] = { answer: verified.status, 'answered in ms': answeredMs, texts: await settledTexts(login.phoneNumber), unknown: 0, lost: 0 };

  if (verified.status === 200) return untilToldOfDevice(login);
  const after = new Date();
  const again = await eventually(() => ok(logIn(client, login)), { timeoutMs: 15_000, everyMs: 500 });
  expect((await verify(client, login, again, after)).status).toBe(200);
  await untilToldOfDevice(login);
});

/** Whoever has been let in on a new device hears of it, wherever the login was killed. */
async function untilToldOfDevice({ phoneNumber }: LoadLogin): Promise<void> {
  await eventually(async () => (await readInbox(system().inboxUrl, phoneNumber)).some(({ text }) => text.includes('New login from')), { timeoutMs: 10_000, everyMs: 200, what: 'the notice of the new device' });
}

it('after all of it nothing waits in a queue, and nothing died there', async () => {
  await eventually(async () => (await waitingIn('delivery.sms', 'delivery.email', 'latchkey.retry.1000ms', 'latchkey.retry.5000ms')) === 0, { timeoutMs: 10_000, what: 'empty queues' });
  expect(await waitingIn('delivery.sms.dead', 'delivery.email.dead')).toBe(0);
});

async function ok<T extends { status: number }>(asked: Promise<T>): Promise<T | undefined> {
  const answer = await asked;
  return answer.status === 200 ? answer : undefined;
}
