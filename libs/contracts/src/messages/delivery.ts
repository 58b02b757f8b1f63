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

export const deliveryRequests = requests('delivery', {
  /** Everything that happened so far to the messages of one attempt, oldest first. */
  'delivery.states': {
    payload: z.object({ attemptId: id }),
    reply: z.object({ states: z.array(deliveryEvent) }),
  },
});

export const deliveryEvents = events('delivery', {
  'delivery.accepted': { audience: 'live', payload: deliveryReport },
  'delivery.delivered': { audience: 'live', payload: deliveryReport },
  'delivery.failed': { audience: 'live', payload: deliveryReport },
  'delivery.unknown': { audience: 'live', payload: deliveryReport },
  'delivery.expired': { audience: 'live', payload: deliveryReport },
});
