import { eventually, readInbox } from '@latchkey/testing';
import { type ApiClient, demoPassword } from './api-client.ts';
import { codeSentTo, newClient, signInOwner, system } from './demo.ts';

/** A login of its own for a test, in the account of the demo owner. */
export interface Person {
  loginName: string;
  emailAddress: string;
}

let count = 0;
let owner: ApiClient | undefined;

/** The demo owner, signed in once for all invitations of a file. */
async function ownerClient(): Promise<ApiClient> {
  if (owner && (await owner.get('/v1/session')).status === 200) return owner;
  owner = newClient();
  await signInOwner(owner);
  return owner;
}

/** Invited, and no password yet; gives the link of the invitation. */
export async function invitedPerson(name: string): Promise<Person & { link: string }> {
  count += 1;
  const loginName = `${name}-${Date.now().toString(36)}-${count}`;
  const emailAddress = `${loginName}@example.com`;
  const link = await linkSentTo(emailAddress, 'invitation', async () => (await ownerClient()).post('/v1/account/logins', { loginName, emailAddress }));
  return { loginName, emailAddress, link };
}

/** With the password of the demo, and two-factor off. */
export async function newPerson(name: string): Promise<Person> {
  const { link, ...person } = await invitedPerson(name);
  const accepted = await newClient().post('/v1/invitations/accept', { token: link.split('#')[1], password: demoPassword });
  if (accepted.status !== 204) throw new Error(`not accepted: ${accepted.status} ${JSON.stringify(accepted.body)}`);
  return person;
}

/** Turns two-factor on; gives the recovery codes. */
export async function turnOnTwoFactor({ loginName }: Person, method: { kind: 'sms'; phoneNumber: string } | { kind: 'email'; emailAddress: string }): Promise<string[]> {
  const client = newClient();
  await client.post('/v1/login', { loginName, password: demoPassword });
  const to = method.kind === 'sms' ? method.phoneNumber : method.emailAddress;
  const { code, answer } = await codeSentTo(to, () => client.post('/v1/two-factor/methods', { password: demoPassword, ...method }));
  const confirmed = await client.post(`/v1/two-factor/methods/${answer.body.id}/confirm`, { code });
  if (confirmed.status !== 200) throw new Error(`not confirmed: ${confirmed.status} ${JSON.stringify(confirmed.body)}`);
  return confirmed.body.recoveryCodes as string[];
}

/** The link to a page of the website in the newest message that goes out while `ask` runs, or a little later. */
export async function linkSentTo(to: string, page: 'invitation' | 'new-password' | 'not-me', ask: () => Promise<unknown>): Promise<string> {
  const after = Date.now();
  await ask();
  const link = new RegExp(`${system().baseUrl}/${page}#[a-z]{56}`);
  return eventually(
    async () => (await readInbox(system().inboxUrl, to)).filter(({ receivedAt }) => Date.parse(receivedAt) >= after).map(({ text }) => link.exec(text)?.[0]).find(Boolean),
    { timeoutMs: 10_000, everyMs: 50, what: `a link to /${page} for ${to}` },
  );
}

let lines = 0;
/** A number that nobody else in the tests has. */
export const newPhoneNumber = (): string => `+1415555${String(2000 + ((Date.now() / 1000 + (lines += 1)) % 7999 | 0)).padStart(4, '0')}`;
