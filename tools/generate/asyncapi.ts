import * as contracts from '@latchkey/contracts';
import { errorCodes, eventRegistry, requestRegistry, type ServiceName } from '@latchkey/contracts';
import type { EventQueue, QueueDeclaration, Topology } from '@latchkey/messaging';
import { z } from 'zod';

interface Names {
  topology: Topology;
  queues: readonly EventQueue[];
  eventsExchange: string;
  requestQueueName(service: ServiceName): string;
  oneNodeRequestQueue(service: ServiceName): QueueDeclaration;
}

const ref = (path: string) => ({ $ref: `#/${path}` });
const entriesOf = <T, R>(registry: Record<string, T>, entry: (name: string, definition: T) => [string, R]) =>
  Object.fromEntries(Object.entries(registry).map(([name, definition]) => entry(name, definition)));

/** Every message of the system as an AsyncAPI 3 document: who sends it, over which exchange or queue, to whom, and what is in it. */
export function asyncApiDocument({ topology, queues, eventsExchange, requestQueueName, oneNodeRequestQueue }: Names) {
  const { schemas, nameOf } = componentSchemas();
  const exchange = { name: eventsExchange, type: 'topic', durable: true, vhost: 'latchkey' };
  const isDurable = (queue: string) => topology.queues.some(({ name, durable }) => name === queue && durable);
  const answering = [...new Set(Object.values(requestRegistry).map(({ owner }) => owner))];
  const asked = (service: ServiceName) => Object.keys(requestRegistry).filter((name) => requestRegistry[name as contracts.RequestName].owner === service);
  const messagesOf = (names: string[], ending = '') => Object.fromEntries(names.map((name) => [`${name}${ending}`, ref(`components/messages/${name}${ending}`)]));
  const enveloped = (name: string, version: number, payload: z.ZodType, more?: object) => ({
    name,
    contentType: 'application/json',
    headers: ref('components/schemas/traceHeaders'),
    payload: { allOf: [ref('components/schemas/envelope'), { properties: { name: { const: name }, version: { const: version }, payload: ref(`components/schemas/${nameOf(payload)}`) } }, ...(more ? [more] : [])] },
  });

  return {
    asyncapi: '3.0.0',
    info: { title: 'Latchkey messages', version: '1.0.0', description: 'Requests and events between the services of Latchkey, over RabbitMQ. Generated from libs/contracts and the topology of libs/messaging.' },
    defaultContentType: 'application/json',
    channels: {
      ...entriesOf(eventRegistry, (name) => [name, { address: name, messages: messagesOf([name]), bindings: { amqp: { is: 'routingKey', exchange } } }]),
      ...Object.fromEntries(
        answering.map((service) => [
          requestQueueName(service),
          {
            address: requestQueueName(service),
            description: `Between processes that know one node of the broker alone by ${oneNodeRequestQueue(service).name}, while that is there.`,
            messages: messagesOf(asked(service)),
            bindings: { amqp: { is: 'queue', queue: { name: requestQueueName(service), durable: isDurable(requestQueueName(service)), exclusive: false, autoDelete: false, vhost: 'latchkey' } } },
          },
        ]),
      ),
      replies: { address: null, description: 'Direct reply-to of RabbitMQ.', messages: messagesOf(Object.keys(requestRegistry), '.reply') },
    },
    operations: {
      ...entriesOf(eventRegistry, (name, { owner }) => [`${owner}.publishes.${name}`, { action: 'send', channel: ref(`channels/${name}`) }]),
      ...Object.fromEntries(
        queues.flatMap(({ name: queue, events }) => events.map((event) => [`${queue}.takes.${event}`, { action: 'receive', channel: ref(`channels/${event}`), summary: `By the queue ${queue}.` }])),
      ),
      ...entriesOf(requestRegistry, (name, { owner }) => [
        `${owner}.answers.${name}`,
        {
          action: 'receive',
          channel: ref(`channels/${requestQueueName(owner)}`),
          messages: [ref(`channels/${requestQueueName(owner)}/messages/${name}`)],
          reply: { address: { location: '$message.header#/replyTo' }, channel: ref('channels/replies'), messages: [ref(`channels/replies/messages/${name}.reply`)] },
        },
      ]),
    },
    components: {
      messages: {
        ...entriesOf(eventRegistry, (name, { version, payload }) => [name, enveloped(name, version, payload)]),
        ...entriesOf(requestRegistry, (name, { version, payload }) => [
          name,
          enveloped(name, version, payload, { properties: { deadline: { type: 'number', description: 'Milliseconds since 1970; nobody waits after it' } }, required: ['deadline'] }),
        ]),
        ...entriesOf(requestRegistry, (name, { reply }) => [
          `${name}.reply`,
          {
            name: `${name}.reply`,
            contentType: 'application/json',
            payload: { oneOf: [{ type: 'object', properties: { ok: { const: true }, data: ref(`components/schemas/${nameOf(reply)}`) }, required: ['ok', 'data'] }, ref('components/schemas/refused')] },
          },
        ]),
      },
      schemas: {
        ...schemas,
        traceHeaders: {
          type: 'object',
          description: 'W3C Trace Context, of services that trace; a message without them begins a trace of its own.',
          properties: { traceparent: { type: 'string', pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}' }, tracestate: { type: 'string' } },
        },
        refused: {
          type: 'object',
          properties: { ok: { const: false }, code: { type: 'string', enum: Object.keys(errorCodes) }, details: { type: 'object' } },
          required: ['ok', 'code', 'details'],
        },
      },
    },
  };
}

/** All schemas by name, referring to each other: what the contracts export by its own name, the rest by its message's. */
function componentSchemas() {
  const registry = z.registry<{ id: string }>();
  const add = (schema: unknown, id: string) => {
    if (schema instanceof z.ZodType && !registry.has(schema)) registry.add(schema, { id });
  };
  // The exports of a module have no order that every loader keeps.
  for (const [name, exported] of Object.entries(contracts).sort(([one], [other]) => (one < other ? -1 : 1))) add(exported, name);
  for (const [name, { payload }] of Object.entries({ ...eventRegistry, ...requestRegistry })) add(payload, `${name}.payload`);
  for (const [name, { reply }] of Object.entries(requestRegistry)) add(reply, `${name}.reply`);

  const { schemas } = z.toJSONSchema(registry, { io: 'input', target: 'draft-7', uri: (id) => `#/components/schemas/${id}` });
  // Those with a name of their own for the HTTP API come in a folder that no reference of AsyncAPI can name.
  const { __shared: shared, ...named } = schemas as Record<string, { definitions?: object }>;
  const text = JSON.stringify({ ...named, ...shared?.definitions }, (key, value: unknown) => (key === '$id' || key === '$schema' ? undefined : value));
  return {
    schemas: JSON.parse(text.replaceAll('#/components/schemas/__shared#/definitions/', '#/components/schemas/')) as Record<string, object>,
    nameOf: (schema: z.ZodType) => registry.get(schema)?.id ?? '',
  };
}
