import { z } from 'zod';
import { assurance, id, moment, role } from '../primitives.ts';

export const sessionDevice = z.object({
  id,
  name: z.string(),
  trusted: z.boolean(),
  trustedUntil: moment.nullable(),
});

export const session = z
  .object({
    id,
    login: z.object({ id, loginName: z.string(), role }),
    assurance,
    device: sessionDevice,
    setupRequired: z.boolean().describe('The provider requires two-factor and no method is confirmed yet'),
    expiresAt: moment,
    sessionToken: z.string().optional().describe('Only for client "app"'),
    deviceToken: z.string().optional().describe('Only for client "app"'),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;

export const sessionList = z
  .object({
    sessions: z.array(
      z.object({
        id,
        current: z.boolean(),
        assurance,
        device: z.object({ id, name: z.string() }),
        ip: z.string(),
        createdAt: moment,
        expiresAt: moment,
      }),
    ),
  })
  .meta({ id: 'SessionList' });
export type SessionList = z.infer<typeof sessionList>;
