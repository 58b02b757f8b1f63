import { Refusal } from '@latchkey/contracts';
import { dictionary } from '@zxcvbn-ts/language-common';
import { loginNameKey } from '../logins/login-name.ts';

/** Norm 19 (NIST SP 800-63B-4 3.1.1.2): length and a list of common ones; nothing about kinds of characters. */
const fewest = 8;
const mostCharacters = 128;

const folded = (text: string) => text.normalize('NFKC').toLowerCase();

// 49,000 in the order of how common they are, in lower case; shorter ones are refused for their length.
const common = new Set((dictionary['passwords-common'] ?? []).map(String).map(folded).filter((password) => [...password].length >= fewest));

/** Refuses a password that should not be chosen. `path` names the field of the request it came in. */
export function refuseWeakPassword(password: string, owner: { loginName: string; emailAddress?: string | undefined }, path = 'newPassword'): void {
  const message = weaknessOf(password, owner);
  if (message !== undefined) throw new Refusal('invalid_request', { issues: [{ path, message }] });
}

function weaknessOf(password: string, { loginName, emailAddress }: { loginName: string; emailAddress?: string | undefined }): string | undefined {
  const length = [...password].length;
  if (length < fewest) return `must have at least ${fewest} characters`;
  if (length > mostCharacters) return `must have at most ${mostCharacters} characters`;
  if (common.has(folded(password))) return 'is one of the most common passwords';
  if (loginNameKey(password) === loginNameKey(loginName)) return 'must not be the login name';
  if (emailAddress !== undefined && [emailAddress, emailAddress.slice(0, emailAddress.lastIndexOf('@'))].some((part) => folded(part) === folded(password))) {
    return 'must not be the email address';
  }
  return undefined;
}
