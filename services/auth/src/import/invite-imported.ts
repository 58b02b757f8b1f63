import { setTimeout as wait } from 'node:timers/promises';
import type { SealingKeys } from '@latchkey/platform';
import { systemClock } from '@latchkey/platform';
import type { DataSource } from 'typeorm';
import { noteFact } from '../activity/facts.ts';
import { FindLogin } from '../logins/find-login.ts';
import { Notify } from '../notices/notify.ts';

export type Inviting = {
  providerId: string;
  /** Keys of the login names that came in without a password. */
  keys: readonly string[];
  publicUrl: string;
  perMinute: number;
  progress?: (invited: number, of: number) => void;
  /** Ends between two invitations; run again, it goes on with those that have none. */
  signal?: AbortSignal;
};

const byOperator = { by: { kind: 'operator', loginId: null, name: null }, device: null, ip: null, attemptId: null } as const;

/**
 * Emails each login that waits for its first password an invitation, at a steady pace: codes of people who log in go
 * through the same queue, and mail services take a sudden flood from a new sender for spam. Who has an invitation that still
 * works gets no second one.
 */
export async function inviteImported(database: DataSource, sealing: SealingKeys, inviting: Inviting): Promise<number> {
  const { providerId, keys, publicUrl, perMinute, progress, signal } = inviting;
  const findLogin = new FindLogin(database);
  const notify = new Notify(sealing, systemClock, { LATCHKEY_PUBLIC_URL: publicUrl });
  const waiting = await database.query<{ id: string }[]>(
    `SELECT id FROM logins WHERE provider_id = $1 AND login_name_key = ANY($2) AND password_hash IS NULL AND email_sealed IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM links WHERE login_id = logins.id AND kind = 'invitation' AND expires_at > now())
     ORDER BY created_at, id`,
    [providerId, keys],
  );
  let invited = 0;
  const startedAt = performance.now();
  for (const [place, { id }] of waiting.entries()) {
    await wait(Math.max(0, startedAt + place * (60_000 / perMinute) - performance.now()), undefined, signal && { signal }).catch(() => undefined);
    if (signal?.aborted) break;
    const sent = await database.transaction(async (executor) => {
      // Locked: somebody else's invitation may be accepted at this very moment.
      const [row] = await executor.query<{ waits: boolean }[]>('SELECT password_hash IS NULL AS waits FROM logins WHERE id = $1 FOR UPDATE', [id]);
      const found = row?.waits ? await findLogin.byId(id, executor) : undefined;
      if (!found) return false;
      await noteFact(executor, 'login.invited', found.login, byOperator, { loginName: found.login.loginName });
      await notify.invitation(executor, found.login, found.login.provider.name);
      return true;
    });
    if (sent) progress?.((invited += 1), waiting.length);
  }
  return invited;
}
