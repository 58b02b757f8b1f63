import { addToOutbox, type OutboxExecutor } from '@latchkey/messaging';
import type { Login, Method } from '../logins/find-login.ts';

/** A method with whether it counts yet. */
export type MethodRow = Method & { confirmedAt: Date | null };

const columns = 'id, kind, sealed_destination AS "sealedDestination", hint, is_default AS "default", confirmed_at AS "confirmedAt"';

/** All methods of a login, the default first, those that wait for their code last. */
export function listMethods(executor: OutboxExecutor, loginId: string): Promise<MethodRow[]> {
  return executor.query(`SELECT ${columns} FROM two_factor_methods WHERE login_id = $1 ORDER BY is_default DESC, confirmed_at, created_at`, [loginId]) as Promise<MethodRow[]>;
}

export async function findMethod(executor: OutboxExecutor, loginId: string, methodId: string): Promise<MethodRow | undefined> {
  return ((await executor.query(`SELECT ${columns} FROM two_factor_methods WHERE login_id = $1 AND id = $2`, [loginId, methodId])) as MethodRow[])[0];
}

/** Deletes methods and tells code-issuance, which keeps the secrets of authenticator apps. */
export async function removeMethods(executor: OutboxExecutor, loginId: string, methodIds: readonly string[]): Promise<void> {
  if (methodIds.length === 0) return;
  await executor.query('DELETE FROM two_factor_methods WHERE login_id = $1 AND id = ANY($2)', [loginId, methodIds]);
  await addToOutbox(executor, 'two-factor.methods-removed', loginId, { loginId, methodIds: [...methodIds] });
}

/** Deletes every method, counting or not, and the recovery codes; gives the methods there were. */
export async function removeAllMethods(executor: OutboxExecutor, { id, recoverySetId }: Pick<Login, 'id' | 'recoverySetId'>): Promise<MethodRow[]> {
  const methods = await listMethods(executor, id);
  await removeMethods(executor, id, [...methods.map((method) => method.id), ...(recoverySetId === null ? [] : [recoverySetId])]);
  return methods;
}

/** Makes the oldest confirmed method the default where there is none. */
export async function ensureDefault(executor: OutboxExecutor, loginId: string): Promise<void> {
  await executor.query(
    `UPDATE two_factor_methods SET is_default = true WHERE id = (
       SELECT id FROM two_factor_methods WHERE login_id = $1 AND confirmed_at IS NOT NULL ORDER BY confirmed_at LIMIT 1)
     AND NOT EXISTS (SELECT 1 FROM two_factor_methods WHERE login_id = $1 AND is_default)`,
    [loginId],
  );
}
