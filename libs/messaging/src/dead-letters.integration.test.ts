import { randomUUIDv7 } from 'node:crypto';
import { type CodeIssued, type Envelope, eventRegistry } from '@latchkey/contracts';
import { eventually, testVhost, type TestVhost } from '@latchkey/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { DeadLetters, historyHeader, Messaging, reasonHeader, redrivenHeader, triesHeader } from './index.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const queue = 'delivery.sms';
const dead = `${queue}.dead`;
let vhost: TestVhost;
let messaging: Messaging;
let deadLetters: DeadLetters;

beforeAll(async () => {
  vhost = await testVhost();
  messaging = new Messaging({ url: vhost.url, name: 'operator', logger: quiet });
  await messaging.connection.open();
  await messaging.connection.whenConnected(10_000);
  deadLetters = new DeadLetters(messaging.connection, messaging.publisher);
});
afterAll(async () => {
  await messaging.close();
  await vhost.delete();
});
beforeEach(async () => {
  for (const name of [queue, dead]) await vhost.manage('DELETE', `queues/${name}/contents`);
});

const secret = 'eyJhIjoxfQ.aaaa.bbbb.cccc.dddd';
function codeIssued(): Envelope {
  const id = () => randomUUIDv7();
  const payload: CodeIssued = { attemptId: id(), loginId: id(), providerId: id(), methodId: id(), purpose: 'login', sealedCode: secret, sealedDestination: secret, maskedDestination: '•••• 0123', locale: 'en', branding: { name: 'Demo', host: 'localhost' }, expiresAt: new Date(Date.now() + 600_000).toISOString(), sendNumber: 1 };
  return { id: id(), name: 'code.issued.sms', version: eventRegistry['code.issued.sms'].version, occurredAt: new Date().toISOString(), correlationId: payload.attemptId, causationId: null, payload };
}

async function die(body: object | string, headers: Record<string, unknown> = {}): Promise<string> {
  const id = typeof body === 'object' ? (body as Envelope).id : randomUUIDv7();
  await messaging.publisher.send({ id, exchange: '', routingKey: dead, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), headers, mandatory: true });
  return id;
}
const dieTimes = async (times: number) => {
  const ids: string[] = [];
  for (let count = 0; count < times; count += 1) ids.push(await die(codeIssued()));
  return ids;
};
const idsOf = async (most = 100) => (await deadLetters.list(queue, most)).letters.map(({ id }) => id);
async function messagesIn(name: string): Promise<number> {
  const channel = await messaging.connection.createChannel();
  const { messageCount } = await channel.checkQueue(name);
  await channel.close();
  return messageCount;
}

it('shows why and when a message died, and neither code nor destination', async () => {
  const letter = codeIssued();
  const history = [{ at: '2026-01-02T03:04:05.000Z', reason: 'TryAgainLater: +49 151 234 5678 is not reachable' }];
  await die(letter, { [reasonHeader]: 'gave up on maria@example.com', [triesHeader]: 6, [historyHeader]: JSON.stringify(history) });
  const { total, letters } = await deadLetters.list(queue, 10);
  expect({ total, letters }).toMatchObject({ total: 1, letters: [{ id: letter.id, event: 'code.issued.sms', reason: 'gave up on •••', tries: 6, correlationId: letter.correlationId, expiresAt: (letter.payload as CodeIssued).expiresAt }] });
  expect(letters[0]?.history).toEqual([{ at: history[0]?.at, reason: 'TryAgainLater: ••• is not reachable' }]);
  expect(letters[0]?.contents).toMatchObject({ loginId: (letter.payload as CodeIssued).loginId, maskedDestination: '•••• 0123', purpose: 'login' });
  expect(JSON.stringify(letters)).not.toMatch(/sealed|eyJ|234 5678|maria/);
});

it('of what is no event of ours, or holds what nobody declared, nothing is shown', async () => {
  await die('my code is 123456 for +4915123456789');
  await die({ ...codeIssued(), payload: { code: '123456', to: '+4915123456789', purpose: { sealedCode: secret, deep: [secret, 'reach me: 0151 2345678'] } } });
  const { letters } = await deadLetters.list(queue, 10);
  expect(letters).toMatchObject([{ event: null, contents: null, bytes: 36 }, { event: 'code.issued.sms', contents: { purpose: { deep: ['•••', 'reach me: •••'] } } }]);
  expect(JSON.stringify(letters)).not.toMatch(/123456|15123|2345678|eyJ/);
});

it('looking loses nothing and shows the same, forty times and for several at once', async () => {
  const ids = await dieTimes(12);
  for (let times = 0; times < 40; times += 1) expect(await idsOf(times % 2 ? 5 : 100), `look ${times}`).toEqual(times % 2 ? ids.slice(0, 5) : ids);
  for (const seen of await Promise.all(Array.from({ length: 5 }, () => idsOf()))) expect(seen).toEqual(ids);
  expect(await messagesIn(dead)).toBe(12);
});

it('a redrive of some gives back those alone, as if they were new, and says which are not there', async () => {
  const ids = await dieTimes(5);
  const chosen = [ids[1] ?? '', ids[3] ?? ''];
  expect(await deadLetters.redrive(queue, [...chosen, 'gone'])).toEqual({ handled: 2, left: 3, notFound: ['gone'] });
  expect(await idsOf()).toEqual([ids[0], ids[2], ids[4]]);
  const back = (await (await vhost.manage('POST', `queues/${queue}/get`, { count: 10, ackmode: 'ack_requeue_false', encoding: 'auto' })).json()) as { properties: { message_id: string; headers: Record<string, unknown> } }[];
  expect(back.map(({ properties }) => properties.message_id).sort()).toEqual([...chosen].sort());
  for (const { properties } of back) expect([properties.headers[redrivenHeader], properties.headers[triesHeader]]).toEqual([1, undefined]);
});

it('a redrive or a discard of all handles hundreds, and each once', async () => {
  const ids = await dieTimes(350);
  expect(await deadLetters.redrive(queue)).toEqual({ handled: 350, left: 0, notFound: [] });
  const channel = await messaging.connection.createChannel();
  const back: string[] = [];
  for (let message = await channel.get(queue, { noAck: true }); message; message = await channel.get(queue, { noAck: true })) back.push(String(message.properties.messageId));
  await channel.close();
  expect(back.sort()).toEqual(ids.sort());
  await dieTimes(3);
  expect(await deadLetters.discard(queue)).toEqual({ handled: 3, left: 0, notFound: [] });
  await eventually(async () => (await messagesIn(dead)) === 0, { what: 'none left' });
});

it('a redrive into a queue that takes nothing loses nothing', async () => {
  const ids = await dieTimes(3);
  await vhost.manage('DELETE', `queues/${queue}`);
  await expect(deadLetters.redrive(queue)).rejects.toThrow('no queue takes');
  await messaging.connection.assertTopology();
  expect((await idsOf()).sort()).toEqual(ids.sort());
});
