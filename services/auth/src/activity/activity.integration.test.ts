import { randomUUIDv7 } from 'node:crypto';
import { hashSecret, newSecret } from '@latchkey/platform';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser, demoPassword } from '../testing/auth-under-test.ts';
import { resetCode, rightCode } from '../testing/other-services.ts';
import { addCustomer, codeRequired, customerWithTexts, signInWithCode } from '../testing/people.ts';
import { rawBroker } from '../testing/raw-broker.ts';
import { linesOf, type RecordedEvent, recordedEvents } from './lines.ts';

let auth: AuthUnderTest;
let broker: Awaited<ReturnType<typeof rawBroker>>;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
  broker = await rawBroker(auth);
});
afterAll(async () => {
  await broker.close();
  await auth.stop();
});

const table = () => auth.database.query<{ id: string; login_id: string }[]>('SELECT * FROM activity ORDER BY id, at');

/** What code-issuance and delivery tell of the code that was asked for last. */
async function tellDelivery(kinds: readonly ('accepted' | 'delivered' | 'failed' | 'unknown' | 'expired')[]): Promise<void> {
  const issued = auth.others.issued.at(-1);
  if (!issued) throw new Error('no code was asked for');
  const { attemptId, loginId, providerId, methodId, purpose, sealedDestination, maskedDestination, locale, branding, channel } = issued;
  const { publisher } = auth.asking;
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const code = { attemptId, loginId, providerId, methodId, purpose, sealedCode: await auth.sealing.seal('code', rightCode), sealedDestination, maskedDestination, locale, branding, expiresAt, sendNumber: 1 };
  await publisher.publish(`code.issued.${channel}`, code, { correlationId: attemptId });
  for (const kind of kinds) {
    const report = { messageId: randomUUIDv7(), attemptId, loginId, methodId, channel, provider: 'sns', at: new Date().toISOString() };
    await publisher.publish(`delivery.${kind}`, report, { correlationId: attemptId });
  }
}

test('the story of one login attempt stands in order, under one attempt id, in the words of what happened', async () => {
  const { sessionHash } = await customerWithTexts(auth, 'story', '+14155550181');
  const browser = new Browser('web', '198.51.100.44');
  const { attemptHash, methodId } = await codeRequired(auth, 'story', browser);
  const attemptId = auth.others.issued.at(-1)?.attemptId;
  await tellDelivery(['accepted', 'delivered']);
  await expect(auth.verify(attemptHash, methodId, '000000', browser)).rejects.toMatchObject({ code: 'wrong_code' });
  await auth.verify(attemptHash, methodId, rightCode, browser);

  const story = await eventually(async () => {
    const { activities } = await auth.ask('session.activity', { sessionHash, before: null });
    const lines = activities.filter((activity) => activity.attemptId === attemptId).reverse();
    return lines.length === 6 && lines;
  });
  expect(story).toMatchObject([
    { kind: 'code_required', by: { kind: 'self', name: 'story' }, ip: '198.51.100.44', device: { id: null, name: 'Firefox on Linux' }, method: { kind: 'sms', hint: '•••• 0181' } },
    { kind: 'code_queued', by: { kind: 'system' }, channel: 'sms', method: { hint: '•••• 0181' } },
    { kind: 'code_accepted', deliveredBy: 'sns' },
    { kind: 'code_delivered', deliveredBy: 'sns' },
    { kind: 'code_refused', reason: 'wrong_code', attemptsLeft: 4 },
    { kind: 'signed_in', assurance: 'pwd+sms', newDevice: true, device: { name: 'Firefox on Linux' } },
  ]);
  expect(story.map(({ at }) => at)).toEqual(story.map(({ at }) => at).sort());
  expect(JSON.stringify(await table())).not.toMatch(/\+1415555|428913|correct-horse/);
});

