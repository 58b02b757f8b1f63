import { z } from 'zod';
import { clientKind, id, ipAddress, moment, secretHash } from '../primitives.ts';
import { events, requests } from './define.ts';

/**
 * What a browser or app shows of itself at a login. `presented` is the device secret it came with, `next` the one it
 * gets in exchange (secrets rotate at every login); user agent and address are shown, never decided by (norm 23).
 */
export const deviceInput = z.object({
  presented: z.object({ browserId: id, secretHash }).nullable(),
  next: z.object({ browserId: id, secretHash }),
  client: clientKind,
  name: z.string().max(120),
  browser: z.string().max(80).nullable(),
  os: z.string().max(80).nullable(),
  ip: ipAddress,
});
export type DeviceInput = z.infer<typeof deviceInput>;

export const deviceRecord = z.object({
  id,
  name: z.string(),
  client: clientKind,
  browser: z.string().nullable(),
  os: z.string().nullable(),
  trusted: z.boolean(),
  trustedUntil: moment.nullable(),
  firstSeenAt: moment,
  lastSeenAt: moment,
  lastIp: z.string(),
});
export type DeviceRecord = z.infer<typeof deviceRecord>;

/**
 * Trust counts only for the trust epoch it was given in. A login's epoch grows whenever all its trust is withdrawn
 * (disable, reset, new password), so that withdrawal takes effect at once, whatever order messages arrive in.
 */
export const trustEpoch = z.int().nonnegative();

const entered = z.object({ device: deviceRecord, browserId: id, newDevice: z.boolean() });
export type EnteredDevice = z.infer<typeof entered>;

export const deviceTrustRequests = requests('device-trust', {
  /** Is this a trusted device of the login? If so the login is recorded and the secret rotated in the same step. */
  'device.enter-trusted': {
    payload: z.object({ loginId: id, trustEpoch, device: deviceInput }),
    reply: z.discriminatedUnion('trusted', [
      entered.extend({ trusted: z.literal(true) }),
      z.object({ trusted: z.literal(false) }),
    ]),
  },
  /**
   * Records a login that got in, rotating the secret. `trust` gives trust in the same step (mobile app, rule 5). As with
   * `device.trust` and `device.forget`, `unavailable` where trust was withdrawn in a later epoch: the login has moved on.
   */
  'device.enter': {
    payload: z.object({ loginId: id, trustEpoch, device: deviceInput, trust: z.boolean() }),
    reply: entered,
  },
  'device.list': {
    payload: z.object({ loginId: id, trustEpoch }),
    reply: z.object({ devices: z.array(deviceRecord) }),
  },
  /** All of the ids or none: an id of somebody else is `not_found` and changes nothing. */
  'device.trust': {
    payload: z.object({ loginId: id, trustEpoch, deviceIds: z.array(id).min(1).max(100) }),
    reply: z.object({ devices: z.array(deviceRecord) }),
  },
  'device.forget': {
    payload: z.object({ loginId: id, trustEpoch, deviceIds: z.array(id).min(1).max(100) }),
    reply: z.object({ devices: z.array(deviceRecord) }),
  },
  /**
   * The device keeps the trust it has, with its end, in the login's next epoch: a new password withdraws all other trust
   * (rule 14). Nothing happens to a device that is not trusted in `fromEpoch`.
   */
  'device.carry-trust': {
    payload: z.object({ loginId: id, deviceId: id, fromEpoch: trustEpoch, toEpoch: trustEpoch }),
    reply: z.object({ devices: z.array(deviceRecord) }),
  },
});

const named = z.object({ id, name: z.string() });
const devicesOf = z.object({ loginId: id, devices: z.array(named).min(1) });

export const deviceTrustEvents = events('device-trust', {
  'device.trusted': { audience: 'durable', payload: devicesOf },
  'device.forgotten': { audience: 'durable', payload: devicesOf },
  /**
   * Somebody came with a secret that was exchanged long ago: it was copied, and all trust of that browser is withdrawn.
   * `trustedUntil` is the end that the withdrawn trust had, null where there was none: trust that ends later was given since.
   */
  'device.secret-reused': {
    audience: 'durable',
    payload: devicesOf.extend({ devices: z.array(named.extend({ trustedUntil: moment.nullable().optional() })).min(1), ip: ipAddress }),
  },
});
