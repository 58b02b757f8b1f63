import { z } from 'zod';
import { channel, id, moment } from '../primitives.ts';
import { activity } from './activity.ts';

const queueName = z.string().regex(/^[a-z][a-z0-9.-]{0,99}$/, 'not the name of a queue');
const providerName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'not the name of a provider');
/** The id of a message; of a dead letter that has none, one made of its contents. */
const messageId = z.string().min(1).max(200).regex(/^[\x21-\x7e]+$/, 'not the id of a message');
const workerName = z.string().min(1).max(300).regex(/^[\x21-\x7e]+$/, 'not the name of a worker');

export const opsQueue = z.object({
  name: z.string(),
  service: z.string().nullable().describe('Who takes from it; null: nobody, messages wait there for their next try'),
  ready: z.int(),
  unacked: z.int().nullable().describe('In hand; null where only the management API of the broker would know'),
  consumers: z.int(),
  publishPerSecond: z.number().nullable(),
  deliverPerSecond: z.number().nullable(),
  oldestSeconds: z.number().nullable().describe('Age of the oldest message, where the broker tells'),
});

export const opsWorker = z.object({
  worker: z.string(),
  channels: z.array(channel),
  inFlight: z.int(),
  draining: z.boolean(),
  startedAt: moment,
  seenAt: moment,
});

export const opsQueues = z.object({ queues: z.array(opsQueue), workers: z.array(opsWorker).describe('Of delivery; those that were heard of lately') }).meta({ id: 'OpsQueues' });

export const deadLettersQuery = z.strictObject({ queue: queueName.describe('The queue they died in, such as `delivery.sms`') });
export const deadLetters = z
  .object({
    queue: z.string(),
    total: z.int(),
    letters: z
      .array(
        z.object({
          id: z.string(),
          event: z.string().nullable().describe('Null: it is no event of ours'),
          reason: z.string(),
          tries: z.int(),
          history: z.array(z.object({ at: z.string(), reason: z.string() })),
          diedAt: z.string().nullable(),
          occurredAt: z.string().nullable(),
          correlationId: z.string().nullable(),
          expiresAt: z.string().nullable().describe('After it a redrive sends nothing'),
          bytes: z.int(),
          contents: z.record(z.string(), z.unknown()).nullable().describe('Without what is sealed, and without destinations'),
        }),
      )
      .describe('The oldest, 100 at most'),
  })
  .meta({ id: 'DeadLetters' });

export const chosenDeadLetters = z.strictObject({ queue: queueName, ids: z.array(messageId).min(1).max(1_000).optional().describe('Without them all that are there') }).meta({ id: 'ChosenDeadLetters' });
export const handledDeadLetters = z
  .object({ handled: z.int(), left: z.int().describe('Still there: those that were not asked for, or, of very many, those that did not fit into the time'), notFound: z.array(z.string()) })
  .meta({ id: 'HandledDeadLetters' });

export const ledgerState = z.enum(['asking', 'retrying', 'accepted', 'delivered', 'failed', 'expired']);
export const deliveriesQuery = z.strictObject({
  state: ledgerState.optional(),
  provider: providerName.optional(),
  channel: channel.optional(),
  loginId: id.optional(),
  before: moment.optional().describe('The `before` of the page that is shown: what is older'),
});
export const opsDelivery = z.object({
  messageId: id,
  attemptId: id.nullable(),
  loginId: id,
  channel,
  purpose: z.string().describe('What the code is for, or the kind of the notice'),
  maskedDestination: z.string(),
  country: z.string().nullable(),
  segments: z.int().nullable(),
  state: ledgerState,
  provider: z.string(),
  asks: z.int(),
  unknowns: z.int().describe('Asks whose outcome nobody knows: each may have been one more message'),
  costMicros: z.int().nullable(),
  failure: z.string().nullable(),
  earlier: z.array(z.object({ provider: z.string(), outcome: z.string(), reason: z.string(), at: z.string() })),
  queuedAt: moment,
  askedAt: moment,
  acceptedAt: moment.nullable(),
  settledAt: moment.nullable(),
  expiresAt: moment,
});
export const opsDeliveries = z.object({ deliveries: z.array(opsDelivery), before: moment.nullable().describe('Ask with this for what is older; null: there is nothing older') }).meta({ id: 'OpsDeliveries' });

export const opsProviders = z
  .object({
    providers: z.array(
      z.object({
        provider: z.string(),
        on: z.boolean(),
        workers: z.array(z.object({ worker: z.string(), channels: z.array(channel), circuit: z.enum(['closed', 'half_open', 'open']), changedAt: moment })),
      }),
    ),
    channels: z.array(z.object({ channel, paused: z.boolean() })),
  })
  .meta({ id: 'OpsProviders' });
export const setProviderRequest = z.strictObject({ provider: providerName, on: z.boolean() }).meta({ id: 'SetProviderRequest' });
export const setChannelRequest = z.strictObject({ channel, paused: z.boolean() }).meta({ id: 'SetChannelRequest' });
export const setWorkerRequest = z.strictObject({ worker: workerName, draining: z.boolean() }).meta({ id: 'SetWorkerRequest' });

export const opsActivityQuery = z
  .strictObject({ correlationId: id.optional().describe('The story of one login attempt'), loginId: id.optional(), before: moment.optional() })
  .refine(({ correlationId, loginId }) => (correlationId === undefined) !== (loginId === undefined), { message: 'one of correlationId and loginId is needed', path: ['correlationId'] });
export const opsActivityPage = z.object({ activities: z.array(activity.extend({ loginId: id, correlationId: id })), before: moment.nullable() }).meta({ id: 'OpsActivityPage' });

export const auditPage = z
  .object({
    entries: z.array(z.object({ id, at: moment, by: z.object({ loginId: id, loginName: z.string() }), action: z.string(), target: z.record(z.string(), z.unknown()) })),
    before: moment.nullable(),
  })
  .meta({ id: 'AuditPage' });
