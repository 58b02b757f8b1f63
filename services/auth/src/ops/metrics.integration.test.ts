import { randomUUIDv7 } from 'node:crypto';
import { eventually, readMetrics } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, demoPassword } from '../testing/auth-under-test.ts';
import { rightCode } from '../testing/other-services.ts';

let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
});
afterAll(() => auth.stop());

const read = () => readMetrics(auth.internalUrl);

test('logins are counted by outcome and by the assurance that came of them, codes by what they were', async () => {
  const before = await read();
  await auth.signIn('member');
  await expect(auth.start('member', { password: 'wrong' })).rejects.toMatchObject({ code: 'invalid_credentials' });
  await expect(auth.start('nobody-of-this-name')).rejects.toMatchObject({ code: 'invalid_credentials' });
  const { answer, attemptHash } = await auth.start('owner');
  const methodId = answer.status === 'code_required' ? (answer.methods[0]?.id ?? '') : '';
  await expect(auth.verify(attemptHash, methodId, '000000')).rejects.toMatchObject({ code: 'wrong_code' });
  await auth.verify(attemptHash, methodId, rightCode);
  const after = await read();

  const grown = (name: string, labels: Record<string, string>) => (after.value(name, labels) ?? 0) - (before.value(name, labels) ?? 0);
  const logins = (outcome: string, assurance = 'none') => grown('latchkey_logins_total', { outcome, assurance });
  expect([logins('signed_in', 'pwd'), logins('signed_in', 'pwd+sms'), logins('code_required'), logins('invalid_credentials')]).toEqual([1, 1, 1, 2]);
  const codes = (outcome: string) => grown('latchkey_login_codes_total', { purpose: 'verify', outcome });
  expect([codes('right'), codes('wrong_code')]).toEqual([1, 1]);
  // Each password was hashed once, the one of nobody too, so that it takes the same time.
  expect(grown('latchkey_password_hash_seconds_count', {})).toBe(4);
  const answered = (outcome: string) => grown('latchkey_requests_answered_seconds_count', { request: 'login.start', outcome });
  expect([answered('ok'), answered('refused')]).toEqual([2, 2]);
  expect(grown('latchkey_requests_asked_seconds_count', { request: 'code.issue', outcome: 'ok' })).toBe(1);
});

test('a flood of logins shows as a queue of hashes, and what is refused of it as shed', async () => {
  const floods = Promise.allSettled(Array.from({ length: 150 }, (_, index) => auth.start(`nobody-${index}`)));
  await eventually(async () => ((await read()).value('latchkey_password_hashes', { state: 'waiting' }) ?? 0) > 5, { everyMs: 5, what: 'passwords that wait' });
  const shed = (await floods).filter((outcome) => outcome.status === 'rejected' && outcome.reason.code === 'unavailable').length;
  const metrics = await read();
  expect(shed).toBeGreaterThan(0);
  expect([metrics.value('latchkey_password_hashes_shed_total'), metrics.value('latchkey_logins_total', { outcome: 'unavailable' })]).toEqual([shed, shed]);
  expect([metrics.value('latchkey_password_hashes', { state: 'waiting' }), metrics.value('latchkey_password_hashes', { state: 'running' })]).toEqual([0, 0]);
});

test('facts that are not published show with their number and age, until they are', async () => {
  await eventually(async () => (await read()).value('latchkey_outbox_rows') === 0, { what: 'an empty outbox' });
  expect((await read()).value('latchkey_outbox_lag_seconds')).toBe(0);
  // No event has this name, so the relay can't publish it.
  await auth.database.query(`INSERT INTO outbox (aggregate_id, message, created_at) VALUES ($1, '{"name": "nothing"}', now() - interval '90 seconds')`, [randomUUIDv7()]);
  const held = await read();
  expect(held.value('latchkey_outbox_rows')).toBe(1);
  expect(held.value('latchkey_outbox_lag_seconds')).toBeGreaterThanOrEqual(90);
  expect(held.value('latchkey_outbox_lag_seconds')).toBeLessThan(100);
  await auth.database.query('DELETE FROM outbox');
  expect((await read()).value('latchkey_outbox_lag_seconds')).toBe(0);
});

test('the process, its pool and its broker are told with no secret and no name among them', async () => {
  const metrics = await read();
  for (const name of ['process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds', 'nodejs_heap_size_used_bytes']) expect(metrics.value(name), name).toBeGreaterThanOrEqual(0);
  expect(metrics.value('latchkey_broker_connected')).toBe(1);
  expect(metrics.value('latchkey_postgres_connections', { state: 'idle' })).toBeGreaterThan(0);
  expect(metrics.value('latchkey_postgres_connections', { state: 'waiting' })).toBe(0);
  expect(metrics.text).not.toMatch(new RegExp(`member|owner|nobody|${demoPassword}|${rightCode}`));
});
