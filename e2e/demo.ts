import { execFileSync } from 'node:child_process';
import { latestCode, testSystem } from '@latchkey/testing';
import { ApiClient, demoPassword } from './api-client.ts';

export const system = () => testSystem();
export const newClient = () => new ApiClient(system().baseUrl);

export const ownerPhone = '+14155550123';

/** The code that goes out while `ask` runs. A test that asks for a code waits for it: else the next one takes it for its own. */
export async function codeSentTo<Answer>(to: string, ask: () => Promise<Answer>): Promise<{ code: string; answer: Answer }> {
  const after = new Date();
  const answer = await ask();
  return { code: await latestCode(system().inboxUrl, to, { after }), answer };
}

/** Asks for a text to the demo owner and gives the attempt with the code that arrived. */
export async function ownerCode(client: ApiClient, extra: object = {}, headers: Record<string, string> = {}) {
  const { code, answer } = await codeSentTo(ownerPhone, async () => {
    const answer = await client.post('/v1/login', { loginName: 'owner', password: demoPassword, ...extra }, headers);
    if (answer.body?.status !== 'code_required') throw new Error(`no code asked: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  });
  return { attempt: answer.body.attempt as string, methodId: answer.body.sent.methodId as string, code, answer };
}

/** A login by texted code, up to the session. */
export async function signInOwner(client: ApiClient, extra: object = {}) {
  const { attempt, methodId, code } = await ownerCode(client, extra);
  const verified = await client.post('/v1/login/verify-code', { attempt, methodId, code });
  if (verified.status !== 200) throw new Error(`code refused: ${verified.status} ${JSON.stringify(verified.body)}`);
  return verified.body as { status: 'signed_in'; askToTrust: boolean; session: any };
}

/** A login without a code: two-factor is off, or the device trusted. */
export async function signIn(client: ApiClient, loginName: string) {
  const answer = await client.post('/v1/login', { loginName, password: demoPassword });
  if (answer.body?.status !== 'signed_in') throw new Error(`not signed in: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.session;
}

/** The owner on a trusted browser, signed in by that trust alone. */
export async function signInTrusted(browser: ApiClient) {
  const { session } = await signInOwner(browser);
  const trusted = await browser.post('/v1/devices/trust', { deviceIds: [session.device.id] });
  if (trusted.status !== 200) throw new Error(`not trusted: ${trusted.status} ${JSON.stringify(trusted.body)}`);
  await browser.post('/v1/logout');
  return signIn(browser, 'owner');
}

/** Sets up a further method of a signed-in login and confirms it, which ends the session; gives its id. */
export async function addMethod(client: ApiClient, method: { kind: 'sms'; phoneNumber: string } | { kind: 'email'; emailAddress: string }): Promise<string> {
  const to = method.kind === 'sms' ? method.phoneNumber : method.emailAddress;
  const { code, answer: added } = await codeSentTo(to, () => client.post('/v1/two-factor/methods', { password: demoPassword, ...method }));
  const confirmed = await client.post(`/v1/two-factor/methods/${added.body.id}/confirm`, { code });
  if (confirmed.status !== 200) throw new Error(`not confirmed: ${confirmed.status} ${JSON.stringify(confirmed.body)}`);
  return added.body.id as string;
}

/** The code of the moment, computed by a program that is not ours (oath-toolkit). */
export const authenticatorCode = (secret: string, offsetSeconds = 0): string =>
  execFileSync('oathtool', ['--totp', '--base32', '--now', new Date(Date.now() + offsetSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ') + ' UTC', secret], { encoding: 'utf8' }).trim();

export const wrongCodeFor = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
