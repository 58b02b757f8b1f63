import type { DeviceRecord } from '@latchkey/contracts';

/** A row of `devices` as the driver gives it. */
export interface DeviceRow {
  id: string;
  client: 'web' | 'app';
  name: string;
  browser: string | null;
  os: string | null;
  first_seen_at: Date;
  last_seen_at: Date;
  last_ip: string;
  trusted_until: Date | null;
  trust_epoch: number | null;
}

/** The columns of a row. */
export const deviceColumns = 'id, client, name, browser, os, first_seen_at, last_seen_at, last_ip, trusted_until, trust_epoch';

/** Trust counts until its time is over, and only in the epoch it was given in. */
export function toDeviceRecord(row: DeviceRow, trustEpoch: number, now: Date): DeviceRecord {
  const trusted = row.trusted_until !== null && row.trusted_until > now && row.trust_epoch === trustEpoch;
  return {
    id: row.id,
    name: row.name,
    client: row.client,
    browser: row.browser,
    os: row.os,
    trusted,
    trustedUntil: trusted ? (row.trusted_until?.toISOString() ?? null) : null,
    firstSeenAt: row.first_seen_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    lastIp: row.last_ip,
  };
}
