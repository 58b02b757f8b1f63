import { randomUUIDv7 } from 'node:crypto';
import type { DeviceInput, EnteredDevice } from '@latchkey/contracts';
import { addToOutbox, type OutboxExecutor, type OutboxRelay } from '@latchkey/messaging';
import { type Clock, prepared } from '@latchkey/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { deviceColumns, type DeviceRow, toDeviceRecord } from './device-row.ts';
import { type DeviceSecret, type Rotation, rotateSecrets } from './device-secrets.ts';
import { hearEpoch, hearEpochSql, loginMovedOn } from './trust-epochs.ts';

export interface Entering {
  loginId: string;
  trustEpoch: number;
  device: DeviceInput;
}

type Presented = NonNullable<DeviceInput['presented']>;
type Recognized = Extract<Rotation, { recognized: true }>;
type Recorded = { entered: Omit<EnteredDevice, 'newDevice'>; added: boolean; firstSeenAt: Date };

// Rows are locked in one order, whoever locks them: the login's epoch, the browser, its devices.
const enterTrustedSql = prepared(`WITH browser AS (
    SELECT id FROM browsers WHERE id = $2 AND secrets = $10::jsonb FOR UPDATE
  ), entered AS (
    UPDATE devices SET last_seen_at = $3, last_ip = $4, name = $5, browser = $6, os = $7
    WHERE login_id = $1 AND browser_id = (SELECT id FROM browser) AND trusted_until > $3 AND trust_epoch = $8 RETURNING ${deviceColumns}
  ), rotated AS (
    UPDATE browsers SET secrets = $9::jsonb WHERE id = $2 AND EXISTS (SELECT 1 FROM entered)
  ) SELECT ${deviceColumns} FROM entered`);