test('a completed step-up stands under its attempt, from the device of its session, once', async () => {
  const browser = new Browser('web', '198.51.100.45');
  const { sessionHash, session } = await customerWithTexts(auth, 'steps', '+14155550182', browser);
  const [attemptId, attemptHash] = [randomUUIDv7(), hashSecret(newSecret())];
  const { methods } = await auth.ask('session.step-up', { sessionHash, attemptId, attemptHash, ip: browser.ip, locale: 'en' });
  const methodId = methods.find((method) => method.default)?.id ?? '';
  await expect(auth.verify(attemptHash, methodId, '000000', browser)).rejects.toMatchObject({ code: 'wrong_code' });
  await auth.verify(attemptHash, methodId, rightCode, browser);
  const story = await eventually(async () => {
    const { activities } = await auth.ask('session.activity', { sessionHash, before: null });
    const lines = activities.filter((activity) => activity.attemptId === attemptId).reverse();
    return lines.length === 3 && lines;
  });
  expect(story.map(({ kind }) => kind)).toEqual(['code_required', 'code_refused', 'stepped_up']);
  expect(story.at(-1)).toMatchObject({ assurance: 'pwd+sms', by: { kind: 'self', name: 'steps' }, device: { id: session.device.id }, ip: '198.51.100.45' });
});

test('the code of a reset stands in the story of the login attempt that it was asked for in, and its deliveries do', async () => {
  await customerWithTexts(auth, 'resets', '+14155550183');
  const { attemptHash } = await codeRequired(auth, 'resets');
  const attemptId = auth.others.issued.at(-1)?.attemptId ?? '';
  await auth.ask('login.reset-two-factor', { attemptHash, ip: '::1' });
  expect(auth.others.issued.at(-1)).toMatchObject({ purpose: 'reset_two_factor', attemptId: expect.not.stringMatching(attemptId) });
  await tellDelivery(['accepted', 'delivered']);
  const sessionHash = hashSecret(newSecret());
  await auth.ask('login.confirm-reset', { attemptHash, sealedCode: await auth.sealCode(resetCode), sessionHash, device: new Browser().device });

  const story = await eventually(async () => {
    const { activities } = await auth.ask('session.activity', { sessionHash, before: null });
    const lines = activities.filter((activity) => activity.attemptId === attemptId).reverse();
    return lines.length === 6 && lines;
  });
  expect(story.map(({ kind }) => kind).sort()).toEqual(['code_accepted', 'code_delivered', 'code_queued', 'code_required', 'signed_in', 'two_factor_reset']);
  expect(story.filter(({ kind }) => /queued|accepted|delivered/.test(kind)).map(({ channel }) => channel)).toEqual(['email', 'email', 'email']);
  // By the correlation too, which the operator's timeline of an attempt goes by.
  const stored = await auth.database.query<{ correlation_id: string }[]>(`SELECT DISTINCT correlation_id FROM activity WHERE attempt_id = $1 AND kind LIKE 'code_%'`, [attemptId]);
  expect(stored).toEqual([{ correlation_id: attemptId }]);
});

test('a login sees its own lines and nobody else\'s', async () => {
  const [mine, theirs] = [await addCustomer(auth, 'mine'), await addCustomer(auth, 'theirs')];
  const [sessionHash] = [await auth.signIn('mine'), await auth.signIn('theirs')];
  await eventually(async () => (await table()).filter(({ login_id: id }) => id === mine || id === theirs).length === 2);
  const { activities } = await auth.ask('session.activity', { sessionHash, before: null });
  expect(activities).toHaveLength(1);
  expect(activities[0]).toMatchObject({ by: { name: 'mine' } });
});

test('pages lose nothing of what happened in the same millisecond, and show nothing twice', async () => {
  const loginId = await addCustomer(auth, 'pages');
  const sessionHash = await auth.signIn('pages');
  const moments = Array.from({ length: 130 }, (_, number) => new Date(Date.UTC(2026, 0, 1) + Math.floor(number / 40)).toISOString());
  for (const at of moments) {
    await auth.database.query(`INSERT INTO activity (id, login_id, at, kind, correlation_id, by_kind) VALUES ($1, $2, $3, 'login_refused', $1, 'system')`, [randomUUIDv7(), loginId, at]);
  }
  await eventually(async () => (await table()).filter(({ login_id: id }) => id === loginId).length === 131);
  const seen: string[] = [];
  let before: string | null = null;
  do {
    const page: { activities: { id: string; at: string }[]; before: string | null } = await auth.ask('session.activity', { sessionHash, before });
    expect(page.activities.length).toBeLessThan(100);
    seen.push(...page.activities.map(({ at, id }) => `${at} ${id}`));
    before = page.before;
  } while (before !== null);
  expect(new Set(seen).size).toBe(131);
  expect(seen).toEqual([...seen].sort().reverse());
});

