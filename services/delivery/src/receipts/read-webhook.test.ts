import { expect, it } from 'vitest';
import { WebhookSignature } from '../providers/webhook-signature.ts';
import { WebhookReceipts } from './read-webhook.ts';

const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const now = new Date('2026-11-01T12:00:00Z');
const reader = new WebhookReceipts({ provider: 'acme', secrets: [secret], clock: { now: () => now } });
const signed = (body: unknown, at = now, by = secret) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { url: 'https://login.example/v1/receipts/acme', headers: new WebhookSignature([by]).headersFor('msg_1', text, at), body: text };
};

it.each([
  [{ id: 'm1', state: 'delivered' }, { outcome: 'delivered', at: now }],
  [{ id: 'm1', state: 'delivered', at: '2026-11-01T11:59:58Z' }, { outcome: 'delivered', at: new Date('2026-11-01T11:59:58Z') }],
  [{ id: 'm1', state: 'delivered', at: '2026-11-01T13:59:58+02:00', reason: 'x' }, { outcome: 'delivered', at: new Date('2026-11-01T11:59:58Z') }],
  [{ id: 'm1', state: 'delivered', at: '2026-11-01T12:30:00Z' }, { outcome: 'delivered', at: now }],
  [{ id: 'm1', state: 'failed', reason: 'phone is off', more: 1 }, { outcome: 'failed', reason: 'phone is off', at: now }],
  [{ id: 'm1', state: 'failed', reason: 'no such number +1 (415) 555-0123, ask jane@example.com' }, { outcome: 'failed', reason: 'no such number •••, ask •••', at: now }],
])('%j', async (body, expected) => {
  expect(await reader.read(signed(body))).toEqual([{ provider: 'acme', providerMessageId: 'm1', ...expected }]);
});

it('on its way is no receipt', async () => {
  expect(await reader.read(signed({ id: 'm1', state: 'sent' }))).toEqual([]);
});

it.each<[string, Parameters<typeof signed>]>([
  ['signed with another secret', [{ id: 'm1', state: 'delivered' }, now, `whsec_${Buffer.alloc(32, 4).toString('base64')}`]],
  ['recorded six minutes ago', [{ id: 'm1', state: 'delivered' }, new Date(now.getTime() - 360_000)]],
  ['dated six minutes ahead', [{ id: 'm1', state: 'delivered' }, new Date(now.getTime() + 360_000)]],
])('a receipt %s is refused', async (_what, given) => {
  await expect(reader.read(signed(...given))).rejects.toMatchObject({ code: 'not_found' });
});

it('an altered receipt is refused, and one with nothing signed', async () => {
  const request = signed({ id: 'm1', state: 'failed' });
  await expect(reader.read({ ...request, body: request.body.replace('failed', 'delivered') })).rejects.toMatchObject({ code: 'not_found' });
  await expect(reader.read({ ...request, headers: {} })).rejects.toMatchObject({ code: 'not_found' });
});

it.each([[''], ['x'], [{}], [{ id: '', state: 'delivered' }], [{ id: 'm1' }], [{ id: 'm1', state: 'delivered', at: 'yesterday' }], [[]]])('well signed, but not as agreed: its sender is told what is wrong with %j', async (body) => {
  await expect(reader.read(signed(body))).rejects.toMatchObject({ code: 'invalid_request', details: { issues: expect.arrayContaining([{ path: expect.any(String), message: expect.any(String) }]) } });
});

it('a message that we signed ourselves is no receipt, even with the same secret', async () => {
  await expect(reader.read(signed({ id: 'm1', channel: 'sms', to: '+14155550123', text: '012345' }))).rejects.toMatchObject({ code: 'invalid_request' });
});