const recordSql = prepared(`WITH heard AS (${hearEpochSql('$5', '$13')}
  ), browser AS (
    INSERT INTO browsers (id, secrets, created_at) SELECT $1::uuid, $2::jsonb, $3::timestamptz FROM heard
    ON CONFLICT (id) DO UPDATE SET secrets = EXCLUDED.secrets WHERE browsers.secrets = coalesce($14::jsonb, browsers.secrets) RETURNING id
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

const lockSecretsSql = 'SELECT secrets FROM browsers WHERE id = $1 FOR UPDATE';
const secretsSql = prepared('SELECT secrets FROM browsers WHERE id = $1');
const secretsAndTrustSql = prepared(`SELECT secrets,
    EXISTS (SELECT 1 FROM devices WHERE login_id = $2 AND browser_id = $1 AND trusted_until > $3 AND trust_epoch = $4) AS trusted
  FROM browsers WHERE id = $1`);

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
    const { loginId, trustEpoch, device } = entering;
    const { presented, next } = device;
    if (!presented) return { trusted: false };
    const [read] = (await this.source.query(secretsAndTrustSql, [presented.browserId, loginId, this.clock.now(), trustEpoch])) as { secrets: DeviceSecret[]; trusted: boolean }[];
    const rotation = this.rotate(read?.secrets, presented, next.secretHash);
    if (!rotation || (rotation.recognized && !read?.trusted)) return { trusted: false };
    const entered = rotation.recognized && (await this.goIn(this.source, entering, presented, rotation.secrets, read?.secrets));
    if (entered) return entered;
    return this.source.transaction(async (manager) => {
      const { secrets, rotation: sure } = await this.lockAndRotate(manager, presented, next.secretHash);
      if (sure?.recognized === false) await this.withdrawTrust(manager, presented.browserId, device.ip);
      return (sure?.recognized && (await this.goIn(manager, entering, presented, sure.secrets, secrets))) || { trusted: false };
    });
  }

  /** Still trusted now, seen now, and the browser's secret exchanged; undefined where that is not so, or its secrets have changed since. */
  private async goIn(executor: OutboxExecutor, { loginId, trustEpoch, device }: Entering, { browserId }: Presented, secrets: DeviceSecret[], before: DeviceSecret[] = []) {
    const now = this.clock.now();
    const rows = (await executor.query(
      enterTrustedSql,
      [loginId, browserId, now, device.ip, device.name, device.browser, device.os, trustEpoch, JSON.stringify(secrets), JSON.stringify(before)],
    )) as DeviceRow[];
    return rows[0] && { trusted: true as const, device: toDeviceRecord(rows[0], trustEpoch, now), browserId, newDevice: false };
  }

  /**
   * Goes in after password and code. `trust` also trusts the device, in the same step (mobile app). Refuses a login from
   * before a withdrawal of trust that was heard of meanwhile: it has been ended.
   */
  async enter(entering: Entering & { trust: boolean }): Promise<EnteredDevice> {
    const { presented } = entering.device;
    const entered = presented ? await this.enterPresented(entering, presented) : await this.enterNewBrowser(this.source, entering);
    if (!entered) throw loginMovedOn();
    return entered;
  }

  /**
   * Reads the browser's secrets and writes the next ones where they are still the same: two statements and no transaction.
   * Locked are only those whose secrets somebody else exchanged in between, as two tabs do, and old secrets.
   */
  private async enterPresented(entering: Entering & { trust: boolean }, presented: Presented): Promise<EnteredDevice | undefined> {
    const { next } = entering.device;
    const [read] = (await this.source.query(secretsSql, [presented.browserId])) as { secrets: DeviceSecret[] }[];
    const rotation = this.rotate(read?.secrets, presented, next.secretHash);
    const entered = rotation?.recognized && (await this.enterRecognized(this.source, entering, presented, rotation, read?.secrets));
    return entered || this.source.transaction((manager) => this.enterLocked(manager, entering, presented));
  }

  private async enterLocked(manager: EntityManager, entering: Entering & { trust: boolean }, presented: Presented): Promise<EnteredDevice | undefined> {
    const { next, ip } = entering.device;
    // For its lock: the epoch comes first. A copied secret is found out in any.
    await hearEpoch(manager, entering.loginId, entering.trustEpoch);
    const { rotation } = await this.lockAndRotate(manager, presented, next.secretHash);
    if (rotation?.recognized) return this.enterRecognized(manager, entering, presented, rotation);
    const entered = await this.enterNewBrowser(manager, entering);
    if (rotation) await this.withdrawTrust(manager, presented.browserId, ip);
    return entered;
  }

  private async enterRecognized(executor: OutboxExecutor, entering: Entering & { trust: boolean }, { browserId }: Presented, { secrets, exchangedAt }: Recognized, before?: DeviceSecret[]): Promise<EnteredDevice | undefined> {
    const recorded = await this.record(executor, entering, browserId, secrets, before);
    // A device is no less new for the answer of the login that added it being lost: nobody was told of it then.
    return recorded && { ...recorded.entered, newDevice: recorded.added || (exchangedAt !== null && recorded.firstSeenAt >= new Date(exchangedAt)) };
  }

  /** The id was made for this very request: should the browser be there already, the request was delivered before. */
  private async enterNewBrowser(executor: OutboxExecutor, entering: Entering & { trust: boolean }): Promise<EnteredDevice | undefined> {
    const { browserId, secretHash } = entering.device.next;
    const recorded = await this.record(executor, entering, browserId, [{ hash: secretHash, supersededAt: null }]);
    return recorded && { ...recorded.entered, newDevice: true };
  }

  /** Undefined, and nothing recorded, in an epoch that is over, or where the browser's secrets are no longer those of `before`. */
  private async record(executor: OutboxExecutor, entering: Entering & { trust: boolean }, browserId: string, secrets: DeviceSecret[], before?: DeviceSecret[]): Promise<Recorded | undefined> {
    const { loginId, trustEpoch, device, trust } = entering;
    const now = this.clock.now();
    const id = randomUUIDv7();
    const rows = (await executor.query(
      recordSql,
      [browserId, JSON.stringify(secrets), now, id, loginId, device.client, device.name, device.browser, device.os, device.ip, trust ? new Date(now.getTime() + this.trustMs) : null, trust ? trustEpoch : null, trustEpoch, before ? JSON.stringify(before) : null],
    )) as DeviceRow[];
    const row = rows[0];
    return row && { entered: { device: toDeviceRecord(row, trustEpoch, now), browserId }, added: row.id === id, firstSeenAt: row.first_seen_at };
  }

  /** Its secrets after this login; undefined where nobody knows the browser, or a copied secret was found out before. */
  private rotate(secrets: readonly DeviceSecret[] = [], presented: Presented, nextHash: string): Rotation | undefined {
    return secrets.length === 0 ? undefined : rotateSecrets(secrets, presented.secretHash, nextHash, this.clock.now());
  }

  private async lockAndRotate(manager: EntityManager, presented: Presented, nextHash: string): Promise<{ secrets: DeviceSecret[] | undefined; rotation: Rotation | undefined }> {
    const [locked] = (await manager.query(lockSecretsSql, [presented.browserId])) as { secrets: DeviceSecret[] }[];
    return { secrets: locked?.secrets, rotation: this.rotate(locked?.secrets, presented, nextHash) };
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
