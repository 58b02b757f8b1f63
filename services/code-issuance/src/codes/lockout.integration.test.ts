import { randomUUIDv7 } from 'node:crypto';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atOnce, CodeIssuanceUnderTest, outcome, tally, wrong } from '../testing/code-issuance-under-test.ts';
import { methodFailuresKey } from './attempt-keys.ts';
import { codeLimits } from './code-limits.ts';

const limits = codeLimits.production;
let codes: CodeIssuanceUnderTest;
beforeAll(async () => {
  codes = await CodeIssuanceUnderTest.start();
});
afterAll(() => codes.stop());

const refusalOf = (asked: Promise<unknown>) => asked.then(() => ({ code: 'right', details: {} }), (error: { code: string; details: object }) => error);
const countsOf = (loginId: string) => codes.redis.hgetall(methodFailuresKey(loginId));
const wrongAppCode = (secret: string) => wrong(codes.appCode(secret), 40_009);

interface Method {
  loginId: string;
  methodId: string;
}

/** A wrong code in an attempt of its own, after the wait that the ones before it brought; for a login that is never sent anything. */
async function failByApp(app: Method & { secret: string }): Promise<string> {
  codes.moveClock(limits.longestLockMs);
  return outcome(codes.tryCode({ ...app, attemptId: randomUUIDv7() }, wrongAppCode(app.secret), 'totp'));
}

describe('failures of a login', () => {
  it('fifty attempts with a wrong code each at once: ten are judged, the login is locked for the rest', async () => {
    const app = await codes.enrol();
    expect(tally(await atOnce(50, () => codes.tryCode(app.newAttempt(), wrongAppCode(app.secret), 'totp')))).toEqual({ wrong_code: 10, locked: 40 });
    expect(await outcome(codes.tryCode(app.newAttempt(), codes.appCode(app.secret), 'totp'))).toBe('locked');
    codes.moveClock(limits.firstLockMs);
    expect(await outcome(codes.tryCode(app.newAttempt(), codes.appCode(app.secret), 'totp'))).toBe('right');
  });

  it('grow on over a code sent again, a new attempt and another method, whatever the code is for', async () => {
    const app = await codes.enrol();
    const { loginId } = app;
    const first = await codes.issue({ loginId });
    for (let i = 1; i <= 2; i += 1) await outcome(codes.tryCode(first.request, wrong(first.code, i)));
    codes.moveClock(limits.resendWaitMs);
    await codes.ask('code.issue', first.request);
    for (let i = 3; i <= 4; i += 1) await outcome(codes.tryCode(first.request, wrong(first.code, i)));
    const mailed = await codes.issue({ loginId, channel: 'email', purpose: 'step_up' }, 'maria@example.com');
    for (let i = 1; i <= 2; i += 1) await outcome(codes.tryCode(mailed.request, wrong(mailed.code, i), 'email'));
    const reset = await codes.issue({ loginId, channel: 'email', purpose: 'reset_two_factor' }, 'maria@example.com');
    for (let i = 1; i <= 3; i += 1) expect(await outcome(codes.tryCode(reset.request, wrong(reset.code, i), 'email'))).toBe('wrong_code');
    expect(await outcome(codes.tryCode(app.newAttempt(), wrongAppCode(app.secret), 'totp'))).toBe('wrong_code');
    expect(await outcome(codes.tryCode(reset.request, reset.code, 'email'))).toBe('locked');
    codes.moveClock(limits.firstLockMs);
    expect(await outcome(codes.tryCode(reset.request, reset.code, 'email'))).toBe('right');
  });
});

describe('a hundred wrong codes in a row by one method', () => {
  /** The next wrong code switches it off; how it gets there is the test after this one's business. */
  const nearlyOff = ({ loginId, methodId }: Method) => codes.redis.hset(methodFailuresKey(loginId), methodId, limits.failuresPerMethod - 1);

  it('are all there are, whatever the waits between them: then no code of it is right any more, not after a year either', async () => {
    const app = await codes.enrol();
    for (let i = 0; i < 100; i += 1) expect(await failByApp(app)).toBe('wrong_code');
    for (const waitMs of [0, limits.longestLockMs, 365 * 86_400_000]) {
      codes.moveClock(waitMs);
      if (waitMs === 0) continue;
      expect(await refusalOf(codes.tryCode(app.newAttempt(), codes.appCode(app.secret), 'totp'))).toMatchObject({
        code: 'locked',
        details: { detail: expect.stringContaining('Use another one'), retryAfterSeconds: limits.longestLockMs / 1_000 },
      });
    }
    expect(await codes.redis.ttl(methodFailuresKey(app.loginId))).toBe(-1);
  });

  it('at once with the last one are counted too: one is judged', async () => {
    const app = await codes.enrol();
    await nearlyOff(app);
    expect(tally(await atOnce(50, () => codes.tryCode(app.newAttempt(), wrongAppCode(app.secret), 'totp')))).toEqual({ wrong_code: 1, locked: 49 });
  });

  it('leave the other methods working, and the success of one of them turns it on again', async () => {
    const app = await codes.enrol();
    await nearlyOff(app);
    expect(await failByApp(app)).toBe('wrong_code');
    expect(await outcome(codes.tryCode(app.newAttempt(), codes.appCode(app.secret), 'totp'))).toBe('locked');
    const texted = await codes.issue({ loginId: app.loginId });
    expect(await outcome(codes.tryCode(texted.request, texted.code))).toBe('right');
    expect(await countsOf(app.loginId)).toEqual({});
    expect(await outcome(codes.tryCode(app.newAttempt(), codes.appCode(app.secret), 'totp'))).toBe('right');
  });

  it('are not forgotten because another method succeeds now and then, but with a success of their own', async () => {
    const app = await codes.enrol();
    await nearlyOff(app);
    const texted = await codes.issue({ loginId: app.loginId });
    expect(await outcome(codes.tryCode(texted.request, texted.code))).toBe('right');
    expect(await countsOf(app.loginId)).toEqual({ [app.methodId]: '99' });
    expect(await outcome(codes.tryCode(app.newAttempt(), codes.appCode(app.secret), 'totp'))).toBe('right');
    expect(await countsOf(app.loginId)).toEqual({});
  });

  it('count for the method whose code is guessed, though another one is named', async () => {
    const texted = await codes.issue();
    const named = { ...texted.request, methodId: randomUUIDv7() };
    await nearlyOff(texted.request);
    expect(await outcome(codes.tryCode(named, wrong(texted.code), 'email'))).toBe('wrong_code');
    expect(await countsOf(named.loginId)).toEqual({ [texted.request.methodId]: '100' });
    // It is off now, and its code is a wrong one under any name.
    expect(await outcome(codes.tryCode(named, texted.code, 'email'))).toBe('wrong_code');
    expect(await outcome(codes.tryCode(texted.request, texted.code))).toBe('locked');
  });

  it('are forgotten with the method: whoever sets it up again starts anew', async () => {
    const app = await codes.enrol();
    await nearlyOff(app);
    await failByApp(app);
    await codes.asking.publisher.publish('two-factor.methods-removed', { loginId: app.loginId, methodIds: [app.methodId] });
    await eventually(async () => Object.keys(await countsOf(app.loginId)).length === 0, { what: 'the count gone' });
  });
});
