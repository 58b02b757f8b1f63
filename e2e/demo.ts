import { execFileSync } from 'node:child_process';
import { latestCode, testSystem } from '@latchkey/testing';
import { ApiClient, demoPassword } from './api-client.ts';

export const system = () => testSystem();
export const newClient = () => new ApiClient(system().baseUrl);

/** Asks for a text to the demo owner and gives the attempt with the code that arrived. */
export async function ownerCode(client: ApiClient, extra: object = {}) {
  const after = new Date();
  const answer = await client.post('/v1/login', { loginName: 'owner', password: demoPassword, ...extra });
  if (answer.body?.status !== 'code_required') throw new Error(`no code asked: ${answer.status} ${JSON.stringify(answer.body)}`);
  const method = answer.body.methods.find((choice: { default: boolean }) => choice.default);
  const code = await latestCode(system().inboxUrl, ownerPhone, { after });
  return { attempt: answer.body.attempt as string, methodId: method.id as string, code, answer };
}

export const ownerPhone = '+14155550123';

/** A login by texted code, up to the session. */
export async function signInOwner(client: ApiClient, extra: object = {}) {
  const { attempt, methodId, code } = await ownerCode(client, extra);
  const verified = await client.post('/v1/login/verify-code', { attempt, methodId, code });
  if (verified.status !== 200) throw new Error(`code refused: ${verified.status} ${JSON.stringify(verified.body)}`);
  return verified.body as { status: 'signed_in'; askToTrust: boolean; session: any };
}

export async function signIn(client: ApiClient, loginName: string) {
  const answer = await client.post('/v1/login', { loginName, password: demoPassword });
  if (answer.body?.status !== 'signed_in') throw new Error(`not signed in: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.session;
}

/** The code of the moment, computed by a program that is not ours (oath-toolkit). */
export const authenticatorCode = (secret: string, offsetSeconds = 0): string =>
  execFileSync('oathtool', ['--totp', '--base32', '--now', new Date(Date.now() + offsetSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ') + ' UTC', secret], { encoding: 'utf8' }).trim();

export const wrongCodeFor = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
