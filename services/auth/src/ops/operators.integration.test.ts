import { randomUUIDv7 } from 'node:crypto';
import { type RequestName, requestRegistry } from '@latchkey/contracts';
import { hashSecret, newSecret } from '@latchkey/platform';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest } from '../testing/auth-under-test.ts';
import { rightCode } from '../testing/other-services.ts';

let auth: AuthUnderTest;
let operator: string;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
  operator = await auth.signIn('operator');
});
afterAll(() => auth.stop());

const queue = 'delivery.sms';
const anything = { state: null, provider: null, channel: null, loginId: null, before: null };
const calls: { [N in RequestName]?: object } = {
  'ops.queues': {},
  'ops.dead-letters': { queue },
  'ops.redrive': { queue },
  'ops.discard': { queue },
  'ops.deliveries': anything,
  'ops.providers': {},
  'ops.set-provider': { provider: 'sns', on: false },
  'ops.set-channel': { channel: 'sms', paused: true },
  'ops.set-worker': { worker: 'delivery-1:7', draining: true },
  'ops.activity': { correlationId: null, loginId: randomUUIDv7(), before: null },
  'ops.audit': { before: null },
};
const audited = () => auth.database.query<{ login_name: string; action: string; target: object; at: Date }[]>('SELECT login_name, action, target, at FROM audit ORDER BY id');
const die = (id: string) => auth.asking.publisher.send({ id, exchange: '', routingKey: `${queue}.dead`, body: Buffer.from(JSON.stringify({ id })), headers: {}, mandatory: true });

test('the calls here are all that operators have', () => {
  expect(Object.keys(calls).sort()).toEqual(Object.keys(requestRegistry).filter((name) => name.startsWith('ops.')).sort());
});

