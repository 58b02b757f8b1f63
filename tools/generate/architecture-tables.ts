import { eventRegistry, requestRegistry, type ServiceName, serviceNames } from '@latchkey/contracts';
import type { EventQueue, QueueDeclaration, Topology } from '@latchkey/messaging';
import { table } from './markdown.ts';

/** What no registry tells: the state that a service alone reads and writes. */
const owns: Record<ServiceName, string> = {
  gateway: 'open event streams; nothing lasting',
  auth: 'Postgres schema `auth`: providers, accounts, logins, two-factor methods, emailed links, timelines, the audit book. Redis: attempts, sessions',
  'code-issuance': 'Redis: codes, tries, limits. Postgres schema `codes`: authenticator secrets, sealed; recovery codes, hashed',
  delivery: 'Postgres schema `delivery`: ledger of sends, codes and notices',
  'device-trust': 'Postgres schema `devices`: browsers and devices',
};

/** Service → owns → answers → publishes → consumes. */
export function servicesTable(queues: readonly EventQueue[]): string {
  const namesOf = (registry: Record<string, { owner: ServiceName }>, service: ServiceName) => Object.keys(registry).filter((name) => registry[name]?.owner === service);
  return table(
    ['service', 'owns', 'answers', 'publishes', 'consumes'],
    serviceNames.map((service) => [
      service,
      owns[service],
      service === 'gateway' ? 'HTTP' : shortList(namesOf(requestRegistry, service), ({ prefix, endings }) => (endings.length > 3 ? [`${prefix}.*`] : endings.map((ending) => `${prefix}.${ending}`))),
      shortList(namesOf(eventRegistry, service), allEndings),
      shortList(queues.filter((queue) => queue.service === service).flatMap(({ events }) => events), allEndings),
    ]),
  );
}

/** Every queue: who takes from it, what it carries, how the broker treats it. `more`: those that are not made with the topology. */
export function queuesTable(topology: Topology, queues: readonly EventQueue[], more: readonly QueueDeclaration[] = []): string {
  const deadLetterQueues = new Set(topology.queues.map((queue) => queue.arguments['x-dead-letter-routing-key']));
  const declared = [...topology.queues.filter(({ name }) => !deadLetterQueues.has(name)), ...more];
  const live = queues.filter(({ kind }) => kind === 'live');
  return table(
    ['queue', 'taken by', 'carries', 'held by a process', 'broker'],
    [
      ...declared.map((declaration) => {
        const queue = queues.find(({ name }) => name === declaration.name);
        return [`\`${declaration.name}\``, ...(queue ? [takerOf(queue), shortList(queue.events, allEndings), `${queue.prefetch} messages`] : innerUse(declaration)), treatment(declaration)];
      }),
      ...live.map((queue) => [`a queue for each \`${queue.name}\``, takerOf(queue), shortList(queue.events, allEndings), `${queue.prefetch} messages`, 'exclusive, gone with its process']),
    ],
  );
}

const takerOf = (queue: EventQueue) => (queue.channel ? `${queue.service}, workers for \`${queue.channel}\`` : queue.service);

function innerUse(queue: QueueDeclaration): string[] {
  const service = serviceNames.find((name) => queue.name.endsWith(`.${name}`));
  return service ? [service, 'requests to it', 'by setting'] : ['nobody', 'events on the way to their next try', '–'];
}

/** The arguments of a queue in words; those without words here as they are. */
function treatment({ durable, arguments: args }: QueueDeclaration): string {
  const {
    'x-queue-type': type,
    'x-overflow': _overflow,
    'x-message-ttl': ttlMs,
    'x-expires': expiresMs,
    'x-delivery-limit': deliveries,
    'x-dead-letter-exchange': exchange,
    'x-dead-letter-routing-key': routingKey,
    'x-dead-letter-strategy': strategy,
    ...others
  } = args;
  const target = exchange === '' ? `\`${routingKey}\`` : `exchange \`${exchange}\``;
  return [
    durable ? type : 'transient',
    deliveries && `${deliveries} deliveries`,
    ttlMs && `messages stay ${Number(ttlMs) / 1000} s`,
    exchange !== undefined && `then to ${target} (${strategy ?? 'at-most-once'})`,
    expiresMs && `deleted ${Number(expiresMs) / 1000} s after its last use`,
    ...Object.entries(others).map(([name, value]) => `${name} = ${value}`),
  ]
    .filter(Boolean)
    .join(', ');
}

interface Group {
  prefix: string;
  endings: string[];
}

const allEndings = ({ prefix, endings }: Group) => [`${prefix}.${endings.join('/')}`];

/** Names grouped by what is before their last dot. */
function shortList(names: readonly string[], write: (group: Group) => string[]): string {
  const groups = new Map<string, Group>();
  for (const name of names) {
    const dot = name.lastIndexOf('.');
    const prefix = name.slice(0, dot);
    const group = groups.get(prefix) ?? { prefix, endings: [] };
    group.endings.push(name.slice(dot + 1));
    groups.set(prefix, group);
  }
  return [...groups.values()].flatMap(write).map((text) => `\`${text}\``).join(', ') || '–';
}
