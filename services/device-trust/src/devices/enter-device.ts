import { randomUUIDv7 } from 'node:crypto';
import type { DeviceInput, EnteredDevice } from '@latchkey/contracts';
import { addToOutbox, type OutboxRelay } from '@latchkey/messaging';
import { type Clock, prepared } from '@latchkey/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { deviceColumns, type DeviceRow, toDeviceRecord } from './device-row.ts';
import { type DeviceSecret, type Rotation, rotateSecrets } from './device-secrets.ts';
import { hearEpochSql, loginMovedOn } from './trust-epochs.ts';

export interface Entering {
  loginId: string;
  trustEpoch: number;
  device: DeviceInput;
}

type Presented = NonNullable<DeviceInput['presented']>;
type Recorded = { entered: Omit<EnteredDevice, 'newDevice'>; added: boolean; firstSeenAt: Date };

const enterTrustedSql = prepared(`WITH entered AS (
    UPDATE devices SET last_seen_at = $3, last_ip = $4, name = $5, browser = $6, os = $7
    WHERE login_id = $1 AND browser_id = $2 AND trusted_until > $3 AND trust_epoch = $8 RETURNING ${deviceColumns}
  ), rotated AS (
    UPDATE browsers SET secrets = $9::jsonb WHERE id = $2 AND EXISTS (SELECT 1 FROM entered)
  ) SELECT ${deviceColumns} FROM entered`);

const recordSql = prepared(`WITH heard AS (${hearEpochSql('$5', '$13')}
  ), browser AS (
    INSERT INTO browsers (id, secrets, created_at) SELECT $1::uuid, $2::jsonb, $3::timestamptz FROM heard
    ON CONFLICT (id) DO UPDATE SET secrets = EXCLUDED.secrets RETURNING id
  )
  INSERT INTO devices (id, browser_id, login_id, client, name, browser, os, first_seen_at, last_seen_at, last_ip, trusted_until, trust_epoch)
  SELECT $4, browser.id, $5, $6, $7, $8, $9, $3, $3, $10, $11::timestamptz, $12::integer FROM browser
  ON CONFLICT (login_id, browser_id) DO UPDATE SET
    name = EXCLUDED.name, browser = EXCLUDED.browser, os = EXCLUDED.os, last_seen_at = EXCLUDED.last_seen_at, last_ip = EXCLUDED.last_ip,
    trusted_until = CASE WHEN EXCLUDED.trusted_until IS NULL OR (devices.trust_epoch = $13 AND devices.trusted_until > $3)
                         THEN devices.trusted_until ELSE EXCLUDED.trusted_until END,
    trust_epoch = CASE WHEN EXCLUDED.trusted_until IS NULL OR (devices.trust_epoch = $13 AND devices.trusted_until > $3)
                       THEN devices.trust_epoch ELSE EXCLUDED.trust_epoch END
  RETURNING ${deviceColumns}`);

const lockSecretsSql = prepared('SELECT secrets FROM browsers WHERE id = $1 FOR UPDATE');

/** Records logins on devices and exchanges the device's secret at each of them. */
export class EnterDevice {
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

  /** Goes in only where the login trusts this device; otherwise nothing changes, but for a reused old secret. */
  async enterTrusted(entering: Entering): Promise<({ trusted: true } & EnteredDevice) | { trusted: false }> {
    const { presented } = entering.device;
    if (!presented) return { trusted: false };
    return this.source.transaction(async (manager) => {
      const rotation = await this.lockAndRotate(manager, presented, entering.device.next.secretHash);
      if (rotation?.recognized === false) await this.withdrawTrust(manager, presented.browserId, entering.device.ip);
      if (!rotation?.recognized) return { trusted: false };
      const now = this.clock.now();
      // One statement: still trusted now, seen now, and the browser's secret exchanged.
      const rows = (await manager.query(
        enterTrustedSql,
        [entering.loginId, presented.browserId, now, entering.device.ip, entering.device.name, entering.device.browser, entering.device.os, entering.trustEpoch, JSON.stringify(rotation.secrets)],
      )) as DeviceRow[];
      const row = rows[0];
      if (!row) return { trusted: false };
      return { trusted: true, device: toDeviceRecord(row, entering.trustEpoch, now), browserId: presented.browserId, newDevice: false };
    });
  }

