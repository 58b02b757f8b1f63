import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isTwilioSignature, TwilioReceipts } from './read-twilio.ts';

describe('the vectors that Twilio tests its own libraries with', () => {
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  const http = url.replace('https', 'http');
  const form = { CallSid: 'CA1234567890ABCDE', Caller: '+14158675309', Digits: '1234', From: '+14158675309', To: '+18005551212' };
  const hashed = (body: string) => `${url}&bodySHA256=${createHash('sha256').update(body).digest('hex')}`;

  it.each<[string, string, string, [string, string][]]>([
    ['a form', url, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', Object.entries(form)],
    ['a form in any order', url, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', Object.entries(form).reverse()],
    ['a port that was not signed', url.replace('.com', '.com:1234'), 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', Object.entries(form)],
    ['a port that was signed', http.replace('.com', '.com:1234'), 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU=', Object.entries(form)],
    ['the usual port, signed though not written', url, 'kvajT1Ptam85bY51eRf/AJRuM3w=', Object.entries(form)],
    ['the usual port of http', http, '0ZXoZLH/DfblKGATFgpif+LLRf4=', Object.entries(form)],
    ['an address with credentials', url.replace('//', '//user:pass@'), 'CukzLTc1tT5dXEDIHm/tKBanW10=', Object.entries(form)],
    ['credentials and a signed port', url.replace('//', '//user:pass@'), 'ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=', Object.entries(form)],
    ['an apostrophe in the address', `${url}&Body=It's+amazing`, 'dsq4Ehbj6cs+KdTkpF5sSSplOWw=', Object.entries(form)],
    ['a field that comes twice', url, '83O6e2vORAoJHUNzJjDWN1jz+BA=', [['MessagingBinding.Address', '+1415xxxxxxx'], ['MessagingBinding.Address', '+1325xxxxxxx']]],
    ['a field that comes twice with the same value', url, 'IK+Dwps556ElfBT0I3Rgjkr1wJU=', [['Sid', 'CA123'], ['SidAccount', 'AC123'], ['Digits', '5678'], ['Digits', '1234'], ['Digits', '1234']]],
    ['a body by its hash', hashed('{"property": "value", "boolean": true}'), 'a9nBmqA0ju/hNViExpshrM61xv4=', []],
    ['an empty object by its hash', hashed('{}'), 'Ldidvp12m26NI7eqEvxnEpkd9Hc=', []],
  ])('%s', (_what, address, signature, fields) => {
    expect(isTwilioSignature(['12345'], signature, address, fields)).toBe(true);
    expect(isTwilioSignature(['54321', '12345'], signature, address, fields)).toBe(true);
    expect(isTwilioSignature(['54321'], signature, address, fields)).toBe(false);
    expect(isTwilioSignature(['12345'], signature, `${address}&x=1`, fields)).toBe(false);
    expect(isTwilioSignature(['12345'], signature, address, [...fields, ['x', '1']])).toBe(false);
  });
});

const accountSid = `AC${'1'.repeat(32)}`;
const MessageSid = `SM${'a'.repeat(32)}`;
const token = 'the auth token';
const url = 'https://login.example/v1/receipts/twilio';
const now = new Date('2026-11-01T12:00:00Z');
const reader = new TwilioReceipts({ accountSid, authTokens: [token, 'an older one'], clock: { now: () => now } });

/** A callback signed as Twilio does it, and then changed. */
function callback(fields: Record<string, string>, changed: { url?: string; fields?: Record<string, string>; signature?: string; token?: string } = {}) {
  const all: Record<string, string> = { AccountSid: accountSid, MessageSid, From: '+15005550006', To: '+14155550123', ...fields };
  const signed = url + Object.keys(all).sort().map((name) => name + all[name]).join('');
  const signature = changed.signature ?? createHmac('sha1', changed.token ?? token).update(signed).digest('base64');
  return { url: changed.url ?? url, headers: { 'x-twilio-signature': signature }, body: new URLSearchParams({ ...all, ...changed.fields }).toString() };
}

it.each([
  ['delivered', {}, { outcome: 'delivered' }],
  ['undelivered', { ErrorCode: '30003' }, { outcome: 'failed', reason: '30003' }],
  ['failed', { ErrorCode: '30007' }, { outcome: 'failed', reason: '30007' }],
  ['failed', {}, { outcome: 'failed', reason: 'failed' }],
  ['failed', { ErrorCode: 'to +14155550123' }, { outcome: 'failed', reason: 'failed' }],
  ['canceled', {}, { outcome: 'failed', reason: 'canceled' }],
])('%s %j', async (MessageStatus, more, expected) => {
  expect(await reader.read(callback({ MessageStatus, ...more }))).toEqual([{ provider: 'twilio', providerMessageId: MessageSid, at: now, ...expected }]);
});

it.each(['accepted', 'queued', 'sending', 'sent', 'scheduled', 'partially_delivered', 'toString', ''])('on its way (%j) is no receipt', async (MessageStatus) => {
  expect(await reader.read(callback({ MessageStatus }))).toEqual([]);
});

it('while the token is rotated the older one counts', async () => {
  expect(await reader.read(callback({ MessageStatus: 'delivered' }, { token: 'an older one' }))).toHaveLength(1);
});

it.each<[string, Parameters<typeof callback>]>([
  ['signed with another token', [{ MessageStatus: 'delivered' }, { token: 'x' }]],
  ['signed with nothing', [{ MessageStatus: 'delivered' }, { token: '' }]],
  ['of another message', [{ MessageStatus: 'delivered' }, { fields: { MessageSid: `SM${'b'.repeat(32)}` } }]],
  ['with another status', [{ MessageStatus: 'sent' }, { fields: { MessageStatus: 'delivered' } }]],
  ['with a field more', [{ MessageStatus: 'delivered' }, { fields: { SmsStatus: 'delivered' } }]],
  ['sent to another address of ours', [{ MessageStatus: 'delivered' }, { url: 'https://login.example/v1/receipts/twilio-two' }]],
  ['with a query that was not signed', [{ MessageStatus: 'delivered' }, { url: `${url}?bodySHA256=x` }]],
  ['without a signature', [{ MessageStatus: 'delivered' }, { signature: '' }]],
  ['with half a signature', [{ MessageStatus: 'delivered' }, { signature: 'RSOYDt4T' }]],
  ['of another account, signed with our token', [{ MessageStatus: 'delivered', AccountSid: `AC${'2'.repeat(32)}` }]],
])('a callback %s is refused', async (_what, [fields, changed]) => {
  await expect(reader.read(callback(fields, changed))).rejects.toMatchObject({ code: 'not_found' });
});

describe('a callback that is JSON', () => {
  const body = JSON.stringify({ AccountSid: accountSid, MessageSid, MessageStatus: 'delivered' });
  const address = `${url}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
  const headers = { 'x-twilio-signature': createHmac('sha1', token).update(address).digest('base64') };

  it('is covered by its hash in the signed address', async () => {
    expect(await reader.read({ url: address, headers, body })).toMatchObject([{ outcome: 'delivered', providerMessageId: MessageSid }]);
  });

  it.each([body.replace('delivered', 'failed'), `${body} `, '', new URLSearchParams({ AccountSid: accountSid, MessageSid, MessageStatus: 'failed' }).toString()])('changed to %j it is refused', async (altered) => {
    await expect(reader.read({ url: address, headers, body: altered })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('with a hash that was not signed it is refused', async () => {
    const altered = body.replace('delivered', 'failed');
    const forged = `${url}?bodySHA256=${createHash('sha256').update(altered).digest('hex')}`;
    await expect(reader.read({ url: forged, headers, body: altered })).rejects.toMatchObject({ code: 'not_found' });
  });
});
