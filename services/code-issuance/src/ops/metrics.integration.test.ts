import { randomUUIDv7 } from 'node:crypto';
import { eventually, readMetrics } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CodeIssuanceUnderTest, outcome, randomNumber, wrong } from '../testing/code-issuance-under-test.ts';

let codes: CodeIssuanceUnderTest;
beforeAll(async () => {
  codes = await CodeIssuanceUnderTest.start({ LATCHKEY_LIMITS: 'production' });
});
afterAll(() => codes.stop());

const read = () => readMetrics(`http://${codes.settings.LATCHKEY_HOST}:${codes.settings.LATCHKEY_INTERNAL_PORT}`);

it('codes that were issued, refused and tried are counted by channel, kind and outcome', async () => {
  const { request, code } = await codes.issue();
  await codes.issue({ channel: 'email' }, 'maria@example.com');
  expect(await outcome(codes.ask('code.issue', { ...request, sealedDestination: await codes.keys.seal('destination', '+33612345678') }))).toBe('unsupported_destination');
  expect(await outcome(codes.tryCode(request, wrong(code)))).toBe('wrong_code');
  expect(await outcome(codes.tryCode(request, code))).toBe('right');
  expect(await outcome(codes.tryCode(request, code))).toBe('attempt_over');

  const metrics = await read();
  const issued = (channel: string, word: string) => metrics.value('latchkey_codes_issued_total', { channel, outcome: word });
  expect([issued('sms', 'sent'), issued('email', 'sent'), issued('sms', 'unsupported_destination')]).toEqual([1, 1, 1]);
  const tried = (word: string) => metrics.value('latchkey_codes_tried_total', { kind: 'sms', outcome: word });
  expect([tried('right'), tried('wrong_code'), tried('attempt_over')]).toEqual([1, 1, 1]);
  expect(metrics.value('latchkey_requests_answered_seconds_count', { request: 'code.issue', outcome: 'ok' })).toBe(2);
  expect(metrics.sum('latchkey_publish_confirm_seconds_count', { outcome: 'confirmed' })).toBeGreaterThanOrEqual(2);
  await eventually(async () => ((await read()).value('latchkey_postgres_connections', { state: 'idle' }) ?? 0) > 0, { what: 'a pool' });
});

it('what a limit refused is counted by which limit it was, and by nothing that tells whose', async () => {
  const { request } = await codes.issue();
  expect(await outcome(codes.ask('code.issue', request))).toBe('too_many_requests');
  const number = randomNumber();
  const limited = async (limit: string) => (await read()).value('latchkey_code_limits_refused_total', { limit }) ?? 0;
  expect(await limited('resend_wait')).toBe(1);
  // To one number for ever other logins, then for one login to ever other numbers.
  for (let sends = 0; sends < 40 && (await limited('destination')) === 0; sends += 1) await outcome(codes.ask('code.issue', await codes.issueRequest({}, number)));
  const loginId = randomUUIDv7();
  for (let sends = 0; sends < 40 && (await limited('login')) === 0; sends += 1) await outcome(codes.ask('code.issue', await codes.issueRequest({ loginId, channel: 'email' }, `${randomUUIDv7()}@example.com`)));
  const metrics = await read();
  expect([await limited('destination'), await limited('login'), metrics.sum('latchkey_code_limits_refused_total')]).toEqual([1, 1, 3]);
  expect(metrics.text).not.toContain(number);
  expect(metrics.text).not.toContain(loginId);
});