  /**
   * Goes in after password and code. `trust` also trusts the device, in the same step (mobile app). Refuses a login from
   * before a withdrawal of trust that was heard of meanwhile: it has been ended.
   */
  async enter(entering: Entering & { trust: boolean }): Promise<EnteredDevice> {
    const { presented } = entering.device;
    const entered = presented ? await this.source.transaction((manager) => this.enterPresented(manager, entering, presented)) : await this.enterNewBrowser(this.source.manager, entering);
    if (!entered) throw loginMovedOn();
    return entered;
  }

  private async enterPresented(manager: EntityManager, entering: Entering & { trust: boolean }, presented: Presented): Promise<EnteredDevice | undefined> {
    const { next, ip } = entering.device;
    const rotation = await this.lockAndRotate(manager, presented, next.secretHash);
    if (rotation?.recognized) {
      const recorded = await this.record(manager, entering, presented.browserId, rotation.secrets);
      // A device is no less new for the answer of the login that added it being lost: nobody was told of it then.
      return recorded && { ...recorded.entered, newDevice: recorded.added || (rotation.exchangedAt !== null && recorded.firstSeenAt >= new Date(rotation.exchangedAt)) };
    }
    const entered = await this.enterNewBrowser(manager, entering);
    // After that: everybody locks the epoch of a login before its devices.
    if (rotation) await this.withdrawTrust(manager, presented.browserId, ip);
    return entered;
  }

  /** The id was made for this very request: should the browser be there already, the request was delivered before. */
  private async enterNewBrowser(manager: EntityManager, entering: Entering & { trust: boolean }): Promise<EnteredDevice | undefined> {
    const { browserId, secretHash } = entering.device.next;
    const recorded = await this.record(manager, entering, browserId, [{ hash: secretHash, supersededAt: null }]);
    return recorded && { ...recorded.entered, newDevice: true };
  }

  /** Undefined, and nothing recorded, in an epoch that is over. */
  private async record(manager: EntityManager, entering: Entering & { trust: boolean }, browserId: string, secrets: DeviceSecret[]): Promise<Recorded | undefined> {
    const { loginId, trustEpoch, device, trust } = entering;
    const now = this.clock.now();
    const id = randomUUIDv7();
    const rows = (await manager.query(
      recordSql,
      [browserId, JSON.stringify(secrets), now, id, loginId, device.client, device.name, device.browser, device.os, device.ip, trust ? new Date(now.getTime() + this.trustMs) : null, trust ? trustEpoch : null, trustEpoch],
    )) as DeviceRow[];
    const row = rows[0];
    return row && { entered: { device: toDeviceRecord(row, trustEpoch, now), browserId }, added: row.id === id, firstSeenAt: row.first_seen_at };
  }

  /** Locks the browser and works out its secrets after this login; undefined where nobody knows it, or a copied secret was found out before. */
  private async lockAndRotate(manager: EntityManager, presented: Presented, nextHash: string): Promise<Rotation | undefined> {
    const rows = (await manager.query(lockSecretsSql, [presented.browserId])) as { secrets: DeviceSecret[] }[];
    const secrets = rows[0]?.secrets ?? [];
    return secrets.length === 0 ? undefined : rotateSecrets(secrets, presented.secretHash, nextHash, this.clock.now());
  }

  /**
   * A known browser with an old secret: somebody copied it, and which of the two holds the live one nobody can tell. All trust
   * of that browser is withdrawn (norm 22) and no secret of it is taken any more, so that both are strangers and no login
   * trusts the thief's half from its list. Without secrets a browser is not found out twice.
   */
  private async withdrawTrust(manager: EntityManager, browserId: string, ip: string): Promise<void> {
    await manager.query(`UPDATE browsers SET secrets = '[]' WHERE id = $1`, [browserId]);
    const [devices] = (await manager.query(
      `WITH before AS (SELECT id, trusted_until FROM devices WHERE browser_id = $1 FOR UPDATE)
       UPDATE devices SET trusted_until = NULL, trust_epoch = NULL FROM before WHERE devices.id = before.id
       RETURNING devices.id, name, login_id, before.trusted_until`,
      [browserId],
    )) as [Pick<DeviceRow & { login_id: string }, 'id' | 'name' | 'login_id' | 'trusted_until'>[], number];
    for (const { id, name, login_id: loginId, trusted_until: until } of devices)
      await addToOutbox(manager, 'device.secret-reused', loginId, { loginId, devices: [{ id, name, trustedUntil: until?.toISOString() ?? null }], ip });
    // Before the commit, which is a moment away; should the relay look too early, its next poll finds it.
    this.relay.kick();
  }
}
