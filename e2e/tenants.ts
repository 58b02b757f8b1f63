import { randomInt, randomUUIDv7 } from 'node:crypto';
import { eventually, type InboxMessage, latestCode, readInbox } from '@latchkey/testing';
import { maskEmailAddress, maskPhoneNumber, SealingKeys } from '@latchkey/platform';
import { type DatabaseOwner, openSystem, roleUrl } from '@latchkey/tools';
import pg from 'pg';
import { type ApiClient, demoPassword } from './api-client.ts';
import { system } from './demo.ts';

export type Role = 'customer' | 'account_owner' | 'provider_staff' | 'operator';
export type Policy = 'optional' | 'suggested' | 'required';
/** A service provider with one account. */
export type Tenant = { providerId: string; providerName: string; contact: { name: string; phone: string; email: string }; accountId: string; accountName: string };
/** A login with the demo password and addresses that nobody else uses. `methodId`: its two-factor by text, where it was made with it. */
export type Person = { id: string; loginName: string; role: Role; emailAddress: string; phoneNumber: string; methodId: string | null };

/** Statements as the service that owns the tables; for what no client can make (providers, staff) and for time that has to pass. */
export async function query<Row extends pg.QueryResultRow>(owner: DatabaseOwner, sql: string, values: unknown[] = []): Promise<Row[]> {
  const { instance, stack } = openSystem(system().instance);
  const client = new pg.Client({ connectionString: roleUrl(instance, stack.postgres.url, owner) });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

export async function addTenant(name: string, policy: Policy = 'optional'): Promise<Tenant> {
  const contact = { name: `${name} desk`, phone: '+14155550199', email: `desk@${slug(name)}.example` };
  const tenant: Tenant = { providerId: randomUUIDv7(), providerName: name, contact, accountId: '', accountName: `${name} household` };
  const { name: contactName, phone, email } = contact;
  const row = [tenant.providerId, name, policy, contactName, phone, email];
  await query('auth', 'INSERT INTO providers (id, name, policy, contact_name, contact_phone, contact_email) VALUES ($1, $2, $3, $4, $5, $6)', row);
  return addAccount(tenant, tenant.accountName);
}

/** The same provider with another account. */
export async function addAccount(tenant: Tenant, accountName: string): Promise<Tenant> {
  const accountId = randomUUIDv7();
  await query('auth', 'INSERT INTO accounts (id, provider_id, name) VALUES ($1, $2, $3)', [accountId, tenant.providerId, accountName]);
  return { ...tenant, accountId, accountName };
}

export async function addPerson({ providerId, accountId }: Tenant, role: Role, loginName: string, { texts = false } = {}): Promise<Person> {
  const keys = new SealingKeys(openSystem(system().instance).instance.state.secrets.sealingKey);
  const person: Person = {
    id: randomUUIDv7(),
    loginName,
    role,
    emailAddress: `${loginName}@people.example`,
    phoneNumber: `+1415${3_200_000 + randomInt(700_000)}`,
    methodId: texts ? randomUUIDv7() : null,
  };
  const { id, emailAddress, phoneNumber, methodId } = person;
  await query(
    'auth',
    `INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, password_hash, email_sealed, email_masked)
     SELECT $1, $2, $3, $4, $4, $5, password_hash, $6, $7 FROM logins WHERE login_name_key = 'member'`,
    [id, role === 'customer' || role === 'account_owner' ? accountId : null, providerId, loginName, role, await keys.seal('destination', emailAddress), maskEmailAddress(emailAddress)],
  );
  if (methodId) {
    await query('auth', `INSERT INTO two_factor_methods (id, login_id, kind, sealed_destination, hint, is_default, confirmed_at) VALUES ($1, $2, 'sms', $3, $4, true, now())`, [
      methodId,
      id,
      await keys.seal('destination', phoneNumber),
      maskPhoneNumber(phoneNumber),
    ]);
  }
  return person;
}

type Way = { password?: string; body?: object; headers?: Record<string, string> };

/** Name and password of a person; where a code is asked for, also the one that was sent. */
export async function beginLogin(client: ApiClient, person: Person, { password = demoPassword, body = {}, headers = {} }: Way = {}) {
  const after = new Date();
  const answer = await client.post('/v1/login', { loginName: person.loginName, password, ...body }, headers);
  const { sent, methods } = answer.body ?? {};
  const kind = sent && methods.find(({ id }: { id: string }) => id === sent.methodId)?.kind;
  const code = kind ? await latestCode(system().inboxUrl, kind === 'sms' ? person.phoneNumber : person.emailAddress, { after }) : '';
  return { answer, attempt: answer.body?.attempt as string, methodId: sent?.methodId as string, code };
}

/** Logs a person in, by the code that was sent where one is asked for. */
export async function logIn(client: ApiClient, person: Person, way: Way = {}): Promise<{ session: any; askToTrust?: boolean }> {
  const { answer, attempt, methodId, code } = await beginLogin(client, person, way);
  const done = answer.body?.status === 'code_required' ? await client.post('/v1/login/verify-code', { attempt, methodId, code }, way.headers) : answer;
  if (done.body?.status !== 'signed_in') throw new Error(`${person.loginName} is not signed in: ${done.status} ${JSON.stringify(done.body)}`);
  return done.body;
}

/** Logs a person in by a code and trusts the device. */
export async function logInAndTrust(client: ApiClient, person: Person, way: Way = {}): Promise<any> {
  const { session } = await logIn(client, person, way);
  const trusted = await client.post('/v1/devices/trust', { deviceIds: [session.device.id] });
  if (trusted.status !== 200) throw new Error(`not trusted: ${trusted.status} ${JSON.stringify(trusted.body)}`);
  return session;
}

/** The message that came since `after` and says this: in its subject if it is an email, else in its text. */
export function messageTo(to: string, says: string | RegExp, after: Date): Promise<InboxMessage> {
  const isIt = ({ subject, text, receivedAt }: InboxMessage) => Date.parse(receivedAt) >= after.getTime() && (subject ?? text).match(says) !== null;
  return eventually(async () => (await readInbox(system().inboxUrl, to)).find(isIt), { timeoutMs: 10_000, everyMs: 50, what: `a message to ${to} that says ${says}` });
}

/** Both messages of a notice: to the login's email address, and to its phone number. */
export const noticesTo = ({ emailAddress, phoneNumber }: Person, email: RegExp, text: RegExp, after: Date): Promise<[InboxMessage, InboxMessage]> =>
  Promise.all([messageTo(emailAddress, email, after), messageTo(phoneNumber, text, after)]);

/** The secret of the link to a page, as the person's browser finds it behind `#`. */
export function linkTo(page: 'not-me' | 'new-password' | 'invitation', { text }: InboxMessage): string {
  const token = new RegExp(`${system().baseUrl}/${page}#([a-z]{56})(?![a-z])`).exec(text)?.[1];
  if (!token) throw new Error(`no link to ${page} in: ${text}`);
  return token;
}

const slug = (name: string) => name.toLowerCase().replaceAll(' ', '-');
