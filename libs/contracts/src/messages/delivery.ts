import { z } from 'zod';
import { deliveryEvent } from '../http/login.ts';
import { channel, id, moment, suggestion } from '../primitives.ts';
import { events, requests } from './define.ts';

export const deliveryReport = z.object({
  /** Id of the message that was to be delivered: the idempotency key of the ledger. */
  messageId: id,
  attemptId: id,
  loginId: id,
  methodId: id,
  channel,
  provider: z.string(),
  at: moment,
  suggestion: suggestion.optional(),
});
export type DeliveryReport = z.infer<typeof deliveryReport>;

/** The body of a receipt may be 64 KiB, and sealing makes it a third longer. */
const sealedBody = z.string().max(100_000).regex(/^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]*\.[\w-]+$/);

export const deliveryRequests = requests('delivery', {
  /** Everything that happened so far to the messages of one attempt, oldest first. */
  'delivery.states': {
    payload: z.object({ attemptId: id }),
    reply: z.object({ states: z.array(deliveryEvent) }),
  },
  /**
   * What a provider told us of messages it took, as it came in: signatures are over the very bytes. Receipts quote numbers
   * and addresses, so the body is sealed as a `destination` is. Refuses with `not_found` what that provider did not sign;
   * a message that nobody knows is no refusal.
   */
  'delivery.take-receipt': {
    payload: z.object({
      provider: z.string().max(40),
      /** The public address that was asked, with its query. */
      url: z.string().max(2_048),
      /** By lower-case name; only those that signatures are about. */
      headers: z.record(z.string(), z.string().max(4_096)),
      sealedBody,
    }),
    reply: z.object({}),
  },
  /** What each worker makes of each provider at the moment. */
  'delivery.providers': {
    payload: z.object({}),
    reply: z.object({
      providers: z.array(z.object({ provider: z.string(), worker: z.string(), channels: z.array(channel), circuit: z.enum(['closed', 'half_open', 'open']), changedAt: moment })),
    }),
  },
});

export const deliveryEvents = events('delivery', {
  /** Still waiting for a provider that takes it, with a suggestion. */
  'delivery.queued': { audience: 'live', payload: deliveryReport },
  /** With a suggestion when it takes long until the message is delivered. */
  'delivery.accepted': { audience: 'durable', payload: deliveryReport },
  'delivery.delivered': { audience: 'durable', payload: deliveryReport },
  'delivery.failed': { audience: 'durable', payload: deliveryReport },
  'delivery.unknown': { audience: 'durable', payload: deliveryReport },
  'delivery.expired': { audience: 'durable', payload: deliveryReport },
});
