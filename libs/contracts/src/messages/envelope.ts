import { z } from 'zod';
import { id, moment } from '../primitives.ts';

/**
 * What travels around every payload. `correlationId` is the login attempt from the browser to the provider and back;
 * `causationId` the message this one follows from. W3C trace context travels in the AMQP headers.
 */
export const envelope = z.object({
  id,
  name: z.string(),
  version: z.int().positive(),
  occurredAt: moment,
  correlationId: id,
  causationId: id.nullable(),
  payload: z.unknown(),
});
export type Envelope<P = unknown> = Omit<z.infer<typeof envelope>, 'payload'> & { payload: P };
