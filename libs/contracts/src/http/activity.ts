import { z } from 'zod';
import { actorKind, assurance, channel, id, methodKind, moment } from '../primitives.ts';

/** What can stand in the timeline of a login. */
export const activityKind = z.enum([
  'login_refused',
  'code_required',
  'code_queued',
  'code_accepted',
  'code_delivered',
  'code_failed',
  'code_unknown',
  'code_expired',
  'code_refused',
  'signed_in',
  'stepped_up',
  'sessions_ended',
  'device_trusted',
  'device_forgotten',
  'device_secret_reused',
  'method_added',
  'method_removed',
  'two_factor_on',
  'two_factor_off',
  'two_factor_reset',
  'recovery_codes_made',
  'password_changed',
  'password_reset_asked',
  'not_me',
  'login_added',
  'login_invited',
  'login_removed',
]);
export type ActivityKind = z.infer<typeof activityKind>;

/** One line of a timeline. What is not known, or does not apply, is not there. */
export const activity = z
  .object({
    id,
    at: moment,
    kind: activityKind,
    attemptId: id.nullable().describe('Lines with the same one tell the story of one login attempt'),
    by: z.object({ kind: actorKind, name: z.string().nullable() }),
    device: z.object({ id: id.nullable(), name: z.string() }).nullable(),
    ip: z.string().nullable(),
    method: z.object({ kind: methodKind, hint: z.string() }).optional(),
    channel: channel.optional(),
    deliveredBy: z.string().optional().describe('The provider of texts or emails'),
    assurance: assurance.optional(),
    newDevice: z.boolean().optional(),
    attemptsLeft: z.int().optional(),
    reason: z.string().optional().describe('A word such as `wrong_password`, or what the service provider wrote'),
  })
  .meta({ id: 'Activity' });
export type Activity = z.infer<typeof activity>;

export const activityPage = z
  .object({ activities: z.array(activity), before: moment.nullable().describe('Ask with this for what is older; null: there is nothing older') })
  .meta({ id: 'ActivityPage' });
export type ActivityPage = z.infer<typeof activityPage>;
