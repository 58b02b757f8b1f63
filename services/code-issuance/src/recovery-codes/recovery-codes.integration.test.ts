import { randomUUIDv7 } from 'node:crypto';
import { runInMessageContext } from '@latchkey/messaging';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atOnce, type Attempt, CodeIssuanceUnderTest, outcome, tally } from '../testing/code-issuance-under-test.ts';
import { newRecoveryCode } from './recovery-code-text.ts';
import { RecoveryCodes } from './recovery-codes.ts';

let codes: CodeIssuanceUnderTest;
beforeAll(async () => {
  codes = await CodeIssuanceUnderTest.start();
});
afterAll(() => codes.stop());

async function make(loginId = randomUUIDv7(), setId = randomUUIDv7()) {
  const { sealedRecoveryCodes } = await codes.ask('recovery-codes.make', { loginId, setId });
  const list = JSON.parse(await codes.keys.open('recovery-codes', sealedRecoveryCodes)) as string[];
  return { loginId, setId, list, code: list[0] ?? '', newAttempt: (): Attempt => ({ loginId, methodId: setId, attemptId: randomUUIDv7() }) };
}
type Made = Awaited<ReturnType<typeof make>>;
const use = (attempt: Attempt, code: string) => codes.tryCode(attempt, code, 'recovery_code');
const left = async ({ loginId, setId }: Pick<Made, 'loginId' | 'setId'>) => (await codes.ask('recovery-codes.left', { loginId, setId })).left;
const rowsOf = (loginId: string) => codes.database.query<unknown[]>('SELECT * FROM recovery_codes WHERE login_id = $1', [loginId]);

describe('a set', () => {
  it('has ten codes, each good once, in whatever way it is typed', async () => {
    const made = await make();
    expect(new Set(made.list).size).toBe(10);
    const typings = [(code: string) => code, (code: string) => code.toUpperCase().replaceAll('-', ' '), (code: string) => code.replaceAll('-', ''), (code: string) => code.replaceAll('0', 'O').replaceAll('1', 'l')];
    for (const [index, code] of made.list.entries()) {
      expect(await left(made)).toBe(10 - index);
      const attempt = made.newAttempt();
      const { methodId } = await use(attempt, typings[index % typings.length]!(code));
      expect(methodId).toBe(made.setId);
      expect(await outcome(use(attempt, code))).toBe('attempt_over');
    }
    expect(await left(made)).toBe(0);
    expect(await outcome(use(made.newAttempt(), made.code))).toBe('wrong_code');
  });

  it('rests hashed only', async () => {
    const made = await make();
    const resting = JSON.stringify([await rowsOf(made.loginId), await codes.database.query('SELECT * FROM recovery_codes')]);
    for (const code of made.list) {
      expect(resting).not.toContain(code);
      expect(resting).not.toContain(code.replaceAll('-', ''));
    }
  });

  it('takes the place of every other set of its login, and of nobody else’s', async () => {
    const [old, bystander] = [await make(), await make()];
    const next = await make(old.loginId);
    expect([await left(old), await left(next), await left(bystander)]).toEqual([0, 10, 10]);
    expect(await outcome(use(old.newAttempt(), old.code))).toBe('wrong_code');
    expect(await outcome(use(next.newAttempt(), next.code))).toBe('right');
  });

  it('asked for once more is made anew while none was used, and refused afterwards', async () => {
    const first = await make();
    const again = await make(first.loginId, first.setId);
    expect(await left(again)).toBe(10);
    expect(await outcome(use(first.newAttempt(), first.code))).toBe('wrong_code');
    expect(await outcome(use(again.newAttempt(), again.code))).toBe('right');
    expect(await outcome(make(first.loginId, first.setId))).toBe('method_exists');
    expect(await left(again)).toBe(9);
  });

  it('of somebody else is not replaced, not counted and not good', async () => {
    const made = await make();
    const stranger = randomUUIDv7();
    expect(await outcome(make(stranger, made.setId))).toBe('method_exists');
    expect(await left({ loginId: stranger, setId: made.setId })).toBe(0);
    expect(await outcome(use({ ...made.newAttempt(), loginId: stranger }, made.code))).toBe('wrong_code');
    expect(await left(made)).toBe(10);
  });

  it('of ten made at once one is left', async () => {
    const loginId = randomUUIDv7();
    await Promise.all(Array.from({ length: 10 }, () => make(loginId)));
    expect(await rowsOf(loginId)).toHaveLength(10);
  });

  it('goes with its method, and all of a login with the login', async () => {
    const [removed, gone, kept] = [await make(), await make(), await make()];
    const app = await codes.enrol();
    await codes.asking.publisher.publish('two-factor.methods-removed', { loginId: removed.loginId, methodIds: [removed.setId] });
    for (const loginId of [gone.loginId, app.loginId]) {
      const by = { kind: 'account_owner' as const, loginId: null, name: 'owner' };
      await codes.asking.publisher.publish('login.removed', { loginId, providerId: randomUUIDv7(), accountId: null, attemptId: null, by, device: null, ip: null, loginName: 'maria' });
    }
    const rows = async () => [await rowsOf(removed.loginId), await rowsOf(gone.loginId), await codes.database.query<unknown[]>('SELECT 1 FROM authenticators WHERE login_id = $1', [app.loginId])];
    await eventually(async () => (await rows()).flat().length === 0, { what: 'the deletions' });
    expect(await left(kept)).toBe(10);
  });
});

