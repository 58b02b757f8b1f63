import type { SignedIn } from '../session/session-lookup.ts';

/**
 * Who is signed in. There is always every header, so that a gateway that copies them has overwritten each one that a
 * client may have sent; a login of a provider or an operator belongs to no account, and its header is empty.
 */
export const remoteHeaders = ({ login, accountId, assurance }: SignedIn): Record<string, string> => ({
  'remote-user': headerText(login.loginName),
  'remote-login-id': login.id,
  'remote-account-id': accountId ?? '',
  'remote-role': login.role,
  'remote-assurance': assurance,
});

/**
 * Login names may hold any character, header values may not (RFC 9110 5.5), and nobody agrees on the encoding of those above
 * ASCII: all but visible ASCII, and `%` itself, is percent-encoded UTF-8 (RFC 3986 2.1). Two names never look the same.
 */
export const headerText = (text: string): string =>
  text.replace(/[^!-$&-~]/gu, (character) => Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''));
