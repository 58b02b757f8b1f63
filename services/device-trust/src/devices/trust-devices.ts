import { type DeviceRecord, Refusal } from '@latchkey/contracts';
import type { Clock } from '@latchkey/platform';
import type { DataSource } from 'typeorm';
import { type DeviceRow, toDeviceRecord } from './device-row.ts';

/** The list of a login's recognized devices, and trust in them. */
export class TrustDevices {
  private readonly source: DataSource;
  private readonly clock: Clock;
  private readonly trustMs: number;

  constructor(source: DataSource, clock: Clock, trustDays: number) {
    this.source = source;
    this.clock = clock;
    this.trustMs = trustDays * 86_400_000;
  }

  /**
   * Newest use first: the last hundred, and every trusted one however old. A trusted device that a hundred later logins
   * pushed out of the list could never be found and forgotten.
   */
  async list(loginId: string, trustEpoch: number): Promise<DeviceRecord[]> {
    const now = this.clock.now();
    const rows = (await this.source.query(
      `SELECT * FROM devices WHERE login_id = $1 AND (
         (trusted_until > $2 AND trust_epoch = $3) OR id IN (SELECT id FROM devices WHERE login_id = $1 ORDER BY last_seen_at DESC LIMIT 100)
       ) ORDER BY last_seen_at DESC, id DESC`,
      [loginId, now, trustEpoch],
    )) as DeviceRow[];
    return rows.map((row) => toDeviceRecord(row, trustEpoch, now));
  }

  /** Trust lasts from the moment it was given; trusting a trusted device again does not lengthen it (rule 14). */
  async trust(loginId: string, deviceIds: readonly string[], trustEpoch: number): Promise<DeviceRecord[]> {
    const now = this.clock.now();
    await this.changeAllOrNone(
      `UPDATE devices SET trusted_until = CASE WHEN trust_epoch = $4 AND trusted_until > $3 THEN trusted_until ELSE $5 END, trust_epoch = $4
       WHERE login_id = $1 AND id = ANY($2::uuid[]) AND (SELECT count(*) FROM devices WHERE login_id = $1 AND id = ANY($2::uuid[])) = cardinality($2::uuid[])
       RETURNING id`,
      loginId,
      deviceIds,
      [now, trustEpoch, new Date(now.getTime() + this.trustMs)],
    );
    return this.list(loginId, trustEpoch);
  }

  /** Idempotent. The device stays in the list of recent logins; two-factor is asked on it again. */
  async forget(loginId: string, deviceIds: readonly string[], trustEpoch: number): Promise<DeviceRecord[]> {
    await this.changeAllOrNone(
      `UPDATE devices SET trusted_until = NULL, trust_epoch = NULL
       WHERE login_id = $1 AND id = ANY($2::uuid[]) AND (SELECT count(*) FROM devices WHERE login_id = $1 AND id = ANY($2::uuid[])) = cardinality($2::uuid[])
       RETURNING id`,
      loginId,
      deviceIds,
      [],
    );
    return this.list(loginId, trustEpoch);
  }

  /** Tidies trust that ended with an epoch already. */
  async clearOldEpochs(loginId: string, trustEpoch: number): Promise<void> {
    await this.source.query('UPDATE devices SET trusted_until = NULL, trust_epoch = NULL WHERE login_id = $1 AND trust_epoch < $2', [loginId, trustEpoch]);
  }

  private async changeAllOrNone(sql: string, loginId: string, deviceIds: readonly string[], rest: unknown[]): Promise<void> {
    const ids = [...new Set(deviceIds)];
    const [changed] = (await this.source.query(sql, [loginId, ids, ...rest])) as [unknown[], number];
    if (changed.length !== ids.length) throw new Refusal('not_found');
  }
}
