import { randomBytes } from 'node:crypto';
import { SealingKeys } from '@latchkey/platform';
import { type DatabaseOwner, roleUrl, type RunningSystem } from '@latchkey/tools';
import { ScureBase32Plugin } from 'otplib';
import pg from 'pg';
import { addLogins } from '../../e2e/many-logins.ts';
import type { People, Person } from './plan.ts';

/** Enough that nobody logs in often: of an authenticator's codes only one is good for every 30 seconds. */
const groups = { text: 400, new: 1_000, app: 2_400, trusted: 300, session: 100 };

/** Adds everybody to our system, straight into its tables; those of `app` with an authenticator app instead of texts. */
export async function addPeople(system: RunningSystem): Promise<People> {
  const all = await addLogins(system, Object.values(groups).reduce((sum, count) => sum + count, 0));
  const people = all.map(({ loginName, phoneNumber }): Person => ({ name: loginName, phoneNumber }));
  const take = (count: number) => people.splice(0, count);
  const app = take(groups.app).map((person) => ({ ...person, secret: randomBytes(16).toString('hex').slice(0, 20) }));
  await giveApps(system, app);
  return { text: take(groups.text), new: take(groups.new), app, trusted: take(groups.trusted), session: take(groups.session) };
}

async function giveApps(system: RunningSystem, people: Person[]): Promise<void> {
  const methods = await as(system, 'auth', (client) =>
    client.query<{ id: string; login_id: string; login_name: string }>(
      `UPDATE two_factor_methods SET kind = 'totp', sealed_destination = NULL, hint = '' FROM logins
       WHERE logins.id = two_factor_methods.login_id AND logins.login_name = ANY($1) RETURNING two_factor_methods.id, login_id, login_name`,
      [people.map(({ name }) => name)],
    ),
  );
  const keys = new SealingKeys(system.instance.state.secrets.sealingKey);
  const base32 = new ScureBase32Plugin();
  const secrets = new Map(people.map(({ name, secret }) => [name, base32.encode(Buffer.from(secret ?? ''))]));
  const sealed = await Promise.all(methods.rows.map(({ login_name }) => keys.seal('authenticator-secret', secrets.get(login_name) ?? '')));
  await as(system, 'codes', (client) =>
    client.query(`INSERT INTO authenticators (method_id, login_id, sealed_secret, created_at) SELECT *, now() FROM unnest($1::uuid[], $2::uuid[], $3::text[])`, [
      methods.rows.map(({ id }) => id),
      methods.rows.map(({ login_id }) => login_id),
      sealed,
    ]),
  );
}

/** The hash of everybody's password, which the peer is given as well. */
export async function passwordHash(system: RunningSystem): Promise<string> {
  const { rows } = await as(system, 'auth', (client) => client.query<{ password_hash: string }>(`SELECT password_hash FROM logins WHERE login_name_key = 'owner'`));
  return rows[0]?.password_hash ?? '';
}

async function as<T>({ instance, stack }: RunningSystem, owner: DatabaseOwner, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: roleUrl(instance, stack.postgres.url, owner) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
