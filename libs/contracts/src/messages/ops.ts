import { z } from 'zod';
import { auditPage, chosenDeadLetters, deadLetters, handledDeadLetters, ledgerState, opsActivityPage, opsDeliveries, opsProviders, opsQueues, opsWorker, setChannelRequest, setProviderRequest, setWorkerRequest } from '../http/ops.ts';
import { channel, id, moment, secretHash } from '../primitives.ts';
import { requests } from './define.ts';

const session = { sessionHash: secretHash };
/** Null: whichever it is. */
const deliveryFilter = z.object({ state: ledgerState.nullable(), provider: z.string().max(40).nullable(), channel: channel.nullable(), loginId: id.nullable(), before: moment.nullable() });

/**
 * For operators. Auth answers all of them, since it alone knows who an operator is and keeps the book of what they did;
 * what another service owns it asks of that one, after the session was judged.
 */
export const opsRequests = requests('auth', {
  'ops.queues': { payload: z.object(session), reply: opsQueues },
  'ops.dead-letters': { payload: z.object({ ...session, queue: z.string().max(100) }), reply: deadLetters },
  'ops.redrive': { payload: chosenDeadLetters.extend(session), reply: handledDeadLetters },
  'ops.discard': { payload: chosenDeadLetters.extend(session), reply: handledDeadLetters },
  'ops.deliveries': { payload: deliveryFilter.extend(session), reply: opsDeliveries },
  'ops.providers': { payload: z.object(session), reply: opsProviders },
  'ops.set-provider': { payload: setProviderRequest.extend(session), reply: opsProviders },
  'ops.set-channel': { payload: setChannelRequest.extend(session), reply: opsProviders },
  'ops.set-worker': { payload: setWorkerRequest.extend(session), reply: z.object({}) },
  'ops.activity': { payload: z.object({ ...session, correlationId: id.nullable(), loginId: id.nullable(), before: moment.nullable() }), reply: opsActivityPage },
  'ops.audit': { payload: z.object({ ...session, before: moment.nullable() }), reply: auditPage },
});

/** What auth asks of delivery for an operator. Who may is judged by then. */
export const deliveryOpsRequests = requests('delivery', {
  'delivery.search': { payload: deliveryFilter, reply: opsDeliveries },
  'delivery.workers': { payload: z.object({}), reply: z.object({ workers: z.array(opsWorker) }) },
  'delivery.controls': { payload: z.object({}), reply: opsProviders },
  /** Refuses with `not_found` a provider that no worker has. */
  'delivery.set-provider': { payload: setProviderRequest, reply: opsProviders },
  'delivery.set-channel': { payload: setChannelRequest, reply: opsProviders },
  /** Refuses with `not_found` a worker that is not there. */
  'delivery.set-worker': { payload: setWorkerRequest, reply: z.object({}) },
});
