import { randomUUIDv7 } from 'node:crypto';
import { hashSecret, newSecret } from '@latchkey/platform';
import { eventually } from '@latchkey/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser, demoPassword } from './testing/auth-under-test.ts';
import { resetCode, rightCode } from './testing/other-services.ts';
import { addCustomer, addLogin, addProvider, codeRequired, customerWithTexts, noticeOf } from './testing/people.ts';
import { rawBroker } from './testing/raw-broker.ts';

// A process that dies after the effect and before its acknowledgement has the same request delivered to the next one.

let auth: AuthUnderTest;
let broker: Awaited<ReturnType<typeof rawBroker>>;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
  broker = await rawBroker(auth);
});
afterAll(async () => {
  await broker.close();
  await auth.stop();
});

const secretHash = () => hashSecret(newSecret());
const sessionsOf = async (loginId: string) => Object.keys(await auth.redis.hgetall(`sessions:{${loginId}}`)).filter((field) => field !== 'epoch').length;
const noticesOf = async (loginId: string, kind: string) => (await auth.others.noticesOf(loginId)).filter((notice) => notice.kind === kind).length;

/** The lines of a kind, once everything told so far is written. */
async function linesOf(loginId: string, kind: string): Promise<number> {
  await eventually(async () => (await auth.database.query<unknown[]>('SELECT 1 FROM outbox')).length === 0);
  const marker = await addCustomer(auth, `marker-${randomUUIDv7()}`);
  const [{ name } = { name: '' }] = await auth.database.query<{ name: string }[]>('SELECT login_name AS name FROM logins WHERE id = $1', [marker]);
  await auth.signIn(name);
  await eventually(async () => (await auth.database.query<unknown[]>(`SELECT 1 FROM activity WHERE login_id = $1 AND kind = 'signed_in'`, [marker])).length === 1);
  return (await auth.database.query<unknown[]>('SELECT 1 FROM activity WHERE login_id = $1 AND kind = $2', [loginId, kind])).length;
}

test('a login by password alone: one session, one line, one notice', async () => {
  const loginId = await addCustomer(auth, 'login-twice');
  const payload = { loginName: 'login-twice', sealedPassword: await auth.seal(demoPassword), device: new Browser().device, attemptId: randomUUIDv7(), attemptHash: secretHash(), sessionHash: secretHash(), locale: 'en' };
  const [first, second] = await broker.deliver('login.start', payload, 2);
  expect(first).toMatchObject({ ok: true, data: { status: 'signed_in' } });
  expect(second).toEqual(first);
  expect(await sessionsOf(loginId)).toBe(1);
  expect(await linesOf(loginId, 'signed_in')).toBe(1);
  expect(await noticesOf(loginId, 'new_device')).toBe(1);
});

test('a login that dies after its device was entered is told all the same when it is delivered again', async () => {
  const loginId = await addCustomer(auth, 'dies-once');
  const { device } = new Browser();
  await auth.ask('device.enter', { loginId, trustEpoch: 0, device, trust: false });
  const payload = { loginName: 'dies-once', sealedPassword: await auth.seal(demoPassword), device, attemptId: randomUUIDv7(), attemptHash: secretHash(), sessionHash: secretHash(), locale: 'en' };
  await broker.deliver('login.start', payload, 2);
  await noticeOf(auth, loginId, 'new_device');
  expect(await linesOf(loginId, 'signed_in')).toBe(1);
  expect(await noticesOf(loginId, 'new_device')).toBe(1);
});

test('a refused password and a refused code are one line each', async () => {
  const { loginId } = await customerWithTexts(auth, 'refused-twice', '+14155550191');
  const payload = { loginName: 'refused-twice', sealedPassword: await auth.seal('wrong'), device: new Browser().device, attemptId: randomUUIDv7(), attemptHash: secretHash(), sessionHash: secretHash(), locale: 'en' };
  await broker.deliver('login.start', payload, 3);
  const { attemptHash, methodId } = await codeRequired(auth, 'refused-twice');
  await broker.deliver('login.verify-code', { attemptHash, methodId, sealedCode: await auth.sealCode('000000'), sessionHash: secretHash(), device: new Browser().device }, 3);
  expect(await linesOf(loginId, 'login_refused')).toBe(1);
  expect(await linesOf(loginId, 'code_refused')).toBe(1);
});

