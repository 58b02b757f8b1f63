import { randomUUIDv7 } from 'node:crypto';
import type { NoticeKind, Role, TwoFactorPolicy } from '@latchkey/contracts';
import { hashSecret, maskEmailAddress } from '@latchkey/platform';
import { eventually } from '@latchkey/testing';
import { loginNameKey } from '../logins/login-name.ts';
import { type AuthUnderTest, Browser } from './auth-under-test.ts';
import { rightCode } from './other-services.ts';

/** A customer of the demo provider with an address of its own; two-factor is off. */
export async function addCustomer(auth: AuthUnderTest, name: string, email = `${name}@example.com`): Promise<string> {
  const loginId = await auth.addCustomer(name);
  await setEmail(auth, loginId, email);
  return loginId;
}

export async function setEmail(auth: AuthUnderTest, loginId: string, email: string): Promise<void> {
  await auth.database.query('UPDATE logins SET email_sealed = $2, email_masked = $3 WHERE id = $1', [loginId, await auth.sealing.seal('destination', email), maskEmailAddress(email)]);
}

/** A customer with codes by text message, signed in with one. */
export async function customerWithTexts(auth: AuthUnderTest, name: string, number: string, browser = new Browser()) {
  const loginId = await addCustomer(auth, name);
  const first = await auth.signIn(name);
  const methodId = await auth.addMethod(first, 'sms', number);
  await auth.confirm(first, methodId, rightCode);
  return { loginId, methodId, ...(await signInWithCode(auth, name, browser)) };
}

/** An attempt that waits for its code. */
export async function codeRequired(auth: AuthUnderTest, name: string, browser = new Browser()) {
  const { answer, attemptHash } = await auth.start(name, { browser });
  if (answer.status !== 'code_required') throw new Error(`${name} is signed in without a code`);
  const method = answer.methods.find((candidate) => candidate.default);
  if (!method) throw new Error('no method is the default');
  return { answer, attemptHash, methodId: method.id };
}

export async function signInWithCode(auth: AuthUnderTest, name: string, browser = new Browser()) {
  const { attemptHash, methodId } = await codeRequired(auth, name, browser);
  return auth.verify(attemptHash, methodId, rightCode, browser);
}

/** A provider with a member of staff (`<name>-staff`), an account and a customer in it (`<name>-customer`). */
export async function addProvider(auth: AuthUnderTest, name: string, policy: TwoFactorPolicy = 'optional') {
  const [providerId, accountId] = [randomUUIDv7(), randomUUIDv7()];
  await auth.database.query('INSERT INTO providers (id, name, policy) VALUES ($1, $2, $3)', [providerId, name, policy]);
  await auth.database.query('INSERT INTO accounts (id, provider_id, name) VALUES ($1, $2, $3)', [accountId, providerId, `${name} household`]);
  const staffId = await addLogin(auth, { name: `${name}-staff`, role: 'provider_staff', providerId, accountId: null });
  const customerId = await addLogin(auth, { name: `${name}-customer`, role: 'customer', providerId, accountId });
  return { providerId, accountId, staffId, customerId };
}

export async function addLogin(auth: AuthUnderTest, { name, role, providerId, accountId }: { name: string; role: Role; providerId: string; accountId: string | null }): Promise<string> {
  const id = randomUUIDv7();
  await auth.database.query(
    `INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, password_hash)
     SELECT $1, $2, $3, $4, $5, $6, password_hash FROM logins WHERE login_name_key = 'member'`,
    [id, accountId, providerId, name, loginNameKey(name), role],
  );
  await setEmail(auth, id, `${name}@example.com`);
  return id;
}

/** Waits for a notice of a kind, and gives the newest with the hash of its link's secret. */
export async function noticeOf(auth: AuthUnderTest, loginId: string, kind: NoticeKind, to?: string) {
  const notice = await eventually(async () => (await auth.others.noticesOf(loginId)).findLast((candidate) => candidate.kind === kind && (to === undefined || candidate.to === to)), {
    what: `a notice ${kind}`,
  });
  const link = notice.told.url ?? notice.told.notMeUrl ?? '';
  return { ...notice, link, tokenHash: hashSecret(link.slice(link.indexOf('#') + 1)) };
}

export async function isSignedIn(auth: AuthUnderTest, sessionHash: string): Promise<boolean> {
  return auth.ask('session.get', { sessionHash }).then(
    () => true,
    (error: { code?: string }) => {
      if (error.code === 'not_signed_in') return false;
      throw error;
    },
  );
}
