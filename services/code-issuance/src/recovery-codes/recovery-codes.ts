import { Refusal } from '@latchkey/contracts';
import type { Clock, SealingKeys } from '@latchkey/platform';
import type { DataSource } from 'typeorm';
import { newRecoveryCode, readRecoveryCode, recoveryCodeHash } from './recovery-code-text.ts';

const codesInSet = 10;

/** Sets of recovery codes: made at once, shown once, each good once (NIST SP 800-63B-4 4.2.1.1). */
export class RecoveryCodes {
  private readonly source: DataSource;
  private readonly keys: SealingKeys;
  private readonly clock: Clock;

  constructor(source: DataSource, keys: SealingKeys, clock: Clock) {
    this.source = source;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * The ones of every other set of the login stop working. Asked again, as after a crash, it makes new ones in place of those
   * that nobody may have seen; not once one was used.
   */
  async make(loginId: string, setId: string): Promise<{ sealedRecoveryCodes: string }> {
    const codes = Array.from({ length: codesInSet }, newRecoveryCode);
    const hashes = codes.map((code) => recoveryCodeHash(setId, code.replaceAll('-', '')));
    const sealedRecoveryCodes = await this.keys.seal('recovery-codes', JSON.stringify(codes));
    await this.source.transaction(async (manager) => {
      // Of two sets made at once the later one is left; without the lock neither would see the other.
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`recovery-codes ${loginId}`]);
      const taken = (await manager.query('SELECT 1 FROM recovery_codes WHERE set_id = $2 AND (login_id <> $1 OR used_at IS NOT NULL) LIMIT 1', [loginId, setId])) as unknown[];
      if (taken.length > 0) throw new Refusal('method_exists');
      await manager.query('DELETE FROM recovery_codes WHERE login_id = $1', [loginId]);
      await manager.query('INSERT INTO recovery_codes (set_id, code_hash, login_id, created_at) SELECT $1, unnest($2::text[]), $3, $4', [setId, hashes, loginId, this.clock.now()]);
    });
    return { sealedRecoveryCodes };
  }

  async left(loginId: string, setId: string): Promise<number> {
    const rows = (await this.source.query('SELECT count(*)::integer AS codes FROM recovery_codes WHERE set_id = $1 AND login_id = $2 AND used_at IS NULL', [setId, loginId])) as {
      codes: number;
    }[];
    return rows[0]?.codes ?? 0;
  }

  /** Uses a code up, once; the request that did is answered alike when it is delivered again after a crash. */
  async useCode(loginId: string, setId: string, typed: string, requestId: string): Promise<boolean> {
    const code = readRecoveryCode(typed);
    if (!code) return false;
    const [, changed] = (await this.source.query(
      `UPDATE recovery_codes SET used_at = $4, used_by = $5
       WHERE set_id = $1 AND login_id = $2 AND code_hash = $3 AND (used_at IS NULL OR (used_by = $5 AND $5 <> ''))`,
      [setId, loginId, recoveryCodeHash(setId, code), this.clock.now(), requestId],
    )) as [unknown, number];
    return changed === 1;
  }

  async remove(setIds: readonly string[]): Promise<void> {
    await this.source.query('DELETE FROM recovery_codes WHERE set_id = ANY($1::uuid[])', [setIds]);
  }

  async removeLogin(loginId: string): Promise<void> {
    await this.source.query('DELETE FROM recovery_codes WHERE login_id = $1', [loginId]);
  }
}
