import 'reflect-metadata';
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { deadLetterQueueName } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { eventually } from '@latchkey/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { awsCredentials, circuitThatNeverOpens, type DeliveryUnderTest, prepareDelivery } from '../testing/delivery-under-test.ts';
import { inboxSenders } from '../testing/inbox-senders.ts';

let delivery: DeliveryUnderTest;
let events: Awaited<ReturnType<DeliveryUnderTest['watchEvents']>>;

beforeAll(async () => {
  for (const [name, value] of Object.entries(awsCredentials)) vi.stubEnv(name, value);
  delivery = await prepareDelivery();
  const routes = { providers: { sns: { kind: 'sns', timeoutMs: 1_500 }, ses: { kind: 'ses', timeoutMs: 1_500 } }, routes: { sms: [{ provider: 'sns' }], email: [{ provider: 'ses' }] } };
  await delivery.startWorker(routes, { circuit: circuitThatNeverOpens });
  events = await delivery.watchEvents();
});
afterAll(async () => {
  await delivery.stop();
  vi.unstubAllEnvs();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const eventsOf = (id: string) => events.of(id);
const namesOf = (id: string) => events.namesOf(id);
const deadLetters = () => delivery.messagesIn(deadLetterQueueName('delivery.sms'));

/** What a worker leaves behind that was in the middle of a message. */
const leaveBehind = (id: string, state: 'asking' | 'retrying', left: { expiresAt?: Date; askedAt?: Date } = {}) =>
  delivery.source.query(
    `INSERT INTO deliveries (message_id, queued_at, attempt_id, login_id, method_id, channel, purpose, masked_destination, state, provider, asked_at, expires_at)
     VALUES ($1, $6, $2, $2, $2, 'sms', 'login', '•', $3, 'sns', $4, $5)`,
    [id, randomUUIDv7(), state, left.askedAt ?? new Date(Date.now() - 60_000), left.expiresAt ?? new Date(Date.now() + 600_000), new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16))],
  );

it('a code arrives once as a text that ends with the line that binds it to the website', async () => {
  const to = delivery.newNumber();
  const { id } = await delivery.send(to);
  await delivery.reaches(id, 'accepted');
  expect((await delivery.received(to)).map(({ text }) => text)).toEqual(['012345 is your Demo Security login code.\n\n@localhost #012345']);
});

it('the page hears of each thing once: the ledger and the event tell the same time and suggestion', async () => {
  const [accepted, failed] = [await delivery.send(delivery.newNumber()), await delivery.send('+14159990002')];
  await Promise.all([delivery.reaches(accepted.id, 'accepted'), delivery.reaches(failed.id, 'failed')]);
  await eventually(() => namesOf(accepted.id).length === 1 && namesOf(failed.id).length === 1);
  for (const [{ id, message }, state, suggestion] of [[accepted, 'accepted', undefined], [failed, 'failed', 'other_method']] as const) {
    const [event] = eventsOf(id);
    expect(event).toMatchObject({ name: `delivery.${state}`, correlationId: message.attemptId, payload: { attemptId: message.attemptId, methodId: message.methodId } });
    expect(event?.payload.suggestion).toBe(suggestion);
    const states = await delivery.statesOf(message.attemptId);
    expect(states.map((one) => one.state)).toEqual(['queued', state]);
    expect(states[1]).toEqual({ methodId: message.methodId, state, at: event?.payload.at, ...(suggestion ? { suggestion } : {}) });
  }
});

it('a delivered message takes two SQL statements', async () => {
  const asked = vi.spyOn(DataSource.prototype, 'query');
  const { id } = await delivery.send(delivery.newNumber());
  await eventually(() => namesOf(id).includes('delivery.accepted'));
  expect(asked.mock.calls.filter(([, parameters]) => Array.isArray(parameters) && parameters.includes(id))).toHaveLength(2);
  asked.mockRestore();
});

it('a code arrives as an email with both parts', async () => {
  const { id } = await delivery.send('maria@example.com', { locale: 'de' }, { channel: 'email' });
  await delivery.reaches(id, 'accepted');
  const [mail] = await delivery.received('maria@example.com');
  expect(mail).toMatchObject({ channel: 'email', subject: '012345 ist Ihr Code für Demo Security' });
  expect(mail?.text).toContain('012345');
  expect(mail?.html).toContain('012345');
});

