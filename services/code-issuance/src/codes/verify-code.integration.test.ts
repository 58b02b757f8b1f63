import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { runInMessageContext } from '@latchkey/messaging';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atOnce, CodeIssuanceUnderTest, outcome, tally, wrong } from '../testing/code-issuance-under-test.ts';

let codes: CodeIssuanceUnderTest;
beforeAll(async () => {
  codes = await CodeIssuanceUnderTest.start();
});
afterAll(() => codes.stop());

const minutes = (count: number) => count * 60_000;
const refusalOf = (asked: Promise<unknown>) => asked.then(() => ({ code: 'right', details: {} }), (error: { code: string; details: object }) => error);

it('fifty right codes at once: exactly one is accepted', async () => {
  const { request, code } = await codes.issue();
  expect(tally(await atOnce(50, () => codes.tryCode(request, code)))).toEqual({ right: 1, attempt_over: 49 });
});

it('fifty wrong codes at once count as fifty: five are judged, the right one is refused afterwards', async () => {
  const { request, code } = await codes.issue();
  expect(tally(await atOnce(50, (index) => codes.tryCode(request, wrong(code, index + 1))))).toEqual({ wrong_code: 5, attempt_over: 45 });
  expect(await outcome(codes.tryCode(request, code))).toBe('attempt_over');
});

it('a code is refused ten minutes after it was made, also when it was sent again, and not a second before', async () => {
  const [inTime, late] = [await codes.issue(), await codes.issue()];
  codes.moveClock(minutes(9));
  await codes.ask('code.issue', late.request);
  codes.moveClock(minutes(1) - 5_000);
  expect(await outcome(codes.tryCode(inTime.request, inTime.code))).toBe('right');
  codes.moveClock(5_000);
  expect(await outcome(codes.tryCode(late.request, late.code))).toBe('code_expired');
});

it('a code of one attempt is refused in another, of the same login too', async () => {
  const loginId = randomUUIDv7();
  const first = await codes.issue({ loginId });
  let second = await codes.issue({ loginId });
  while (second.code === first.code) second = await codes.issue({ loginId });
  expect(await outcome(codes.tryCode(second.request, first.code))).toBe('wrong_code');
  expect(await outcome(codes.tryCode({ ...first.request, attemptId: randomUUIDv7() }, first.code))).toBe('attempt_over');
  expect(await outcome(codes.tryCode({ ...first.request, loginId: randomUUIDv7() }, first.code))).toBe('attempt_over');
});

it('a code of each method is good whichever the person was asked for last, and tells which way it came', async () => {
  const texted = await codes.issue();
  const byEmail = { attemptId: texted.request.attemptId, loginId: texted.request.loginId, channel: 'email' as const };
  const mailed = await codes.issue(byEmail, 'maria@example.com');
  expect(mailed.code).not.toBe(texted.code);
  const { methodId } = await codes.tryCode(mailed.request, texted.code, 'email');
  expect(methodId).toBe(texted.request.methodId);
  expect(await outcome(codes.tryCode(mailed.request, mailed.code, 'email'))).toBe('attempt_over');
});

it('the request whose code was right may ask again, as after a crash of whoever asked; no other request may', async () => {
  const { request, code } = await codes.issue();
  const causationId = randomUUIDv7();
  const within = { name: 'code.verify', messageId: causationId, correlationId: request.attemptId, causationId: null, deadline: null, previousTries: 0, redelivered: false, occurredAt: new Date().toISOString() };
  const askWithin = () => runInMessageContext(within, () => outcome(codes.tryCode(request, code)));
  expect([await askWithin(), await askWithin()]).toEqual(['right', 'right']);
  expect(await outcome(codes.tryCode(request, code))).toBe('attempt_over');
  const authenticator = await codes.enrol();
  const attempt = authenticator.newAttempt();
  const typed = codes.appCode(authenticator.secret);
  const byApp = () => runInMessageContext(within, () => outcome(codes.tryCode(attempt, typed, 'totp')));
  expect([await byApp(), await byApp()]).toEqual(['right', 'right']);
  expect(await outcome(codes.tryCode(attempt, typed, 'totp'))).toBe('attempt_over');
});

it('a code sent before the sealing keys were rotated is still good', async () => {
  const { request, code } = await codes.issue();
  await codes.restartService({ LATCHKEY_SEALING_KEYS: `k2:${randomBytes(32).toString('base64')},${codes.settings.LATCHKEY_SEALING_KEYS}` });
  expect(await outcome(codes.tryCode(request, code))).toBe('right');
  await codes.restartService();
});

it.each(['12345', '1234567', 'éèàùçô', '000000\0', '9'.repeat(64)])('%j is a wrong code, not a fault', async (typed) => {
  const { request } = await codes.issue();
  expect(await outcome(codes.tryCode(request, typed))).toBe('wrong_code');
});

it('five tries are all there are over the methods of an attempt', async () => {
  const { request, code } = await codes.issue();
  const authenticator = await codes.enrol();
  const byApp = { ...request, methodId: authenticator.methodId };
  for (let i = 1; i <= 3; i += 1) await outcome(codes.tryCode(request, wrong(code, i)));
  for (let i = 1; i <= 2; i += 1) expect(await outcome(codes.tryCode(byApp, wrong(codes.appCode(authenticator.secret), i * 7), 'totp'))).toBe('wrong_code');
  expect(await outcome(codes.tryCode(byApp, codes.appCode(authenticator.secret), 'totp'))).toBe('attempt_over');
  expect(await outcome(codes.tryCode(request, code))).toBe('attempt_over');
});

describe('wrong codes over several attempts', () => {
  const failTenTimes = async (loginId: string) => {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const { request, code } = await codes.issue({ loginId });
      for (let i = 1; i <= 5; i += 1) await outcome(codes.tryCode(request, wrong(code, i)));
    }
  };

  it('lock the login after ten, for a wait that doubles up to an hour and always ends', async () => {
    const loginId = randomUUIDv7();
    await failTenTimes(loginId);
    for (const seconds of [60, 120, 240, 480, 960, 1_920, 3_600, 3_600]) {
      const { request, code } = await codes.issue({ loginId });
      const refusal = await refusalOf(codes.tryCode(request, code));
      expect(refusal.code).toBe('locked');
      const { retryAfterSeconds } = refusal.details as { retryAfterSeconds: number };
      expect(retryAfterSeconds).toBeGreaterThan(seconds - 10);
      expect(retryAfterSeconds).toBeLessThanOrEqual(seconds);
      codes.moveClock(seconds * 1_000);
      const next = await codes.issue({ loginId });
      expect(await outcome(codes.tryCode(next.request, wrong(next.code)))).toBe('wrong_code');
    }
    codes.moveClock(minutes(60));
    const last = await codes.issue({ loginId });
    expect(await outcome(codes.tryCode(last.request, last.code))).toBe('right');
  });

  it('are forgotten with a right one', async () => {
    const loginId = randomUUIDv7();
    await failTenTimes(loginId);
    codes.moveClock(minutes(1));
    const right = await codes.issue({ loginId });
    expect(await outcome(codes.tryCode(right.request, right.code))).toBe('right');
    const next = await codes.issue({ loginId });
    for (let i = 1; i <= 4; i += 1) expect(await outcome(codes.tryCode(next.request, wrong(next.code, i)))).toBe('wrong_code');
    expect(await outcome(codes.tryCode(next.request, next.code))).toBe('right');
  });

  it('do not lock anybody else', async () => {
    await failTenTimes(randomUUIDv7());
    const { request, code } = await codes.issue();
    expect(await outcome(codes.tryCode(request, code))).toBe('right');
  });
});
