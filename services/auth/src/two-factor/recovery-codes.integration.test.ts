import { hashSecret, newSecret } from '@latchkey/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, demoPassword } from '../testing/auth-under-test.ts';
import { recoveryCode, rightCode } from '../testing/other-services.ts';
import { addCustomer, codeRequired, customerWithTexts, noticeOf, signInWithCode } from '../testing/people.ts';

let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
});
afterAll(() => auth.stop());

const make = async (sessionHash: string, password = demoPassword) => auth.ask('two-factor.make-recovery-codes', { sessionHash, sealedPassword: await auth.seal(password) });

async function confirmed(sessionHash: string, methodId: string) {
  return auth.ask('two-factor.confirm-method', { sessionHash, methodId, sealedCode: await auth.sealCode(rightCode) });
}

const recoverySetOf = async (name: string) => {
  const { answer, attemptHash } = await codeRequired(auth, name);
  const set = answer.methods.find(({ kind }) => kind === 'recovery_code');
  if (!set) throw new Error('no recovery codes');
  return { setId: set.id, attemptHash };
};

test('recovery codes are made when the first method is confirmed, and by no later one', async () => {
  await addCustomer(auth, 'first-codes');
  let sessionHash = await auth.signIn('first-codes');
  const first = await confirmed(sessionHash, await auth.addMethod(sessionHash, 'sms', '+14155550111'));
  expect(JSON.parse(await auth.sealing.open('recovery-codes', first.sealedRecoveryCodes ?? ''))).toEqual([recoveryCode]);

  ({ sessionHash } = await signInWithCode(auth, 'first-codes'));
  await expect(auth.ask('two-factor.get', { sessionHash })).resolves.toMatchObject({ recoveryCodesLeft: 9 });
  const second = await confirmed(sessionHash, await auth.addMethod(sessionHash, 'totp', null));
  expect(second).toEqual({ enabled: true });
});

test('a recovery code signs in, the session says so, and the login is told what is left', async () => {
  const { loginId } = await customerWithTexts(auth, 'recovers', '+14155550112');
  const { setId, attemptHash } = await recoverySetOf('recovers');
  await expect(auth.verify(attemptHash, setId, rightCode)).rejects.toMatchObject({ code: 'wrong_code' });
  await expect(auth.verify(attemptHash, setId, recoveryCode)).resolves.toMatchObject({ session: { assurance: 'pwd+recovery_code' }, askToTrust: true });
  const notice = await noticeOf(auth, loginId, 'recovery_code_used', '+14155550112');
  expect(notice.told).toMatchObject({ left: 9, loginName: 'recovers', device: 'Firefox on Linux', ip: '203.0.113.7' });
});

test('made anew the codes of before stop working, also in a login under way', async () => {
  const { sessionHash, loginId } = await customerWithTexts(auth, 'anew', '+14155550113');
  const old = await recoverySetOf('anew');
  await expect(make(sessionHash, 'a wrong password')).rejects.toMatchObject({ code: 'wrong_password' });
  const { sealedRecoveryCodes } = await make(sessionHash);
  expect(JSON.parse(await auth.sealing.open('recovery-codes', sealedRecoveryCodes))).toEqual([recoveryCode]);
  await expect(auth.verify(old.attemptHash, old.setId, recoveryCode)).rejects.toMatchObject({ code: 'attempt_over' });

  const now = await recoverySetOf('anew');
  expect(now.setId).not.toBe(old.setId);
  // The set of before is none of this attempt's methods.
  await expect(auth.verify(now.attemptHash, old.setId, recoveryCode)).rejects.toMatchObject({ code: 'not_found' });
  await expect(auth.verify(now.attemptHash, now.setId, recoveryCode)).resolves.toMatchObject({ session: { assurance: 'pwd+recovery_code' } });
  expect(await auth.database.query('SELECT recovery_set_id AS id FROM logins WHERE id = $1', [loginId])).toEqual([{ id: now.setId }]);
});

test('of sets made at the same moment the one that works is the one that counts', async () => {
  const { sessionHash } = await customerWithTexts(auth, 'at-once', '+14155550114');
  const made = await Promise.allSettled(Array.from({ length: 8 }, () => make(sessionHash)));
  expect(made.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  await expect(auth.ask('two-factor.get', { sessionHash })).resolves.toMatchObject({ recoveryCodesLeft: 9 });
  const { setId, attemptHash } = await recoverySetOf('at-once');
  await expect(auth.verify(attemptHash, setId, recoveryCode)).resolves.toMatchObject({ session: { assurance: 'pwd+recovery_code' } });
});

test('without two-factor there are none, and turning it off while they are made leaves none', async () => {
  await addCustomer(auth, 'has-none');
  await expect(make(await auth.signIn('has-none'))).rejects.toMatchObject({ code: 'two_factor_off' });

  const { sessionHash, loginId } = await customerWithTexts(auth, 'off-meanwhile', '+14155550115');
  const sealedPassword = await auth.seal(demoPassword);
  await Promise.allSettled([make(sessionHash), auth.ask('two-factor.disable', { sessionHash, sealedPassword }), make(sessionHash), make(sessionHash)]);
  await expect(auth.ask('two-factor.get', { sessionHash })).resolves.toMatchObject({ enabled: false, recoveryCodesLeft: 0 });
  expect(await auth.database.query('SELECT recovery_set_id AS id FROM logins WHERE id = $1', [loginId])).toEqual([{ id: null }]);
  // Set up again there are new ones, and they are shown.
  const again = await confirmed(sessionHash, await auth.addMethod(sessionHash, 'totp', null));
  expect(again.sealedRecoveryCodes).toBeDefined();
});

test('a recovery code raises a session in place, and a step-up begun before the method was removed raises none', async () => {
  const { sessionHash } = await customerWithTexts(auth, 'raises', '+14155550116');
  const emailId = await auth.addMethod(sessionHash, 'totp', null);
  await auth.confirm(sessionHash, emailId, rightCode);
  const { sessionHash: here } = await signInWithCode(auth, 'raises');
  const stepUp = async () => {
    const attemptHash = hashSecret(newSecret());
    const { methods } = await auth.ask('session.step-up', { sessionHash: here, attemptId: crypto.randomUUID(), attemptHash, ip: '::1', locale: 'en' });
    return { attemptHash, setId: methods.find(({ kind }) => kind === 'recovery_code')?.id ?? '' };
  };
  const first = await stepUp();
  await expect(auth.verify(first.attemptHash, first.setId, recoveryCode)).resolves.toMatchObject({ session: { assurance: 'pwd+recovery_code' }, browserId: null });
  const second = await stepUp();
  await auth.ask('two-factor.remove-method', { sessionHash: here, methodId: emailId, sealedPassword: await auth.seal(demoPassword) });
  await expect(auth.verify(second.attemptHash, emailId, rightCode)).rejects.toMatchObject({ code: 'attempt_over' });
  await expect(auth.ask('session.get', { sessionHash: here })).resolves.toMatchObject({ assurance: 'pwd+recovery_code' });
});
