/** What an app keeps of its login, in the safest place it has: the keychain, the keystore. */
export interface Tokens {
  /** Opens the session until it expires. */
  sessionToken?: string;
  /** Recognises the device at the next login, which gives a new one. Outlives every session. */
  deviceToken?: string;
}

export interface TokenStore {
  read(): Tokens | Promise<Tokens>;
  write(tokens: Tokens): void | Promise<void>;
}

/** For scripts: the tokens are gone with the process. */
export function tokensInMemory(tokens: Tokens = {}): TokenStore {
  let kept = tokens;
  return { read: () => kept, write: (next) => void (kept = next) };
}