describe('a recovery code', () => {
  it('right fifty times at once is accepted once, within one attempt and over fifty', async () => {
    const made = await make();
    const attempt = made.newAttempt();
    expect(tally(await atOnce(50, () => use(attempt, made.list[0]!))).right).toBe(1);
    expect(tally(await atOnce(50, () => use(made.newAttempt(), made.list[1]!))).right).toBe(1);
    expect(await left(made)).toBe(8);
  });

  it('wrong fifty times at once is judged five times, and the right one is refused afterwards', async () => {
    const made = await make();
    const attempt = made.newAttempt();
    expect(tally(await atOnce(50, () => use(attempt, newRecoveryCode())))).toEqual({ wrong_code: 5, attempt_over: 45 });
    expect(await outcome(use(attempt, made.code))).toBe('attempt_over');
    expect(await left(made)).toBe(10);
  });

  it('used by a request that died before its answer is right for that request again, and for no other', async () => {
    const made = await make();
    const request = randomUUIDv7();
    // The crash lies between the code being used up and the attempt being told.
    expect(await new RecoveryCodes(codes.database, codes.keys, codes.clock).useCode(made.loginId, made.setId, made.code, request)).toBe(true);
    expect(await outcome(use(made.newAttempt(), made.code))).toBe('wrong_code');
    const within = { name: 'code.verify', messageId: request, correlationId: request, causationId: null, deadline: null, previousTries: 0, redelivered: true, occurredAt: new Date().toISOString() };
    const attempt = made.newAttempt();
    const askAgain = () => runInMessageContext(within, () => outcome(use(attempt, made.code)));
    expect([await askAgain(), await askAgain()]).toEqual(['right', 'right']);
    expect(await outcome(use(attempt, made.code))).toBe('attempt_over');
    expect(await left(made)).toBe(9);
  });

  it('counts among the failures of the login: ten wrong ones lock every method, for a while', async () => {
    const made = await make();
    for (let i = 0; i < 10; i += 1) expect(await outcome(use(made.newAttempt(), newRecoveryCode()))).toBe('wrong_code');
    expect(await outcome(use(made.newAttempt(), made.code))).toBe('locked');
    const { request, code } = await codes.issue({ loginId: made.loginId });
    expect(await outcome(codes.tryCode(request, code))).toBe('locked');
    codes.moveClock(60_000);
    expect(await outcome(use(made.newAttempt(), made.code))).toBe('right');
  });

  it.each(['123456', ' ', '\0', '0'.repeat(64), "'; DROP TABLE recovery_codes; --"])('%j is wrong, not a fault', async (typed) => {
    expect(await outcome(use((await make()).newAttempt(), typed))).toBe('wrong_code');
  });
});
