import { randomUUIDv7 } from 'node:crypto';
import type { Role } from '@latchkey/contracts';
import { maskEmailAddress, maskPhoneNumber, type SealingKeys } from '@latchkey/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { loginNameKey } from '../logins/login-name.ts';
import { hashPassword } from '../passwords/passwords.ts';

const providerId = '01983e5c-0000-7000-8000-000000000001';
const accountId = '01983e5c-0000-7000-8000-000000000002';
const password = 'correct-horse-battery-staple';

/** The number that the demo login `owner` gets its codes at. */
export const ownerPhoneNumber = '+14155550123';

type DemoLogin = { loginName: string; role: Role; ofAccount: boolean; phoneNumber?: string };
const demoLogins: DemoLogin[] = [
  { loginName: 'dealer', role: 'provider_staff', ofAccount: false },
  { loginName: 'operator', role: 'operator', ofAccount: false },
  { loginName: 'owner', role: 'account_owner', ofAccount: true, phoneNumber: ownerPhoneNumber },
  { loginName: 'member', role: 'customer', ofAccount: true },
];

/** Adds what is missing of the demo data; what was changed since it was added stays as it is. */
export async function seedDemo(database: DataSource, sealing: SealingKeys): Promise<void> {
  const passwordHash = await hashPassword(password);
  await database.transaction(async (executor) => {
    await executor.query(
      `INSERT INTO providers (id, name, policy, contact_name, contact_phone, contact_email)
       VALUES ($1, 'Demo Security', 'optional', 'Dana Dealer', '+14155550100', 'help@demo-security.example') ON CONFLICT DO NOTHING`,
      [providerId],
    );
    await executor.query(`INSERT INTO accounts (id, provider_id, name) VALUES ($1, $2, 'Demo household') ON CONFLICT DO NOTHING`, [accountId, providerId]);
    for (const login of demoLogins) await addLogin(executor, sealing, login, passwordHash);
  });
}

async function addLogin(executor: EntityManager, sealing: SealingKeys, login: DemoLogin, passwordHash: string): Promise<void> {
  const { loginName, role, ofAccount, phoneNumber } = login;
  const emailAddress = `${loginName}@demo-security.example`;
  const added = await executor.query<{ id: string }[]>(
    `INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, password_hash, email_sealed, email_masked)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (login_name_key) DO NOTHING RETURNING id`,
    [
      randomUUIDv7(),
      ofAccount ? accountId : null,
      providerId,
      loginName,
      loginNameKey(loginName),
      role,
      passwordHash,
      await sealing.seal('destination', emailAddress),
      maskEmailAddress(emailAddress),
    ],
  );
  const loginId = added[0]?.id;
  if (loginId === undefined || phoneNumber === undefined) return;
  await executor.query(
    `INSERT INTO two_factor_methods (id, login_id, kind, sealed_destination, hint, is_default, confirmed_at) VALUES ($1, $2, 'sms', $3, $4, true, now())`,
    [randomUUIDv7(), loginId, await sealing.seal('destination', phoneNumber), maskPhoneNumber(phoneNumber)],
  );
}
