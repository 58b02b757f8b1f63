import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Tokens, type TokenStore } from '@latchkey/client';

type Kept = Tokens & { baseUrl: string };

/** Where an operator's session is between two commands, for the user of the machine alone. */
export const sessionFile = (environment: NodeJS.ProcessEnv = process.env): string =>
  environment['LATCHKEY_SESSION_FILE'] ?? join(environment['XDG_STATE_HOME'] || join(homedir(), '.local/state'), 'latchkey/session.json');

/** What a sign-in has left, or nothing. */
export function keptSession(file = sessionFile()): Kept | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch {
    return undefined;
  }
}

/** Keeps what the client is given; the file is there for one address at a time. */
export function tokensInFile(baseUrl: string, file = sessionFile()): TokenStore {
  return {
    read: () => {
      const kept = keptSession(file);
      return kept?.baseUrl === baseUrl ? kept : {};
    },
    write: (tokens) => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      // A file that is there already keeps the rights it has: make it anew.
      rmSync(file, { force: true });
      writeFileSync(file, JSON.stringify({ ...tokens, baseUrl }), { mode: 0o600, flag: 'wx' });
    },
  };
}
