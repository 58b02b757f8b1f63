import { Refusal } from '@latchkey/contracts';
import { acceptLoginName, loginNameKey } from '../logins/login-name.ts';
import { readHash, UnusableHash } from '../passwords/foreign-hashes.ts';
import { type Destination, parseEmailAddress, parsePhoneNumber } from '../two-factor/parse-destination.ts';
import type { Column } from './read-lines.ts';

const importedRoles = ['customer', 'account_owner', 'provider_staff'] as const;

/** A login as it will be stored, before anything is sealed. */
export type CheckedLine = {
  line: number;
  loginName: string;
  key: string;
  passwordHash: string | null;
  email: Destination | null;
  phone: Destination | null;
  /** Null for staff, who have none. */
  account: { name: string; externalId: string | null } | null;
  role: (typeof importedRoles)[number];
  locale: string;
};

/** A line that is not taken in, with a reason for the report. */
export class RefusedLine extends Error {
  override name = 'RefusedLine';
}

/** Everything that can be said of a line by itself; throws `RefusedLine`. */
export function checkLine(line: number, values: Partial<Record<Column, string>>): CheckedLine {
  const { loginName: typed = '', passwordHash = null, emailAddress, phoneNumber, accountName, accountExternalId = null } = values;
  const loginName = refusing(() => acceptLoginName(typed), 'loginName');
  if (passwordHash !== null) refusing(() => readHash(passwordHash), 'passwordHash');
  const role = importedRoles.find((known) => known === (values.role ?? 'customer'));
  if (!role) throw new RefusedLine(`role must be ${importedRoles.join(', ')}`);
  if ([accountName, accountExternalId].some((text) => (text?.length ?? 0) > 254)) throw new RefusedLine('accountName and accountExternalId must have at most 254 characters');
  return {
    line,
    loginName,
    key: loginNameKey(loginName),
    passwordHash,
    email: emailAddress === undefined ? null : refusing(() => parseEmailAddress(emailAddress), 'emailAddress'),
    phone: phoneNumber === undefined ? null : refusing(() => parsePhoneNumber(phoneNumber), 'phoneNumber'),
    account: role === 'provider_staff' ? null : { name: accountName ?? loginName, externalId: accountExternalId },
    role,
    locale: canonicalLocale(values.locale ?? 'en'),
  };
}

function refusing<T>(check: () => T, column: Column): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof UnusableHash) throw new RefusedLine(`${column}: ${error.message}`);
    if (!(error instanceof Refusal)) throw error;
    throw new RefusedLine(`${column} ${error.details.issues?.[0]?.message ?? (column === 'phoneNumber' ? 'is not a mobile number with its country code' : 'is not an email address')}`);
  }
}

function canonicalLocale(text: string): string {
  try {
    return new Intl.Locale(text).toString();
  } catch {
    throw new RefusedLine('locale is not a language tag');
  }
}
