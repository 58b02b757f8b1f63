import { randomUUIDv7 } from 'node:crypto';
import { type EventName, type NoticeIssued, type NoticeKind, Refusal } from '@latchkey/contracts';
import { eventually } from '@latchkey/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { AuthUnderTest, Browser, demoPassword } from '../testing/auth-under-test.ts';
import { recoveryCode, resetCode, rightCode } from '../testing/other-services.ts';
import { addCustomer, codeRequired, customerWithTexts, noticeOf, setEmail, signInWithCode } from '../testing/people.ts';

let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
});
afterAll(() => auth.stop());
afterEach(() => {
  auth.others.refuseCodes = undefined;
});

const password = () => auth.seal(demoPassword);

/** To whom notices of a kind went, once all are out. */
async function toldTo(loginId: string, kind: NoticeKind): Promise<string[]> {
  await noticeOf(auth, loginId, kind);
  // A notice published but not taken by its queue yet would be missed: a later one of the same login comes after it.
  await eventually(async () => (await auth.database.query<unknown[]>('SELECT 1 FROM outbox')).length === 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  return (await auth.others.noticesOf(loginId)).filter((notice) => notice.kind === kind).map(({ to }) => to).sort();
}

test('a new device is told to every address, each once, and a known one to none', async () => {
  const { loginId, sessionHash } = await customerWithTexts(auth, 'addresses', '+14155550151');
  await auth.confirm(sessionHash, await auth.addMethod(sessionHash, 'email', 'addresses@EXAMPLE.com'), rightCode);
  const browser = new Browser();
  await signInWithCode(auth, 'addresses', browser);
  await signInWithCode(auth, 'addresses', browser);
  // Of the first sign-in (before texts), the second (with texts) and the third (email as method, at the address it has); the last was on a known device.
  expect(await toldTo(loginId, 'new_device')).toEqual(['+14155550151', '+14155550151', 'addresses@example.com', 'addresses@example.com', 'addresses@example.com']);
});

test('two-factor on, a method added, replaced and removed: told to the addresses of before and after', async () => {
  const { loginId, sessionHash } = await customerWithTexts(auth, 'methods', '+14155550152');
  await setEmail(auth, loginId, 'own@example.com');
  expect(await toldTo(loginId, 'two_factor_on')).toEqual(['+14155550152', 'methods@example.com']);

  await auth.confirm(sessionHash, await auth.addMethod(sessionHash, 'sms', '+14155550153'), rightCode);
  expect(await toldTo(loginId, 'method_added')).toEqual(['+14155550152', '+14155550153', 'own@example.com']);
  const { sessionHash: second } = await signInWithCode(auth, 'methods');
  const emailId = await auth.addMethod(second, 'email', 'method@example.com');
  await auth.confirm(second, emailId, rightCode);
  const { sessionHash: third } = await signInWithCode(auth, 'methods');
  await auth.ask('two-factor.remove-method', { sessionHash: third, methodId: emailId, sealedPassword: await password() });
  expect(await toldTo(loginId, 'method_removed')).toEqual(['+14155550153', 'method@example.com', 'own@example.com']);
  expect((await noticeOf(auth, loginId, 'method_removed')).told).toMatchObject({ method: 'email', hint: 'm•••@example.com' });
  await auth.ask('two-factor.disable', { sessionHash: third, sealedPassword: await password() });
  expect(await toldTo(loginId, 'two_factor_off')).toEqual(['+14155550153', 'own@example.com']);
});

test('a reset, a new password, a recovery code and locked codes are told to every address', async () => {
  const { loginId, sessionHash } = await customerWithTexts(auth, 'deeds', '+14155550154');
  const both = ['+14155550154', 'deeds@example.com'];
  await auth.ask('password.change', { sessionHash, sealedPassword: await password(), sealedNewPassword: await auth.seal(`${demoPassword}!`) });
  await auth.ask('password.change', { sessionHash, sealedPassword: await auth.seal(`${demoPassword}!`), sealedNewPassword: await password() });
  expect(await toldTo(loginId, 'password_changed')).toEqual([...both, ...both].sort());

  const { attemptHash, answer } = await codeRequired(auth, 'deeds');
  await auth.verify(attemptHash, answer.methods.find(({ kind }) => kind === 'recovery_code')?.id ?? '', recoveryCode);
  expect(await toldTo(loginId, 'recovery_code_used')).toEqual(both);

  const locked = await codeRequired(auth, 'deeds');
  auth.others.refuseCodes = new Refusal('locked', { retryAfterSeconds: 60 });
  for (let number = 0; number < 3; number += 1) await expect(auth.verify(locked.attemptHash, locked.methodId, '000000')).rejects.toMatchObject({ code: 'locked' });
  auth.others.refuseCodes = undefined;
  expect(await toldTo(loginId, 'codes_locked')).toEqual(both);

  const reset = await codeRequired(auth, 'deeds');
  await auth.ask('login.reset-two-factor', { attemptHash: reset.attemptHash, ip: '::1' });
  await expect(auth.verify(reset.attemptHash, reset.methodId, resetCode)).rejects.toMatchObject({ code: 'wrong_code' });
  const { sessionHash: last } = await auth.verify(reset.attemptHash, reset.methodId, rightCode);
  await auth.ask('two-factor.reset', { sessionHash: last, sealedPassword: await password() });
  expect(await toldTo(loginId, 'two_factor_reset')).toEqual(both);
});

test('new recovery codes are told to every address, with a way out', async () => {
  const { loginId, sessionHash } = await customerWithTexts(auth, 'new-codes', '+14155550157');
  await expect(auth.ask('two-factor.make-recovery-codes', { sessionHash, sealedPassword: await auth.seal('wrong') })).rejects.toMatchObject({ code: 'wrong_password' });
  await auth.ask('two-factor.make-recovery-codes', { sessionHash, sealedPassword: await password() });
  expect(await toldTo(loginId, 'recovery_codes_made')).toEqual(['+14155550157', 'new-codes@example.com']);
  const { tokenHash, told } = await noticeOf(auth, loginId, 'recovery_codes_made');
  expect(told).toMatchObject({ device: 'Firefox on Linux', ip: '203.0.113.7' });
  await auth.ask('notice.not-me', { tokenHash, ip: '::1' });
  await expect(auth.ask('session.get', { sessionHash })).rejects.toMatchObject({ code: 'not_signed_in' });
});

test('a copied device is told once however often the event comes, and not by an old event', async () => {
  const { loginId, sessionHash, session } = await customerWithTexts(auth, 'copied', '+14155550155');
  await auth.ask('session.trust-devices', { sessionHash, deviceIds: [session.device.id] });
  const tell = (id: string, occurredAt: Date, name: string) =>
    auth.asking.publisher.publish('device.secret-reused', { loginId, devices: [{ id: session.device.id, name }], ip: '198.51.100.9' }, { id, occurredAt: occurredAt.toISOString() });
  await tell(randomUUIDv7(), new Date(Date.now() - 2 * 86_400_000), 'Old news');
  const id = randomUUIDv7();
  await tell(id, new Date(), 'Firefox on Linux');
  await noticeOf(auth, loginId, 'device_secret_reused');
  await tell(id, new Date(), 'Firefox on Linux');
  expect(await toldTo(loginId, 'device_secret_reused')).toEqual(['+14155550155', 'copied@example.com']);
  expect((await noticeOf(auth, loginId, 'device_secret_reused')).told).toMatchObject({ device: 'Firefox on Linux', ip: '198.51.100.9' });
  await expect(auth.ask('session.get', { sessionHash })).resolves.toMatchObject({ device: { trusted: false } });
});

test('the event of a copied device that comes late takes no trust from a session that was given since', async () => {
  const { loginId, sessionHash, session } = await customerWithTexts(auth, 'copied-before', '+14155550156');
  const own = { sessionHash, deviceIds: [session.device.id] };
  const trusted = async () => (await auth.ask('session.trust-devices', own)).devices.find(({ id }) => id === session.device.id)?.trustedUntil ?? '';
  const tell = async (trustedUntil: string | null) => {
    const name = `until ${trustedUntil}`;
    await auth.asking.publisher.publish('device.secret-reused', { loginId, devices: [{ id: session.device.id, name, trustedUntil }], ip: '198.51.100.9' });
    await eventually(async () => (await noticeOf(auth, loginId, 'device_secret_reused')).told.device === name);
    return (await auth.ask('session.get', { sessionHash })).device;
  };
  const before = await trusted();
  await auth.ask('session.forget-devices', own);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const since = await trusted();
  expect(await tell(before)).toMatchObject({ trusted: true, trustedUntil: since });
  expect(await tell(null)).toMatchObject({ trusted: true, trustedUntil: since });
  expect(await tell(since)).toMatchObject({ trusted: false, trustedUntil: null });
});

test('notices come in the language that the login used last', async () => {
  const loginId = await addCustomer(auth, 'speaks');
  const languages = ['de', 'fr'];
  for (const locale of languages) {
    const { device } = new Browser();
    await auth.ask('login.start', { loginName: 'speaks', sealedPassword: await password(), device, attemptId: randomUUIDv7(), attemptHash: 'a'.repeat(43), sessionHash: locale.padEnd(43, 'x'), locale });
  }
  await auth.ask('password.change', { sessionHash: 'fr'.padEnd(43, 'x'), sealedPassword: await password(), sealedNewPassword: await auth.seal(`${demoPassword}!`) });
  await noticeOf(auth, loginId, 'password_changed');
  const mine = issuedTo(loginId);
  expect(mine.filter(({ kind }) => kind === 'new_device').map(({ locale }) => locale)).toEqual(languages);
  expect(mine.filter(({ kind }) => kind === 'password_changed').map(({ locale }) => locale)).toEqual(['fr']);
});

const issuedTo = (loginId: string) =>
  auth.others.facts.filter(({ name }) => (['notice.issued.sms', 'notice.issued.email'] as EventName[]).includes(name)).map(({ payload }) => payload as NoticeIssued).filter((notice) => notice.loginId === loginId);

test('nothing secret stands in any notice in the clear, links hold no six digits in a row, and each has its own secret', async () => {
  const all = auth.others.facts.filter(({ name }) => name.startsWith('notice.')).map(({ payload }) => payload as NoticeIssued);
  expect(all.length).toBeGreaterThan(30);
  const links: string[] = [];
  for (const notice of all) {
    const told = JSON.parse(await auth.sealing.open('notice', notice.sealedArguments)) as Record<string, string>;
    const to = await auth.sealing.open('destination', notice.sealedDestination);
    const clear = JSON.stringify(notice);
    for (const secret of [to, told.notMeUrl, told.url, told.ip]) if (secret !== undefined) expect(clear).not.toContain(secret);
    expect(Date.parse(notice.expiresAt)).toBeGreaterThan(Date.now());
    links.push(...[told.notMeUrl, told.url].filter((link) => link !== undefined));
  }
  for (const link of links) expect(link).not.toMatch(/\d{6}/);
  expect(new Set(links).size).toBe(links.length);
  // At rest there are only hashes.
  const rows = await auth.database.query<{ token_hash: string }[]>('SELECT token_hash FROM links');
  for (const { token_hash: hash } of rows) expect(links.some((link) => link.endsWith(hash))).toBe(false);
});
