import type { SealingKeys } from '@latchkey/platform';
import type { Login } from '../logins/find-login.ts';

/** What is known of a person, and so the first that others would try for a password. */
export async function ownWords({ loginName, email }: Pick<Login, 'loginName' | 'email'>, sealing: SealingKeys): Promise<{ loginName: string; emailAddress?: string }> {
  return { loginName, ...(email && { emailAddress: await sealing.open('destination', email.sealed) }) };
}
