import { type Channel, type EventName, type ServiceName, serviceNames } from '@latchkey/contracts';

/** Facts go through one topic exchange; the routing key is the event's name. */
export const eventsExchange = 'latchkey.events';
/** What comes back from a retry queue is routed to the queue it came from: the routing key is the queue's name. */
export const returnExchange = 'latchkey.return';

/**
 * Waits before the tries 2, 3, … of an event whose handler failed for a passing reason. The wait is part of the queue's
 * name: a queue's arguments can't be changed later (the broker answers 406).
 */
export const retryWaitsMs = [1_000, 5_000, 30_000, 120_000, 600_000] as const;
export const retryQueueName = (waitMs: number) => `latchkey.retry.${waitMs}ms`;
export const retryExchangeName = retryQueueName;
export const deadLetterQueueName = (queue: string) => `${queue}.dead`;
/** Requests are worth nothing after their deadline, so the queue outlives a restart of its service, not more; then asking fails at once. */
const requestsLast = { 'x-expires': 60_000, 'x-message-ttl': 10_000 };
/** `v2`: the first ones were transient; a queue's kind can't be changed either. */
export const requestQueueName = (service: ServiceName) => `latchkey.requests.v2.${service}`;
/**
 * The same for processes that know one node alone: a classic queue, for a quorum of one costs and gives nothing (docs/adr/0014).
 * Who answers makes it, so that an asker is told at once by the broker when only builds without it are there.
 */
export const oneNodeRequestQueue = (service: ServiceName): QueueDeclaration => ({
  name: `latchkey.requests.one-node.${service}`,
  durable: true,
  arguments: { 'x-queue-type': 'classic', ...requestsLast },
});

export interface EventQueue {
  name: string;
  service: ServiceName;
  /**
   * `durable`: a quorum queue that all replicas of the service share. `live`: one exclusive queue for each process,
   * gone with it, for what only open pages want to know.
   */
  kind: 'durable' | 'live';
  events: readonly EventName[];
  /** Messages a process may hold unacknowledged: its bound on concurrency and on memory. */
  prefetch: number;
  /** Delivery has one queue for each channel, so that its workers scale alone. */
  channel?: Channel;
}

const aboutCodes = ['code.issued.sms', 'code.issued.email'] as const;
const aboutDeliveries = ['delivery.queued', 'delivery.accepted', 'delivery.delivered', 'delivery.failed', 'delivery.unknown', 'delivery.expired'] as const;
const aboutLogins = [
  'login.refused',
  'login.code-required',
  'login.code-refused',
  'login.signed-in',
  'login.added',
  'login.invited',
  'login.removed',
  'login.not-me',
  'session.stepped-up',
  'session.ended',
  'two-factor.method-added',
  'two-factor.method-removed',
  'two-factor.disabled',
  'two-factor.recovery-codes-made',
  'password.changed',
  'password.reset-asked',
] as const;
const aboutDevices = ['device.trusted', 'device.forgotten', 'device.secret-reused'] as const;

export const eventQueues: readonly EventQueue[] = [
  // Notices go the way of codes: the same queues, workers and providers.
  { name: 'delivery.sms', service: 'delivery', kind: 'durable', channel: 'sms', events: ['code.issued.sms', 'notice.issued.sms'], prefetch: 100 },
  { name: 'delivery.email', service: 'delivery', kind: 'durable', channel: 'email', events: ['code.issued.email', 'notice.issued.email'], prefetch: 100 },
  { name: 'delivery.codes-used', service: 'delivery', kind: 'durable', events: ['code.used'], prefetch: 50 },
  { name: 'device-trust.logins', service: 'device-trust', kind: 'durable', events: ['two-factor.disabled', 'password.changed', 'login.not-me', 'login.removed'], prefetch: 50 },
  { name: 'code-issuance.logins', service: 'code-issuance', kind: 'durable', events: ['two-factor.methods-removed', 'login.removed'], prefetch: 50 },
  { name: 'auth.activity', service: 'auth', kind: 'durable', events: [...aboutLogins, ...aboutDevices, ...aboutCodes, ...aboutDeliveries.slice(1)], prefetch: 200 },
  { name: 'auth.forgotten-passwords', service: 'auth', kind: 'durable', events: ['password.forgotten'], prefetch: 20 },
  { name: 'auth.live', service: 'auth', kind: 'live', events: ['provider.policy-changed'], prefetch: 100 },
  { name: 'gateway.live', service: 'gateway', kind: 'live', events: aboutDeliveries, prefetch: 500 },
];

export interface QueueDeclaration {
  name: string;
  durable: boolean;
  arguments: Record<string, string | number>;
}

export interface BindingDeclaration {
  exchange: string;
  queue: string;
  routingKey: string;
}

export interface Topology {
  exchanges: { name: string; type: 'topic' | 'direct' | 'fanout' }[];
  queues: QueueDeclaration[];
  bindings: BindingDeclaration[];
}

// At-least-once dead-lettering silently falls back to at-most-once unless overflow is reject-publish. No initial group
// size: left alone the broker takes every node up to 5 (3.x) or 3 (4.x), also one that is down at that moment.
const quorum = (extra: Record<string, string | number>) => ({
  'x-queue-type': 'quorum',
  'x-overflow': 'reject-publish',
  ...extra,
});

/** Everything durable that the broker has to know, worked out from the tables above. */
export function declareTopology(): Topology {
  const durable = eventQueues.filter((queue) => queue.kind === 'durable');
  return {
    exchanges: [
      { name: eventsExchange, type: 'topic' },
      { name: returnExchange, type: 'direct' },
      ...retryWaitsMs.map((waitMs) => ({ name: retryExchangeName(waitMs), type: 'fanout' as const })),
    ],
    queues: [
      ...durable.map(({ name }) => ({
        name,
        durable: true,
        // The limit catches a message that kills its worker again and again; ordinary failures never get there.
        arguments: quorum({
          'x-delivery-limit': 20,
          'x-dead-letter-exchange': '',
          'x-dead-letter-routing-key': deadLetterQueueName(name),
          'x-dead-letter-strategy': 'at-least-once',
        }),
      })),
      ...durable.map(({ name }) => ({ name: deadLetterQueueName(name), durable: true, arguments: { 'x-queue-type': 'quorum' } })),
      ...retryWaitsMs.map((waitMs) => ({
        name: retryQueueName(waitMs),
        durable: true,
        arguments: quorum({
          'x-message-ttl': waitMs,
          'x-dead-letter-exchange': returnExchange,
          'x-dead-letter-strategy': 'at-least-once',
        }),
      })),
      ...serviceNames
        .filter((service) => service !== 'gateway')
        .map((service) => ({
          name: requestQueueName(service),
          // A quorum queue, for no other kind outlives a node (docs/adr/0007).
          durable: true,
          arguments: { 'x-queue-type': 'quorum', ...requestsLast, 'x-delivery-limit': 3 },
        })),
    ],
    bindings: [
      ...durable.flatMap(({ name, events }) => events.map((event) => ({ exchange: eventsExchange, queue: name, routingKey: event }))),
      ...durable.map(({ name }) => ({ exchange: returnExchange, queue: name, routingKey: name })),
      // The wait is chosen by exchange, because the routing key already says which queue to come back to.
      ...retryWaitsMs.map((waitMs) => ({ exchange: retryExchangeName(waitMs), queue: retryQueueName(waitMs), routingKey: '' })),
    ],
  };
}
