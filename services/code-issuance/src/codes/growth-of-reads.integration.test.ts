import { randomUUIDv7 } from 'node:crypto';
import { growTables, indexesNotMissed, listenToStatements, planStatements, type Statement } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CodeIssuanceUnderTest, outcome } from '../testing/code-issuance-under-test.ts';

const rows = 100_000;
let codes: CodeIssuanceUnderTest;
let asked: Statement[];

beforeAll(async () => {
  codes = await CodeIssuanceUnderTest.start();
  await growTables(codes.settings.LATCHKEY_DATABASE_URL, [
    `INSERT INTO authenticators (method_id, login_id, sealed_secret, created_at) SELECT gen_random_uuid(), gen_random_uuid(), 'sealed', now() FROM generate_series(1, ${rows})`,
    `INSERT INTO recovery_codes (set_id, code_hash, login_id, created_at) SELECT gen_random_uuid(), md5(n::text), gen_random_uuid(), now() FROM generate_series(1, ${rows}) n`,
  ]);
  asked = await statementsOfCodes();
}, 120_000);
afterAll(() => codes.stop());

/** Of an authenticator app and a recovery code, each enrolled, entered wrong and entered right. A texted code is in Redis alone. */
async function statementsOfCodes(): Promise<Statement[]> {
  const { stop } = listenToStatements();
  const app = await codes.enrol();
  expect(await outcome(codes.tryCode(app.newAttempt(), '000000', 'totp'))).toBe('wrong_code');
  expect(await outcome(codes.tryCode(app.newAttempt(), codes.appCode(app.secret), 'totp'))).toBe('right');
  const [loginId, setId] = [randomUUIDv7(), randomUUIDv7()];
  const { sealedRecoveryCodes } = await codes.ask('recovery-codes.make', { loginId, setId });
  const [code = ''] = JSON.parse(await codes.keys.open('recovery-codes', sealedRecoveryCodes)) as string[];
  const attempt = () => ({ loginId, methodId: setId, attemptId: randomUUIDv7() });
  expect(await outcome(codes.tryCode(attempt(), 'k7mq-x2hd-9wtr-c4vz', 'recovery_code'))).toBe('wrong_code');
  expect(await outcome(codes.tryCode(attempt(), code, 'recovery_code'))).toBe('right');
  await codes.ask('recovery-codes.left', { loginId, setId });
  return stop();
}

it('no statement takes longer for there being more authenticators and recovery codes', async () => {
  for (const part of ['authenticators', 'UPDATE recovery_codes']) expect(asked.map(({ text }) => text).join('\n')).toContain(part);
  const { faults, indexes } = await planStatements(codes.database, asked);
  expect(faults).toEqual([]);
  expect(indexes).toEqual(expect.arrayContaining(['authenticators_pkey', 'recovery_codes_pkey']));
});

it('each index that a code goes by is missed when it is dropped', async () => {
  const notMissed = await indexesNotMissed(codes.settings.LATCHKEY_DATABASE_URL, asked);
  // An app is asked for by its method and its login: the index of the one does for the other.
  expect(notMissed.filter((index) => index !== 'authenticators_login')).toEqual([]);
});