it('codes and notices come from the service provider’s own sender, in its colour and language; what can’t be used loses no message', async () => {
  const branding = { name: 'Lumen', host: 'login.lumen.example', color: '#b3261e', emailFrom: 'codes@lumen.example', smsSender: 'LUMEN', defaultLocale: 'fr' };
  const useless = { ...branding, color: 'red', logoUrl: 'javascript:x', emailFrom: 'codes@not-verified.example', smsSender: 'no sender at all', defaultLocale: '??', timeZone: 'Middle/Earth' };
  const told = { loginName: 'anna', at: '2026-11-24T12:40:00Z', notMeUrl: 'https://login.lumen.example/not-me#x' };
  for (const [look, address, senderId, color, words] of [[branding, 'codes@lumen.example', 'LUMEN', '#b3261e', /est votre code/], [useless, 'no-reply@latchkey.example', undefined, '#17745f', /is your Lumen login code/]] as const) {
    const [number, mailbox, noticeNumber, noticeMailbox] = [delivery.newNumber(), `${randomUUIDv7()}@example.com`, delivery.newNumber(), `${randomUUIDv7()}@example.com`];
    const settings = { locale: 'tlh', branding: look };
    const sent = [
      await delivery.send(number, settings),
      await delivery.send(mailbox, settings, { channel: 'email' }),
      await delivery.sendNotice(noticeNumber, 'two_factor_on', told, {}, settings),
      await delivery.sendNotice(noticeMailbox, 'two_factor_on', told, { channel: 'email' }, settings),
    ];
    await Promise.all(sent.map(({ id }) => delivery.reaches(id, 'accepted')));
    expect((await delivery.received(number))[0]?.text).toMatch(words);
    for (const to of [number, noticeNumber]) expect(await inboxSenders(delivery.inboxUrl, to)).toEqual([senderId]);
    for (const to of [mailbox, noticeMailbox]) {
      expect(await inboxSenders(delivery.inboxUrl, to)).toEqual([`"Lumen" <${address}>`]);
      expect((await delivery.received(to))[0]?.html).toContain(`border-top:4px solid ${color}`);
    }
  }
});

it('the same message ten times is one text', async () => {
  const to = delivery.newNumber();
  const { id, message } = await delivery.send(to);
  await delivery.reaches(id, 'accepted');
  for (let i = 0; i < 9; i += 1) await delivery.messaging.publisher.publish('code.issued.sms', message, { id });
  await eventually(() => namesOf(id).length >= 2, { what: 'acceptance told again' });
  await pause(500);
  expect(new Set(eventsOf(id).map(({ name, payload }) => `${name} ${payload.at}`)).size).toBe(1);
  expect(await delivery.row(id)).toMatchObject({ asks: 1, unknowns: 0 });
  expect(await delivery.received(to)).toHaveLength(1);
});

it('ten copies at the same moment are one text, and nobody is told of an unknown outcome', async () => {
  const to = delivery.newNumber();
  const id = randomUUIDv7();
  const { message } = await delivery.send(delivery.newNumber());
  const toIt = { ...message, sealedDestination: await delivery.keys.seal('destination', to) };
  await Promise.all(Array.from({ length: 10 }, () => delivery.messaging.publisher.publish('code.issued.sms', toIt, { id })));
  await eventually(() => namesOf(id).length >= 1);
  await pause(1_000);
  expect(await delivery.row(id)).toMatchObject({ state: 'accepted', asks: 1, unknowns: 0 });
  expect(await delivery.received(to)).toHaveLength(1);
  expect(new Set(namesOf(id))).toEqual(new Set(['delivery.accepted']));
});

it('a copy that finds another worker asking waits for what comes of it', async () => {
  const to = delivery.newNumber();
  const id = randomUUIDv7();
  await leaveBehind(id, 'asking', { askedAt: new Date() });
  await delivery.send(to, {}, { id });
  await pause(300);
  expect(await delivery.received(to)).toHaveLength(0);
  await delivery.source.query(`UPDATE deliveries SET state = 'accepted', settled_at = now() WHERE message_id = $1`, [id]);
  await eventually(() => namesOf(id).includes('delivery.accepted'));
  expect(await delivery.received(to)).toHaveLength(0);
});

it('an expired code is never sent', async () => {
  const to = delivery.newNumber();
  const { id } = await delivery.send(to, { expiresAt: new Date(Date.now() - 1).toISOString() });
  expect(await delivery.reaches(id, 'expired')).toMatchObject({ asks: 0, unknowns: 0 });
  expect(await delivery.received(to)).toHaveLength(0);
});

it('a code that expires between two tries is not sent by the second', async () => {
  const { id } = await delivery.send('+14159990001', { expiresAt: new Date(Date.now() + 700).toISOString() });
  expect(Number((await delivery.reaches(id, 'expired')).asks)).toBeGreaterThanOrEqual(1);
  await eventually(() => namesOf(id).at(-1) === 'delivery.expired');
  expect(eventsOf(id).at(-1)?.payload.suggestion).toBe('send_again');
});

