import type { DataSource } from 'typeorm';
import { epochOfRemoved, hearEpoch } from './trust-epochs.ts';

/** What the end of an epoch or of a login leaves behind. Nothing here withdraws trust: the login's new epoch did already. */
export class TidyDevices {
  private readonly source: DataSource;

  constructor(source: DataSource) {
    this.source = source;
  }

  /**
   * Tidies trust that ended with an epoch already, however late it is told. `mayBeCarried` is the device that a new password
   * was chosen on: the request that carries its trust over may come after this.
   */
  async clearOldEpochs(loginId: string, trustEpoch: number, mayBeCarried: string | null = null): Promise<void> {
    // First, and committed: what enters or trusts in an earlier epoch is stored by now and tidied below, or is refused.
    await hearEpoch(this.source, loginId, trustEpoch);
    await this.source.query(
      `UPDATE devices SET trusted_until = NULL, trust_epoch = NULL
       WHERE login_id = $1 AND trust_epoch < $2 AND NOT (id IS NOT DISTINCT FROM $3::uuid AND trust_epoch = $2 - 1)`,
      [loginId, trustEpoch, mayBeCarried],
    );
  }

  /** The login is gone: so are its devices, and the browsers that nobody else logs in on. */
  async removeLogin(loginId: string): Promise<void> {
    await hearEpoch(this.source, loginId, epochOfRemoved);
    await this.source.transaction(async (manager) => {
      // Held until the end, so that nobody enters on a browser while it is found to be left by everybody.
      const browsers = (await manager.query('SELECT id FROM browsers WHERE id IN (SELECT browser_id FROM devices WHERE login_id = $1) ORDER BY id FOR UPDATE', [loginId])) as { id: string }[];
      await manager.query('DELETE FROM devices WHERE login_id = $1', [loginId]);
      await manager.query('DELETE FROM browsers WHERE id = ANY($1::uuid[]) AND NOT EXISTS (SELECT 1 FROM devices WHERE browser_id = browsers.id)', [browsers.map(({ id }) => id)]);
    });
  }
}
