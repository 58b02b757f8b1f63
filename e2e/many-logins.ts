import { randomUUIDv7 } from 'node:crypto';
import { maskPhoneNumber, SealingKeys } from '@latchkey/platform';
import { roleUrl, type RunningSystem } from '@latchkey/tools';
import pg from 'pg';

/** A login of a load: the demo password, and a number of its own, so that its texts can be counted apart. */
export type LoadLogin = { loginName: string; phoneNumber: string };

const firstNumber = 14_152_000_000;

/**
 * Adds logins `load-<first>` … with two-factor by text on, to a system that runs; those that are there already stay.
 *
 * @param first whoever counts texts takes numbers that nobody else uses.
 */
export async function addLogins({ instance, stack }: RunningSystem, count: number, first = 0): Promise<LoadLogin[]> {
  const logins = Array.from({ length: count }, (_, index) => ({ loginName: `load-${first + index}`, phoneNumber: `+${firstNumber + first + index}` }));
  const keys = new SealingKeys(instance.state.secrets.sealingKey);
  const sealed = await Promise.all(logins.map(({ phoneNumber }) => keys.seal('destination', phoneNumber)));
  const client = new pg.Client({ connectionString: roleUrl(instance, stack.postgres.url, 'auth') });
  await client.connect();
  try {
    await client.query(
      `WITH owner AS (SELECT account_id, provider_id, password_hash FROM logins WHERE login_name_key = 'owner'), added AS (
         INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, password_hash)
         SELECT load.id, account_id, provider_id, name, name, 'customer', password_hash FROM owner, unnest($1::uuid[], $2::text[]) AS load (id, name)
         ON CONFLICT (login_name_key) DO NOTHING RETURNING id, login_name
       )
       INSERT INTO two_factor_methods (id, login_id, kind, sealed_destination, hint, is_default, confirmed_at)
       SELECT method.id, added.id, 'sms', sealed, hint, true, now()
       FROM added JOIN unnest($2::text[], $3::uuid[], $4::text[], $5::text[]) AS method (name, id, sealed, hint) ON method.name = added.login_name`,
      [
        logins.map(() => randomUUIDv7()),
        logins.map(({ loginName }) => loginName),
        logins.map(() => randomUUIDv7()),
        sealed,
        logins.map(({ phoneNumber }) => maskPhoneNumber(phoneNumber)),
      ],
    );
  } finally {
    await client.end();
  }
  return logins;
}
