import { randomInt } from 'node:crypto';
import { Refusal } from '@latchkey/contracts';
import type { OutboxExecutor } from '@latchkey/messaging';
import { hashSecret, prepared } from '@latchkey/platform';

export type LinkKind = 'invitation' | 'new_password' | 'not_me';

const hour = 3_600_000;
/** How long each link works, in milliseconds. A password's is short (63B-4 4.2.1.2 allows a day), a notice may be read late. */
export const linkLifeMs: Record<LinkKind, number> = { invitation: 168 * hour, new_password: hour / 2, not_me: 720 * hour };

/** More than 256 random bits in letters alone: any six digits in a row are offered as a code by phones. */
const newToken = (): string => Array.from({ length: 56 }, () => String.fromCharCode(97 + randomInt(26))).join('');

const addLinkSql = prepared('INSERT INTO links (token_hash, login_id, kind, expires_at) VALUES ($1, $2, $3, $4)');

/** The secret of a link that somebody else stores. */
export function newLink(kind: LinkKind, now: Date): { token: string; tokenHash: string; expiresAt: Date } {
  const token = newToken();
  return { token, tokenHash: hashSecret(token), expiresAt: new Date(now.getTime() + linkLifeMs[kind]) };
}

/** Makes the secret of a link; a newer one for a password or an invitation takes the place of earlier ones. */
export async function makeLink(executor: OutboxExecutor, loginId: string, kind: LinkKind, now: Date): Promise<{ token: string; expiresAt: Date }> {
  const { token, tokenHash, expiresAt } = newLink(kind, now);
  if (kind !== 'not_me') await executor.query('DELETE FROM links WHERE login_id = $1 AND kind = $2', [loginId, kind]);
  await executor.query(addLinkSql, [tokenHash, loginId, kind, expiresAt]);
  return { token, expiresAt };
}

/** Uses a link up, in the transaction of what it is for; refuses with `link_over`. Gives whose it is. */
export async function useLink(executor: OutboxExecutor, tokenHash: string, kinds: readonly LinkKind[], now: Date): Promise<string> {
  const [rows] = (await executor.query('DELETE FROM links WHERE token_hash = $1 AND kind = ANY($2) AND expires_at > $3 RETURNING login_id AS "loginId"', [tokenHash, kinds, now])) as [{ loginId: string }[]];
  const used = rows[0];
  if (!used) throw new Refusal('link_over');
  return used.loginId;
}

/** Whose link it is, without using it. */
export async function findLink(executor: OutboxExecutor, tokenHash: string, kind: LinkKind, now: Date): Promise<string> {
  const rows = (await executor.query('SELECT login_id AS "loginId" FROM links WHERE token_hash = $1 AND kind = $2 AND expires_at > $3', [tokenHash, kind, now])) as { loginId: string }[];
  if (!rows[0]) throw new Refusal('link_over');
  return rows[0].loginId;
}

/** Deletes what works no more. */
export const deleteOldLinks = (executor: OutboxExecutor, now: Date): Promise<unknown> => executor.query('DELETE FROM links WHERE expires_at < $1', [now]);
