import { createHash } from 'node:crypto';
import { SealingKeys } from '@latchkey/platform';
import { SetupFailure } from '../failure.ts';
import type { Manifest } from './manifest.ts';

/** Ids of the keys, each with a digest of a key derived from it: says whether a key is the same, and nothing of the key. */
export function checksOf(keysText: string): Manifest['sealingKeys'] {
  const derived = new SealingKeys(keysText).hmacKeys('backup-check');
  return keysText.split(',').map((entry, index) => ({ id: entry.split(':', 1)[0] ?? '', check: createHash('sha256').update(derived[index]?.export() ?? '').digest('hex').slice(0, 32) }));
}

/** Fails unless every key that the backup names is among those given. */
export function requireKeys({ sealingKeys }: Manifest, keysText: string): void {
  const given = new Map(checksOf(keysText).map(({ id, check }) => [id, check]));
  const wrong = sealingKeys.flatMap(({ id, check }) => (given.get(id) === check ? [] : [given.has(id) ? `${id} (another key has that name)` : id]));
  if (wrong.length > 0) throw new SetupFailure(`Sealing keys of this backup are missing: ${wrong.join(', ')}. Without them no address and no authenticator secret in it can be opened.`);
}