test('a right code: one session, answered alike', async () => {
  const { loginId } = await customerWithTexts(auth, 'code-twice', '+14155550192');
  const before = await sessionsOf(loginId);
  const { attemptHash, methodId } = await codeRequired(auth, 'code-twice');
  const payload = { attemptHash, methodId, sealedCode: await auth.sealCode(rightCode), sessionHash: secretHash(), device: new Browser().device };
  const [first, second] = await broker.deliver('login.verify-code', payload, 2);
  expect(first).toMatchObject({ ok: true, data: { session: { assurance: 'pwd+sms' } } });
  expect(second).toEqual(first);
  expect(await sessionsOf(loginId)).toBe(before + 1);
  expect(await linesOf(loginId, 'signed_in')).toBe(3);
  // Another request with the same right code is another matter.
  const [third] = await broker.deliver('login.verify-code', { ...payload, sessionHash: secretHash() }, 1);
  expect(third).toMatchObject({ ok: false, code: 'attempt_over' });
});

test('a reset of two-factor: off once, told once, one session, answered alike', async () => {
  const { loginId } = await customerWithTexts(auth, 'reset-twice', '+14155550193');
  const { attemptHash } = await codeRequired(auth, 'reset-twice');
  await auth.ask('login.reset-two-factor', { attemptHash, ip: '::1' });
  const payload = { attemptHash, sealedCode: await auth.sealCode(resetCode), sessionHash: secretHash(), device: new Browser().device };
  const [first, second] = await broker.deliver('login.confirm-reset', payload, 2);
  expect(first).toMatchObject({ ok: true, data: { session: { assurance: 'pwd+email' } } });
  expect(second).toEqual(first);
  expect(await sessionsOf(loginId)).toBe(1);
  expect(await linesOf(loginId, 'two_factor_reset')).toBe(1);
  expect(await noticesOf(loginId, 'two_factor_reset')).toBe(2); // text and email
  const order = await auth.database.query<{ kind: string }[]>(`SELECT kind FROM activity WHERE login_id = $1 ORDER BY at DESC, id DESC LIMIT 2`, [loginId]);
  expect(order.map(({ kind }) => kind)).toEqual(['signed_in', 'two_factor_reset']);
});

test('changes that were made are not made again', async () => {
  const provider = await addProvider(auth, 'Repeats');
  await addLogin(auth, { name: 'repeats-owner', role: 'account_owner', ...provider });
  const [staff, owner] = [await auth.signIn('Repeats-staff'), await auth.signIn('repeats-owner')];
  const { loginId, sessionHash } = await customerWithTexts(auth, 'change-twice', '+14155550194');
  await auth.database.query('UPDATE logins SET provider_id = $2, account_id = $3 WHERE id = $1', [loginId, provider.providerId, provider.accountId]);

  const change = { sessionHash, sealedPassword: await auth.seal(demoPassword), sealedNewPassword: await auth.seal('quite another phrase 77') };
  expect(await broker.deliver('password.change', change, 2)).toMatchObject([{ ok: true }, { ok: false, code: 'wrong_password' }]);
  const disable = { sessionHash: staff, loginId, reason: 'Lost phone' };
  expect(await broker.deliver('provider.disable-two-factor', disable, 2)).toMatchObject([{ ok: true }, { ok: false, code: 'two_factor_off' }]);
  expect(await linesOf(loginId, 'password_changed')).toBe(1);
  expect(await linesOf(loginId, 'two_factor_off')).toBe(1);
  expect(await noticesOf(loginId, 'provider_turned_two_factor_off')).toBe(2);

  const notMe = { tokenHash: (await noticeOf(auth, loginId, 'password_changed')).tokenHash, ip: '::1' };
  expect(await broker.deliver('notice.not-me', notMe, 2)).toMatchObject([{ ok: true }, { ok: false, code: 'link_over' }]);

  const added = { sessionHash: owner, loginName: 'added-twice', sealedEmailAddress: await auth.sealing.seal('destination', 'a@example.com'), locale: 'en' };
  const answers = await broker.deliver('account.add-login', added, 2);
  expect(answers).toMatchObject([{ ok: true, data: { loginName: 'added-twice' } }, { ok: true, data: { loginName: 'added-twice' } }]);
  const [row] = await auth.database.query<{ id: string }[]>(`SELECT id FROM logins WHERE login_name_key = 'added-twice'`);
  await noticeOf(auth, row?.id ?? '', 'invitation');
  expect(await noticesOf(row?.id ?? '', 'invitation')).toBe(1);
  expect(await broker.deliver('account.remove-login', { sessionHash: owner, loginId }, 2)).toMatchObject([{ ok: true }, { ok: false, code: 'not_found' }]);
  expect(await linesOf(loginId, 'login_removed')).toBe(1);
});
