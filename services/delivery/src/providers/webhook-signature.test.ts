import { expect, it } from 'vitest';
import { WebhookSignature } from './webhook-signature.ts';

// The vector that the libraries of Standard Webhooks test themselves with.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const body = '{"test": 2432232314}';
const now = new Date(1_614_265_330_000);
const published = { 'webhook-id': id, 'webhook-timestamp': '1614265330', 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' };

const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const signature = new WebhookSignature([secret]);
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);

it('signs as the published vector does', () => {
  expect(signature.headersFor(id, body, now)).toEqual(published);
});

it.each([0, 299, -299])('takes it %i seconds later', (seconds) => {
  expect(signature.isGood(published, body, after(seconds))).toBe(true);
});

it.each([301, -301, 86_400])('refuses it %i seconds later: whoever recorded it may send it again', (seconds) => {
  expect(signature.isGood(published, body, after(seconds))).toBe(false);
});

it.each<[string, Record<string, string | undefined>, string]>([
  ['another body', {}, '{"test": 2432232315}'],
  ['another id', { 'webhook-id': 'msg_other' }, body],
  ['another time', { 'webhook-timestamp': '1614265331' }, body],
  ['a time that is a number to JavaScript only', { 'webhook-timestamp': '1.61426533e9' }, body],
  ['no id', { 'webhook-id': undefined }, body],
  ['no time', { 'webhook-timestamp': undefined }, body],
  ['no signature', { 'webhook-signature': undefined }, body],
  ['an empty signature', { 'webhook-signature': 'v1,' }, body],
  ['half a signature', { 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSy' }, body],
  ['a signature of another version', { 'webhook-signature': published['webhook-signature'].replace('v1', 'v1a') }, body],
])('refuses %s', (_what, changes, given) => {
  const headers = Object.fromEntries(Object.entries({ ...published, ...changes }).filter(([, value]) => value !== undefined)) as Record<string, string>;
  expect(signature.isGood(headers, given, now)).toBe(false);
});

it('while secrets are rotated every one of ours counts, and every signature that is given', () => {
  const rotating = new WebhookSignature([other, secret]);
  expect(rotating.isGood(published, body, now)).toBe(true);
  const two = { ...published, 'webhook-signature': `v1a,xyz v1,bm9wZQ== ${published['webhook-signature']}` };
  expect(signature.isGood(two, body, now)).toBe(true);
  expect(new WebhookSignature([other]).isGood(two, body, now)).toBe(false);
});

it.each(['whsec_c2hvcnQ=', 'whsec_', 'not base64 at all, and long enough to pass', `whsec_${Buffer.alloc(65).toString('base64')}`])('takes no secret like %j', (weak) => {
  expect(() => new WebhookSignature([weak])).toThrow(/24 to 64 bytes/);
});

it('needs a secret', () => expect(() => new WebhookSignature([])).toThrow());