test('from all events, shuffled and some twice, the very same table is written again, and nobody is mailed for it', async () => {
  await auth.database.query('TRUNCATE activity');
  const captured = await broker.captureEvents();
  const { sessionHash, session, loginId, methodId } = await customerWithTexts(auth, 'busy', '+14155550182');
  await auth.ask('session.trust-devices', { sessionHash, deviceIds: [session.device.id] });
  await Promise.allSettled(Array.from({ length: 5 }, () => auth.start('busy', { password: 'wrong' })));
  await codeRequired(auth, 'busy');
  await tellDelivery(['accepted', 'failed', 'unknown', 'expired']);
  const devices = [1, 2, 3].map((number) => ({ id: randomUUIDv7(), name: `Device ${number}` }));
  await auth.asking.publisher.publish('device.trusted', { loginId, devices });
  await auth.asking.publisher.publish('device.secret-reused', { loginId, devices, ip: '198.51.100.1' });
  await auth.ask('two-factor.make-recovery-codes', { sessionHash, sealedPassword: await auth.seal(demoPassword) });
  await auth.ask('password.forgot', { loginName: 'busy', ip: '::1', locale: 'en' });
  await auth.confirm(sessionHash, await auth.addMethod(sessionHash, 'totp', null), rightCode);
  const again = await signInWithCode(auth, 'busy');
  await auth.ask('two-factor.remove-method', { sessionHash: again.sessionHash, methodId, sealedPassword: await auth.seal(demoPassword) });
  const { attemptHash } = await codeRequired(auth, 'busy');
  await auth.ask('login.reset-two-factor', { attemptHash, ip: '::1' });
  const device = new Browser().device;
  await auth.ask('login.confirm-reset', { attemptHash, sealedCode: await auth.sealCode(resetCode), sessionHash: 'b'.repeat(43), device });
  await auth.ask('session.end-others', { sessionHash: 'b'.repeat(43) });
  await auth.ask('session.logout', { sessionHash: 'b'.repeat(43) });

  const recorded = () => captured.filter(({ name }) => (recordedEvents as string[]).includes(name));
  const expected = () => recorded().reduce((sum, { name, payload }) => sum + linesOf[name as RecordedEvent](payload as never).length, 0);
  await eventually(async () => (await auth.database.query<unknown[]>('SELECT 1 FROM outbox')).length === 0);
  await eventually(() => recorded().some(({ name }) => name === 'password.reset-asked'));
  await eventually(async () => (await table()).length === expected());
  const before = await table();
  expect(before.length).toBeGreaterThan(30);
  expect(new Set(recorded().map(({ name }) => name)).size).toBeGreaterThan(14);
  const mailed = auth.others.facts.length;

  await auth.database.query('TRUNCATE activity');
  const events = recorded();
  const shuffled = [...events, ...events.filter((_, index) => index % 3 === 0)].map((event) => ({ event, order: Math.random() })).sort((one, other) => one.order - other.order);
  for (const { event } of shuffled) broker.sendToQueue('auth.activity', event);
  await eventually(async () => (await table()).length === before.length);
  // Whatever was delivered twice has had its second turn when an event that came after it is written.
  await addCustomer(auth, 'after-all');
  await auth.signIn('after-all');
  await eventually(async () => (await table()).length > before.length);
  expect((await table()).filter(({ id }) => before.some((row) => row.id === id))).toEqual(before);
  const notices = auth.others.facts.slice(mailed).map(({ name, payload }) => ({ name, of: (payload as { loginId: string }).loginId }));
  expect(notices.filter(({ of }) => of === loginId)).toEqual([]);
});
