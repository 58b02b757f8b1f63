import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { atOnce, CodeIssuanceUnderTest, outcome, tally } from '../testing/code-issuance-under-test.ts';
import { codeLimits } from './code-limits.ts';
import { IssueCode } from './issue-code.ts';
import { PrefixAlarm } from './prefix-alarm.ts';
import { SendLimits } from './send-limits.ts';

const minute = 60_000;
let codes: CodeIssuanceUnderTest;
beforeAll(async () => {
  codes = await CodeIssuanceUnderTest.start();
});
afterAll(() => codes.stop());

let line = 1_000;
const numberIn = (prefix: string) => `${prefix}555${(line += 1)}`;
const sendTo = async (prefix: string) => outcome(codes.issueRequest({}, numberIn(prefix)).then((request) => codes.ask('code.issue', request)));
const sendTimes = async (times: number, prefix: string) => tally(await Promise.all(Array.from({ length: times }, () => sendTo(prefix))));

async function enterTimes(times: number, prefix: string): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    const { request, code } = await codes.issue({}, numberIn(prefix));
    await codes.tryCode(request, code);
  }
}

const metric = async () =>
  (await (await fetch(`http://${codes.settings.LATCHKEY_HOST}:${codes.settings.LATCHKEY_INTERNAL_PORT}/metrics`)).text())
    .split('\n')
    .find((text) => text.startsWith('latchkey_codes_not_entered_refused_total{country="US"}'));

it('numbers that begin alike and whose codes nobody enters are blocked by themselves, for an hour; others are not', async () => {
  expect(await sendTimes(50, '+1415')).toEqual({ right: 50 });
  codes.moveClock(minute);
  const refused = await codes.ask('code.issue', await codes.issueRequest({}, numberIn('+1415'))).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'too_many_requests', details: { retryAfterSeconds: expect.any(Number) } });
  const { retryAfterSeconds } = (refused as { details: { retryAfterSeconds: number } }).details;
  expect(retryAfterSeconds).toBeGreaterThan(58 * 60 - 31);
  expect(retryAfterSeconds).toBeLessThanOrEqual(59 * 60);
  expect(await sendTo('+1212')).toBe('right');
  expect(await outcome(codes.issueRequest({ channel: 'email' }, 'maria@example.com').then((request) => codes.ask('code.issue', request)))).toBe('right');
  codes.moveClock(retryAfterSeconds * 1_000);
  expect(await sendTo('+1415')).toBe('right');
});

it('the operator is told: a line in the log when it begins, a count of every text refused', async () => {
  const warned = vi.spyOn(codes.logger, 'warn');
  const registry = new Registry();
  const { redis, keys, clock } = codes;
  const limits = { ...codeLimits.production, textsBeforeEntered: 3 };
  const sendLimits = new SendLimits({ redis, keys, clock, limits, alarm: new PrefixAlarm(codes.logger, registry) });
  const issuing = new IssueCode({ redis, keys, clock, limits, sendLimits, publisher: codes.asking.publisher, countries: ['US'], codeWhenSentAgain: 'same' });
  const send = async () => outcome(issuing.issue(await codes.issueRequest({}, numberIn('+1312'))));
  for (let i = 0; i < 3; i += 1) expect(await send()).toBe('right');
  codes.moveClock(minute);
  expect(tally(await atOnce(10, async () => issuing.issue(await codes.issueRequest({}, numberIn('+1312')))))).toEqual({ too_many_requests: 10 });
  expect(warned.mock.calls.map(([facts]) => facts)).toMatchObject([{ prefix: '+1312', country: 'US', texts: 3, entered: 0, opensInSeconds: expect.any(Number) }]);
  expect(await registry.metrics()).toContain('latchkey_codes_not_entered_refused_total{country="US"} 10');
  // It opens, and is closed and told of anew.
  codes.moveClock(60 * minute);
  for (let i = 0; i < 3; i += 1) expect(await send()).toBe('right');
  codes.moveClock(minute);
  expect(await send()).toBe('too_many_requests');
  expect(warned).toHaveBeenCalledTimes(2);
  warned.mockRestore();
});

it('the count is in the metrics of the service', async () => {
  expect(await sendTimes(50, '+1503')).toEqual({ right: 50 });
  codes.moveClock(minute);
  const before = Number((await metric())?.split(' ')[1] ?? 0);
  expect(await sendTimes(3, '+1503')).toEqual({ too_many_requests: 3 });
  expect(Number((await metric())?.split(' ')[1])).toBe(before + 3);
});

it('one code entered of ten is enough, and it opens a prefix that was blocked', async () => {
  await enterTimes(5, '+1617');
  expect(await sendTimes(45, '+1617')).toEqual({ right: 45 });
  codes.moveClock(minute);
  // Five of fifty.
  const waiting = await codes.issue({}, numberIn('+1617'));
  codes.moveClock(minute);
  // Five of fifty-one.
  expect(await sendTo('+1617')).toBe('too_many_requests');
  await codes.tryCode(waiting.request, waiting.code);
  await expect.poll(() => sendTo('+1617')).toBe('right');
});

it('many people at once who are typing still are no abuse', async () => {
  expect(await sendTimes(100, '+1702')).toEqual({ right: 100 });
});

it('wrong codes, the same right one twice, and emailed ones are no codes of a text that were entered', async () => {
  const { request, code } = await codes.issue({}, numberIn('+1808'));
  await outcome(codes.tryCode(request, '000000' === code ? '111111' : '000000'));
  const mailed = await codes.issue({ attemptId: request.attemptId, loginId: request.loginId, channel: 'email' }, 'maria@example.com');
  await codes.tryCode(mailed.request, mailed.code, 'email');
  const texted = await codes.issue({}, numberIn('+1808'));
  await atOnce(10, () => codes.tryCode(texted.request, texted.code));
  const counts = await codes.redis.hgetall('{code-sends}:texts:+1808');
  const sumOf = (word: string) => Object.entries(counts).reduce((sum, [field, count]) => sum + (field.startsWith(word) ? Number(count) : 0), 0);
  expect([sumOf('sent'), sumOf('entered')]).toEqual([2, 1]);
});

it('a text that could not be queued is none of those whose codes are not entered', async () => {
  const request = await codes.issueRequest({}, numberIn('+1907'));
  for (const queue of ['delivery.sms', 'auth.activity']) await codes.vhost.manage('DELETE', `queues/${queue}`);
  expect(await outcome(codes.ask('code.issue', request))).toBe('unavailable');
  await codes.asking.connection.assertTopology();
  expect(Object.values(await codes.redis.hgetall('{code-sends}:texts:+1907')).map(Number).reduce((sum, count) => sum + count, 0)).toBe(0);
});
