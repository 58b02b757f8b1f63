import { randomInt, randomUUIDv7 } from 'node:crypto';
import { maskEmailAddress, maskPhoneNumber, type SealingKeys } from '@latchkey/platform';
import type pg from 'pg';
import type { Login, Policy, Provider, Role } from './state.ts';

export const firstPassword = 'correct-horse-battery-staple';

// Numbers of several areas, so that no two runs text to the same one; the inbox's seven last digits that go wrong are 999….
let nextNumber = randomInt(4_000_000);
export function newPhoneNumber(): string {
  nextNumber += 1;
  const area = ['212', '305', '415', '510', '617', '702', '818'][nextNumber % 7];
  return `+1${area}${2_000_000 + (nextNumber % 5_000_000)}`;
}

/** How a run begins: chosen at random, and made smaller like everything else. */
export type Beginning = { policies: [Policy, Policy]; withText: boolean[]; withEmail: boolean[] };

const people: { role: Role; of: 0 | 1; account: number | undefined }[] = [
  { role: 'customer', of: 0, account: 0 },
  { role: 'account_owner', of: 0, account: 0 },
  { role: 'customer', of: 1, account: 1 },
  { role: 'provider_staff', of: 0, account: undefined },
  { role: 'provider_staff', of: 1, account: undefined },
];
export const peopleOfARun = people.length;

/** Two providers, an account of each with its logins, and their staff, written into auth's tables: nobody else's run sees them. */
export async function addPeople(auth: pg.Pool, keys: SealingKeys, { policies, withText, withEmail }: Beginning): Promise<{ providers: Provider[]; logins: Login[] }> {
  const run = randomUUIDv7().slice(-12);
  const providers: Provider[] = policies.map((policy, index) => ({ id: randomUUIDv7(), name: `Provider ${index} ${run}`, policy }));
  const accounts = providers.map((provider) => ({ id: randomUUIDv7(), provider }));
  const logins = people.map(({ role, of, account }, index): Login => {
    const name = `m-${run}-${index}`;
    const isStaff = role === 'provider_staff';
    const provider = providers[of] as Provider;
    const text = withText[index] === true;
    return {
      ...emptyLogin({ id: randomUUIDv7(), name, role, provider, accountId: account === undefined ? undefined : accounts[account]?.id }),
      email: isStaff || withEmail[index] ? `${name}@model.example` : undefined,
      password: firstPassword,
      methods: text ? [{ id: randomUUIDv7(), kind: 'sms', destination: newPhoneNumber(), secret: undefined, lastStep: 0, default: true }] : [],
    };
  });
  const rows = await Promise.all(
    logins.map(async ({ id, name, role, provider, accountId, email, methods: [method] }) => ({
      id,
      name,
      role,
      provider: provider.id,
      account: accountId ?? null,
      email_sealed: email ? await keys.seal('destination', email) : null,
      email_masked: email ? maskEmailAddress(email) : null,
      method: method?.id ?? null,
      number_sealed: method?.destination ? await keys.seal('destination', method.destination) : null,
      hint: method?.destination ? maskPhoneNumber(method.destination) : null,
    })),
  );
  await auth.query(
    `WITH people AS (SELECT * FROM jsonb_to_recordset($1) AS p (id uuid, name text, role text, provider uuid, account uuid, email_sealed text, email_masked text, method uuid, number_sealed text, hint text)),
       providers AS (INSERT INTO providers (id, name, policy, contact_name) SELECT id, name, policy, name FROM jsonb_to_recordset($2) AS p (id uuid, name text, policy text)),
       accounts AS (INSERT INTO accounts (id, provider_id, name) SELECT id, provider, id::text FROM jsonb_to_recordset($3) AS a (id uuid, provider uuid)),
       added AS (INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, password_hash, email_sealed, email_masked)
         SELECT people.id, account, provider, name, name, people.role, (SELECT password_hash FROM logins WHERE login_name_key = 'owner'), people.email_sealed, people.email_masked FROM people)
     INSERT INTO two_factor_methods (id, login_id, kind, sealed_destination, hint, is_default, confirmed_at)
     SELECT method, id, 'sms', number_sealed, hint, true, now() FROM people WHERE method IS NOT NULL`,
    [JSON.stringify(rows), JSON.stringify(providers), JSON.stringify(accounts.map(({ id, provider }) => ({ id, provider: provider.id })))],
  );
  return { providers, logins };
}

export const emptyLogin = (known: Pick<Login, 'id' | 'name' | 'role' | 'provider' | 'accountId'>): Login => ({
  ...known,
  email: undefined,
  password: undefined,
  gone: false,
  newPasswordRequired: false,
  methods: [],
  waiting: [],
  recovery: undefined,
  trustEpoch: 0,
  sessionEpoch: 0,
  devices: new Map(),
  links: [],
  usedNotMe: new Set(),
  timeline: [],
  maybe: [],
});
