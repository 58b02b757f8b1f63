import { type DeviceRecord, Refusal } from '@latchkey/contracts';
import { addToOutbox, type OutboxRelay } from '@latchkey/messaging';
import type { Clock } from '@latchkey/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { type DeviceRow, toDeviceRecord } from './device-row.ts';
import { hearEpoch, loginMovedOn } from './trust-epochs.ts';

/** The list of a login's recognized devices, and trust in them. */
export class TrustDevices {
  private readonly source: DataSource;
  private readonly clock: Clock;
  private readonly trustMs: number;
  private readonly relay: Pick<OutboxRelay, 'kick'>;

  constructor(source: DataSource, clock: Clock, trustDays: number, relay: Pick<OutboxRelay, 'kick'>) {
    this.source = source;
    this.clock = clock;
    this.trustMs = trustDays * 86_400_000;
    this.relay = relay;
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
    const until = new Date(this.clock.now().getTime() + this.trustMs);
    await this.change('device.trusted', loginId, deviceIds, trustEpoch, (manager, ids) =>
      manager.query('UPDATE devices SET trusted_until = $2, trust_epoch = $3 WHERE id = ANY($1::uuid[])', [ids, until, trustEpoch]),
    );
    return this.list(loginId, trustEpoch);
  }

  /** Idempotent. The device stays in the list of recent logins; two-factor is asked on it again. */
  async forget(loginId: string, deviceIds: readonly string[], trustEpoch: number): Promise<DeviceRecord[]> {
    await this.change('device.forgotten', loginId, deviceIds, trustEpoch, (manager, ids) =>
      manager.query('UPDATE devices SET trusted_until = NULL, trust_epoch = NULL WHERE id = ANY($1::uuid[])', [ids]),
    );
    return this.list(loginId, trustEpoch);
  }

  /** Takes the trust of one device, with the end it has, into the login's next epoch. Asked again it finds nothing to do. */
  async carry(loginId: string, deviceId: string, fromEpoch: number, toEpoch: number): Promise<DeviceRecord[]> {
    await this.source.query('UPDATE devices SET trust_epoch = $4 WHERE login_id = $1 AND id = $2 AND trust_epoch = $3 AND trusted_until > $5 AND $4 > $3::integer', [
      loginId,
      deviceId,
      fromEpoch,
      toEpoch,
      this.clock.now(),
    ]);
    return this.list(loginId, toEpoch);
  }

  /** Changes those of the devices that are not as wanted yet, and tells of these alone; an id of somebody else changes nothing. */
  private async change(
    fact: 'device.trusted' | 'device.forgotten',
    loginId: string,
    deviceIds: readonly string[],
    trustEpoch: number,
    write: (manager: EntityManager, ids: string[]) => Promise<unknown>,
  ): Promise<void> {
    const ids = [...new Set(deviceIds)];
    const changed = await this.source.transaction(async (manager) => {
      if (!(await hearEpoch(manager, loginId, trustEpoch))) throw loginMovedOn();
      // In one order, so that two requests at once never wait for each other.
      const rows = (await manager.query('SELECT * FROM devices WHERE login_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE', [loginId, ids])) as DeviceRow[];
      if (rows.length !== ids.length) throw new Refusal('not_found');
      const now = this.clock.now();
      const devices = rows.filter((row) => toDeviceRecord(row, trustEpoch, now).trusted !== (fact === 'device.trusted')).map(({ id, name }) => ({ id, name }));
      if (devices.length === 0) return false;
      await write(manager, devices.map(({ id }) => id));
      await addToOutbox(manager, fact, loginId, { loginId, devices });
      return true;
    });
    if (changed) this.relay.kick();
  }
}