it('a code that expires while the ledger keeps us waiting is not sent', async () => {
  const to = delivery.newNumber();
  const id = randomUUIDv7();
  await leaveBehind(id, 'retrying');
  await delivery.source.transaction(async (holder) => {
    await holder.query('SELECT 1 FROM deliveries WHERE message_id = $1 FOR UPDATE', [id]);
    await delivery.send(to, { expiresAt: new Date(Date.now() + 500).toISOString() }, { id });
    await pause(900);
  });
  expect(await delivery.reaches(id, 'expired')).toMatchObject({ asks: 1, unknowns: 0 });
  expect(await delivery.received(to)).toHaveLength(0);
});

it('a crash whose code expired meanwhile is unknown first, never merely expired', async () => {
  const id = randomUUIDv7();
  await leaveBehind(id, 'asking');
  await delivery.send(delivery.newNumber(), { expiresAt: new Date(Date.now() - 1).toISOString() }, { id });
  expect(await delivery.reaches(id, 'expired')).toMatchObject({ asks: 1, unknowns: 1 });
  await eventually(() => namesOf(id).length === 2);
  expect(namesOf(id)).toEqual(['delivery.unknown', 'delivery.expired']);
});

it('a throttled message is asked for again, never counted as unknown', async () => {
  const { id } = await delivery.send('+14159990001');
  await eventually(async () => Number((await delivery.row(id))?.asks) >= 3, { timeoutMs: 8_000 });
  expect(await delivery.reaches(id, 'retrying')).toMatchObject({ unknowns: 0 });
});

it('a number that opted out fails for good, after one ask', async () => {
  const { id } = await delivery.send('+14159990002');
  expect(await delivery.reaches(id, 'failed')).toMatchObject({ asks: 1, unknowns: 0, failure: expect.stringContaining('OptedOut') });
});

it('a lost answer is recorded as unknown before anything is sent again', async () => {
  const to = '+14159990005';
  const { id, message } = await delivery.send(to);
  await eventually(async () => (await delivery.received(to)).length >= 2, { timeoutMs: 8_000, what: 'a second send' });
  expect(Number((await delivery.row(id))?.unknowns)).toBeGreaterThanOrEqual(1);
  expect(namesOf(id)[0]).toBe('delivery.unknown');
  expect((await delivery.statesOf(message.attemptId)).find(({ state }) => state === 'unknown')).toMatchObject({ suggestion: 'wait' });
});

it('a crash between asking and writing down is unknown first, then sent again', async () => {
  const to = delivery.newNumber();
  const id = randomUUIDv7();
  await leaveBehind(id, 'asking');
  await delivery.send(to, {}, { id });
  expect(await delivery.reaches(id, 'accepted')).toMatchObject({ asks: 2, unknowns: 1 });
  expect(await delivery.received(to)).toHaveLength(1);
  await eventually(() => namesOf(id).length === 2);
  expect(namesOf(id)).toEqual(['delivery.unknown', 'delivery.accepted']);
});

it('what nobody here can open was never asked for: failed, and a dead letter', async () => {
  const before = await deadLetters();
  const stranger = new SealingKeys(`k2:${randomBytes(32).toString('base64')}`);
  const { id } = await delivery.send(delivery.newNumber(), { sealedCode: await stranger.seal('code', '012345') });
  expect(await delivery.reaches(id, 'failed')).toMatchObject({ asks: 0, unknowns: 0 });
  await eventually(async () => (await deadLetters()) > before, { timeoutMs: 10_000, everyMs: 200, what: 'a dead letter' });
});

it('a late answer of a worker given up on does not undo what another run settled', async () => {
  const { id } = await delivery.send(delivery.newNumber());
  await delivery.reaches(id, 'accepted');
  const { Ledger } = await import('./ledger.ts');
  const entry = { messageId: id, queuedAt: (await delivery.row(id))?.queued_at } as Parameters<InstanceType<typeof Ledger>['putDown']>[0];
  await new Ledger(delivery.source).putDown(entry, 'retrying', { reason: 'late', unknown: true }, new Date());
  expect(await delivery.row(id)).toMatchObject({ state: 'accepted', unknowns: 0, failure: null });
});

it('the ledger and the events hold neither code nor destination', async () => {
  const to = delivery.newNumber();
  const { id } = await delivery.send(to);
  const row = await delivery.reaches(id, 'accepted');
  await eventually(() => namesOf(id).length === 1);
  for (const text of [JSON.stringify(row), JSON.stringify(eventsOf(id))]) {
    expect(text).not.toContain(to.slice(1));
    expect(text).not.toMatch(/(?<![\w-])012345(?![\w-])/);
  }
});
