/** The methods that a person can set up. */
export type SetUpKind = 'sms' | 'email' | 'totp';

/** How each of them is called in the address. */
export const pathOfKind: Record<SetUpKind, string> = {
  sms: 'text-message',
  email: 'email',
  totp: 'authenticator-app',
};

/** The method that an address names. */
export function kindOfPath(path: string | undefined): SetUpKind | null {
  const kinds = Object.keys(pathOfKind) as SetUpKind[];
  return kinds.find((kind) => pathOfKind[kind] === path) ?? null;
}
