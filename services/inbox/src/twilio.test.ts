import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startInbox } from './inbox-under-test.ts';
import type { InboxUnderTest } from './inbox-under-test.ts';
import { startReceiver } from './receiver-under-test.ts';
import type { ReceiverUnderTest } from './receiver-under-test.ts';

const one = { sid: `AC${'1'.repeat(32)}`, authToken: 'token-one' };
const two = { sid: `AC${'2'.repeat(32)}`, authToken: 'token-two' };
let inbox: InboxUnderTest;
let receiver: ReceiverUnderTest;
beforeAll(async () => {
  receiver = await startReceiver();
  inbox = await startInbox({ twilioAccounts: [one, two] });
});
afterAll(async () => {
  await inbox.stop();
  await receiver.stop();
});
beforeEach(async () => {
  await inbox.clear();
  receiver.came.length = 0;
});

const form = { To: '+15555550100', From: '+15005550006', Body: 'Ihr Code: 012345 – grüße 😀' };
function post(fields: Record<string, string | undefined>, login = `${one.sid}:${one.authToken}`, sid = one.sid) {
  const given = Object.entries({ ...form, ...fields }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return fetch(`${inbox.url}/2010-04-01/Accounts/${sid}/Messages.json`, { method: 'POST', body: new URLSearchParams(given), headers: { authorization: `Basic ${btoa(login)}` } });
}

test('a text arrives as it was sent and is answered with its resource', async () => {
  const answer = await post({});
  expect(answer.status).toBe(201);
  expect(await answer.json()).toMatchObject({ sid: expect.stringMatching(/^SM[0-9a-f]{32}$/), account_sid: one.sid, status: 'queued', to: form.To, from: form.From, error_code: null });
  expect(await inbox.messages()).toEqual([{ id: expect.any(String), channel: 'sms', to: form.To, text: form.Body, receivedAt: expect.any(String) }]);
});

test('a messaging service stands in for a sender, and accounts are apart', async () => {
  const answer = await post({ From: undefined, MessagingServiceSid: `MG${'a'.repeat(32)}` }, `${two.sid}:${two.authToken}`, two.sid);
  expect(await answer.json()).toMatchObject({ account_sid: two.sid, status: 'accepted', from: null, messaging_service_sid: `MG${'a'.repeat(32)}` });
});

describe('Twilio refuses, and nothing arrives', () => {
  test.each<[string, Record<string, string | undefined>, number]>([
    ['no recipient', { To: undefined }, 21604],
    ['no sender', { From: undefined }, 21603],
    ['no text', { Body: '' }, 21602],
    ['1601 characters', { Body: 'x'.repeat(1601) }, 21617],
    ['words for a number', { To: 'jane' }, 21211],
    ['a number without its plus sign', { To: '15555550100' }, 21211],
    ['a sender of 12 letters', { From: 'LATCHKEYAUTH' }, 21212],
    ['a callback that is no address', { StatusCallback: 'here' }, 21609],
    ['a validity of nothing', { ValidityPeriod: '0' }, 30001],
    ['a recipient who opted out', { To: '+12029990002' }, 21610],
  ])('%s', async (_what, fields, code) => {
    const answer = await post(fields);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ code, message: expect.any(String), more_info: `https://www.twilio.com/docs/errors/${code}`, status: 400 });
    expect(await inbox.messages()).toEqual([]);
  });

  test.each([
    ['a wrong token', `${one.sid}:wrong`, one.sid],
    ['the token of another account', `${one.sid}:${two.authToken}`, one.sid],
    ['the login of another account', `${two.sid}:${two.authToken}`, one.sid],
    ['an account nobody has', `AC${'3'.repeat(32)}:`, `AC${'3'.repeat(32)}`],
    ['nothing', '', one.sid],
  ])('%s', async (_what, login, sid) => {
    const answer = await post({}, login, sid);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 20003 });
    expect(await inbox.messages()).toEqual([]);
  });
});

test('too many requests and internal errors have their own status', async () => {
  expect(await (await post({ To: '+12029990001' })).json()).toMatchObject({ code: 20429, status: 429 });
  expect(await (await post({ To: '+12029990003' })).json()).toMatchObject({ code: 20500, status: 500 });
  expect(await inbox.messages()).toEqual([]);
});

test('status callbacks come in order, signed with the token of the account', async () => {
  await post({ StatusCallback: `${receiver.url}/twilio?tenant=a&b=c` });
  await expect.poll(() => receiver.came).toHaveLength(2);
  const calls = receiver.came.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  expect(calls).toMatchObject([
    { MessageStatus: 'sent', AccountSid: one.sid, To: form.To },
    { MessageStatus: 'delivered', AccountSid: one.sid, To: form.To },
  ]);
  for (const [index, call] of calls.entries()) {
    const signed = `${receiver.url}/twilio?tenant=a&b=c${Object.keys(call).sort().map((name) => name + call[name]).join('')}`;
    expect(receiver.came[index]?.headers['x-twilio-signature']).toBe(createHmac('sha1', one.authToken).update(signed).digest('base64'));
  }
});

test('one that cannot be delivered is told so; of others nothing is heard', async () => {
  await post({ To: '+12029990008', StatusCallback: receiver.url });
  await post({ To: '+12029990006', StatusCallback: receiver.url });
  await post({ To: '+12029990007', StatusCallback: receiver.url });
  await expect.poll(() => receiver.came).toHaveLength(2);
  expect(receiver.came.map(({ body }) => new URLSearchParams(body).get('MessageStatus'))).toEqual(['sent', 'undelivered']);
  expect((await inbox.messages()).map(({ to }) => to)).toEqual(['+12029990008']);
});

test('without accounts there is no Twilio here', async () => {
  const other = await startInbox();
  expect((await fetch(`${other.url}/2010-04-01/Accounts/${one.sid}/Messages.json`, { method: 'POST' })).status).toBe(404);
  await other.stop();
});