test.each(Object.entries(calls))('%s is for operators alone: nobody else gets anything, and nothing is done or noted', async (name, payload) => {
  await auth.addCustomer('customer-of-ops').catch(() => undefined);
  await die('still-here');
  const [dealer, member] = [await auth.signIn('dealer'), await auth.signIn('customer-of-ops')];
  const before = [(await audited()).length, auth.others.askedOfDelivery.length];
  for (const sessionHash of [dealer, member]) await expect(auth.ask(name as RequestName, { sessionHash, ...payload } as never)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(auth.ask(name as RequestName, { sessionHash: hashSecret(newSecret()), ...payload } as never)).rejects.toMatchObject({ code: 'not_signed_in' });
  expect([(await audited()).length, auth.others.askedOfDelivery.length]).toEqual(before);
  const { total } = await auth.ask('ops.dead-letters', { sessionHash: operator, queue });
  expect(total).toBeGreaterThan(0);
  await auth.ask('ops.discard', { sessionHash: operator, queue });
});

test('the queues of the system are told with their service and their consumers, and the workers with them', async () => {
  const { queues, workers } = await auth.ask('ops.queues', { sessionHash: operator });
  expect(queues.find(({ name }) => name === 'auth.activity')).toMatchObject({ service: 'auth', consumers: 1, unacked: null, publishPerSecond: null });
  expect(queues.map(({ name }) => name)).toEqual(expect.arrayContaining(['delivery.sms', 'delivery.sms.dead', 'latchkey.requests.v2.auth', 'latchkey.retry.1000ms']));
  expect(workers).toMatchObject([{ worker: 'delivery-1:7', inFlight: 3, draining: false }]);
});

test('a redrive and a discard say what they did, and stand in the book with who, what and when', async () => {
  const ids = [randomUUIDv7(), randomUUIDv7(), randomUUIDv7()];
  for (const id of ids) await die(id);
  const before = (await audited()).length;
  expect((await auth.ask('ops.dead-letters', { sessionHash: operator, queue })).letters.map(({ id }) => id).sort()).toEqual([...ids].sort());
  const startedAt = Date.now();
  expect(await auth.ask('ops.redrive', { sessionHash: operator, queue, ids: [ids[0] ?? ''] })).toEqual({ handled: 1, left: 2, notFound: [] });
  // Its consumer, the stand-in, can't read it: it is back where it died.
  await eventually(async () => (await auth.ask('ops.dead-letters', { sessionHash: operator, queue })).total === 3, { what: 'dead again' });
  expect(await auth.ask('ops.discard', { sessionHash: operator, queue })).toMatchObject({ handled: 3, left: 0 });
  const noted = (await audited()).slice(before);
  expect(noted).toMatchObject([
    { login_name: 'operator', action: 'redrive', target: { queue, ids: [ids[0]] } },
    { login_name: 'operator', action: 'discard', target: { queue, ids: 'all' } },
  ]);
  for (const { at } of noted) expect(Math.abs(at.getTime() - startedAt)).toBeLessThan(10_000);
  const { entries } = await auth.ask('ops.audit', { sessionHash: operator, before: null });
  expect(entries.slice(0, 2)).toMatchObject([{ action: 'discard', by: { loginName: 'operator' } }, { action: 'redrive', target: { queue, ids: [ids[0]] } }]);
  expect((await auth.ask('ops.audit', { sessionHash: operator, before: entries[0]?.at ?? null })).entries[0]).toEqual(entries[1]);
});

test('only the queues of events have dead letters', async () => {
  for (const name of ['latchkey.retry.1000ms', 'delivery.sms.dead', 'gateway.live', 'amq.gen-x']) {
    await expect(auth.ask('ops.dead-letters', { sessionHash: operator, queue: name })).rejects.toMatchObject({ code: 'not_found' });
    await expect(auth.ask('ops.discard', { sessionHash: operator, queue: name })).rejects.toMatchObject({ code: 'not_found' });
  }
});

test('what delivery owns is asked of delivery, noted first even where delivery refuses', async () => {
  const before = (await audited()).length;
  auth.others.askedOfDelivery.splice(0);
  const filter = { ...anything, state: 'failed' as const, loginId: randomUUIDv7() };
  expect(await auth.ask('ops.deliveries', { sessionHash: operator, ...filter })).toEqual({ deliveries: [], before: null });
  expect((await auth.ask('ops.providers', { sessionHash: operator })).channels).toContainEqual({ channel: 'sms', paused: true });
  await auth.ask('ops.set-provider', { sessionHash: operator, provider: 'sns', on: false });
  await auth.ask('ops.set-channel', { sessionHash: operator, channel: 'sms', paused: true });
  await expect(auth.ask('ops.set-worker', { sessionHash: operator, worker: 'nobody', draining: true })).rejects.toMatchObject({ code: 'not_found' });
  expect(auth.others.askedOfDelivery).toEqual([
    { name: 'delivery.search', payload: filter },
    { name: 'delivery.set-provider', payload: { provider: 'sns', on: false } },
    { name: 'delivery.set-channel', payload: { channel: 'sms', paused: true } },
    { name: 'delivery.set-worker', payload: { worker: 'nobody', draining: true } },
  ]);
  expect((await audited()).slice(before).map(({ action, target }) => ({ action, target }))).toEqual([
    { action: 'set_provider', target: { provider: 'sns', on: false } },
    { action: 'set_channel', target: { channel: 'sms', paused: true } },
    { action: 'set_worker', target: { worker: 'nobody', draining: true } },
  ]);
});

test('an operator reads the story of one login attempt, and the timeline of its login', async () => {
  const { answer, attemptHash } = await auth.start('owner');
  if (answer.status !== 'code_required') throw new Error('no code is asked for');
  await auth.verify(attemptHash, answer.methods[0]?.id ?? '', rightCode);
  const [owner] = await auth.database.query<{ id: string }[]>(`SELECT id FROM logins WHERE login_name = 'owner'`);
  const timeline = await eventually(
    async () => {
      const { activities } = await auth.ask('ops.activity', { sessionHash: operator, loginId: owner?.id ?? '', correlationId: null, before: null });
      return activities.some(({ kind }) => kind === 'signed_in') && activities;
    },
    { what: 'a line for the login' },
  );
  const { correlationId } = timeline.find(({ kind }) => kind === 'signed_in') ?? { correlationId: '' };
  const story = await auth.ask('ops.activity', { sessionHash: operator, loginId: null, correlationId, before: null });
  expect(story.activities.map(({ kind }) => kind)).toContain('signed_in');
  expect(new Set(story.activities.map((line) => `${line.loginId} ${line.correlationId}`))).toEqual(new Set([`${owner?.id} ${correlationId}`]));
});
