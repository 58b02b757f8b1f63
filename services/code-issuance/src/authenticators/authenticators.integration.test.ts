import { randomUUIDv7 } from 'node:crypto';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atOnce, CodeIssuanceUnderTest, outcome, tally, wrong } from '../testing/code-issuance-under-test.ts';

let codes: CodeIssuanceUnderTest;
beforeAll(async () => {
  codes = await CodeIssuanceUnderTest.start();
});
afterAll(() => codes.stop());

type Enrolled = Awaited<ReturnType<CodeIssuanceUnderTest['enrol']>>;
const tryInNewAttempt = (app: Enrolled, code: string) => outcome(codes.tryCode(app.newAttempt(), code, 'totp'));
const rowsOf = (methodId: string) => codes.database.query<{ sealed_secret: string }[]>('SELECT sealed_secret FROM authenticators WHERE method_id = $1', [methodId]);

describe('a secret', () => {
  it('has 160 bits, in an address that apps read', async () => {
    const { secret, uri } = await codes.enrol({ issuer: 'Demo: Security', accountLabel: 'ma:ria+x@example.com' });
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    // Some apps show a space written as `+` as it is, and cut a name at its colon.
    expect(uri).toMatch(/^otpauth:\/\/totp\/Demo%20%20Security:ma%20ria%2Bx%40example\.com\?/);
    expect(Object.fromEntries(new URL(uri).searchParams)).toMatchObject({ secret, issuer: 'Demo  Security' });
    expect(uri).not.toMatch(/\?.*\+/);
  });

  it('rests sealed', async () => {
    const { methodId, secret } = await codes.enrol();
    const [row] = await rowsOf(methodId);
    expect(JSON.stringify(await codes.database.query('SELECT * FROM authenticators'))).not.toContain(secret);
    expect(await codes.keys.open('authenticator-secret', row?.sealed_secret ?? '')).toBe(secret);
  });

  it('takes the place of one that was never used, and of no other', async () => {
    const app = await codes.enrol();
    const again = () => codes.ask('authenticator.enrol', { methodId: app.methodId, loginId: app.loginId, accountLabel: 'maria', issuer: 'Demo' });
    const { sealedSecret } = await again();
    const secret = await codes.keys.open('authenticator-secret', sealedSecret);
    expect(await tryInNewAttempt(app, codes.appCode(app.secret))).toBe('wrong_code');
    expect(await tryInNewAttempt(app, codes.appCode(secret))).toBe('right');
    expect(await outcome(again())).toBe('method_exists');
    codes.moveClock(30_000);
    expect(await tryInNewAttempt(app, codes.appCode(secret))).toBe('right');
  });

  it('is not replaced by a login that it does not belong to', async () => {
    const app = await codes.enrol();
    const stranger = codes.ask('authenticator.enrol', { methodId: app.methodId, loginId: randomUUIDv7(), accountLabel: 'eve', issuer: 'Demo' });
    expect(await outcome(stranger)).toBe('method_exists');
    expect(await tryInNewAttempt(app, codes.appCode(app.secret))).toBe('right');
  });

  it('is deleted with its method, however often that is told', async () => {
    const [removed, kept] = [await codes.enrol(), await codes.enrol()];
    const event = { loginId: removed.loginId, methodIds: [removed.methodId, randomUUIDv7()] };
    for (let i = 0; i < 3; i += 1) await codes.asking.publisher.publish('two-factor.methods-removed', event);
    await eventually(async () => (await rowsOf(removed.methodId)).length === 0, { what: 'the deletion' });
    expect(await tryInNewAttempt(removed, codes.appCode(removed.secret))).toBe('wrong_code');
    expect(await tryInNewAttempt(kept, codes.appCode(kept.secret))).toBe('right');
    expect((await (await codes.vhost.manage('GET', 'queues/code-issuance.logins.dead')).json()) as object).not.toMatchObject({ messages: 1 });
  });
});

describe('a code', () => {
  it.each([
    [-60, 'wrong_code'],
    [-30, 'right'],
    [0, 'right'],
    [30, 'right'],
    [60, 'wrong_code'],
  ])('of %d seconds from now is %s', async (offset, expected) => {
    const app = await codes.enrol();
    // In the middle of a step, so that none begins between here and there.
    codes.moveClock(45_000 - (codes.clock.now().getTime() % 30_000));
    expect(await tryInNewAttempt(app, codes.appCode(app.secret, offset))).toBe(expected);
  });

  it('is accepted once across twenty attempts at once, and not after a restart; older ones neither', async () => {
    const app = await codes.enrol();
    codes.moveClock(45_000 - (codes.clock.now().getTime() % 30_000));
    const [older, code, newer] = [codes.appCode(app.secret, -30), codes.appCode(app.secret), codes.appCode(app.secret, 30)];
    const { right, wrong_code, locked = 0 } = tally(await atOnce(20, () => codes.tryCode(app.newAttempt(), code, 'totp')));
    expect({ right, refused: (wrong_code ?? 0) + locked }).toEqual({ right: 1, refused: 19 });
    await codes.restartService();
    await codes.redis.del(`code-failures:{${app.loginId}}`);
    expect(await tryInNewAttempt(app, code)).toBe('wrong_code');
    expect(await tryInNewAttempt(app, older)).toBe('wrong_code');
    expect(await tryInNewAttempt(app, newer)).toBe('right');
  });

  it('right fifty times at once in one attempt signs in once', async () => {
    const app = await codes.enrol();
    const attempt = app.newAttempt();
    const { right, ...refused } = tally(await atOnce(50, () => codes.tryCode(attempt, codes.appCode(app.secret), 'totp')));
    expect(right).toBe(1);
    expect(Object.values(refused).reduce((sum, count) => sum + count, 0)).toBe(49);
    codes.moveClock(30_000);
    expect(await outcome(codes.tryCode(attempt, codes.appCode(app.secret), 'totp'))).toBe('attempt_over');
  });

  it('wrong fifty times at once is judged five times, and the right one is refused afterwards', async () => {
    const app = await codes.enrol();
    const attempt = app.newAttempt();
    const code = codes.appCode(app.secret);
    const outcomes = await atOnce(50, (index) => codes.tryCode(attempt, wrong(code, (index + 1) * 1_003), 'totp'));
    expect(tally(outcomes)).toEqual({ wrong_code: 5, attempt_over: 45 });
    expect(await outcome(codes.tryCode(attempt, codes.appCode(app.secret), 'totp'))).toBe('attempt_over');
  });

  it.each(['abcdef', '12345', '1234567', '１２３４５６'])('%j is wrong, not a fault', async (typed) => {
    expect(await tryInNewAttempt(await codes.enrol(), typed)).toBe('wrong_code');
  });

  it('of another login is refused', async () => {
    const [mine, theirs] = [await codes.enrol(), await codes.enrol()];
    expect(await outcome(codes.tryCode({ ...theirs.newAttempt(), loginId: mine.loginId }, codes.appCode(theirs.secret), 'totp'))).toBe('wrong_code');
  });
});
