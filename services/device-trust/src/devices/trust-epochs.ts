import { Refusal } from '@latchkey/contracts';
import type { OutboxExecutor } from '@latchkey/messaging';

/**
 * The highest trust epoch of each login that any message told. Whatever was begun in an earlier one comes too late: it
 * neither enters nor trusts. Parameters: login, epoch. Gives no row where a higher one is known; otherwise notes it, and the
 * row stays locked until the commit, so that a withdrawal comes wholly before or wholly after.
 */
export const hearEpochSql = (login: string, epoch: string): string => `
  INSERT INTO trust_epochs (login_id, trust_epoch) VALUES (${login}, ${epoch})
  ON CONFLICT (login_id) DO UPDATE SET trust_epoch = EXCLUDED.trust_epoch WHERE trust_epochs.trust_epoch <= EXCLUDED.trust_epoch
  RETURNING login_id`;

/** The epoch of a login that is gone: none comes after it. */
export const epochOfRemoved = 2 ** 31 - 1;

/** False where a higher one is known. */
export const hearEpoch = async (executor: OutboxExecutor, loginId: string, trustEpoch: number): Promise<boolean> =>
  ((await executor.query(hearEpochSql('$1', '$2'), [loginId, trustEpoch])) as unknown[]).length > 0;

/** Asked again, auth reads the login as it is. */
export const loginMovedOn = (): Refusal => new Refusal('unavailable', { retryAfterSeconds: 1 });
