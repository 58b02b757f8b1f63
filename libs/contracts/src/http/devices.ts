import { z } from 'zod';
import { clientKind, id, moment } from '../primitives.ts';

export const device = z
  .object({
    id,
    name: z.string(),
    client: clientKind,
    browser: z.string().nullable(),
    os: z.string().nullable(),
    current: z.boolean(),
    trusted: z.boolean(),
    trustedUntil: moment.nullable(),
    firstSeenAt: moment,
    lastSeenAt: moment,
    lastIp: z.string(),
  })
  .meta({ id: 'Device' });
export type Device = z.infer<typeof device>;

export const deviceList = z.object({ devices: z.array(device) }).meta({ id: 'DeviceList' });
export type DeviceList = z.infer<typeof deviceList>;
export const deviceIds = z.strictObject({ deviceIds: z.array(id).min(1).max(100) }).meta({ id: 'DeviceIds' });
