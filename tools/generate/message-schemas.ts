import { envelope, eventRegistry, requestRegistry, type ServiceName } from '@latchkey/contracts';
import { z } from 'zod';
import type { JsonSchema } from './json-schema-subset.ts';

export interface EventSchema {
  type: 'event';
  owner: string;
  audience: string;
  payload: JsonSchema;
}

export interface RequestSchema {
  type: 'request';
  owner: string;
  /** Where askers send it. */
  queue: string;
  payload: JsonSchema;
  reply: JsonSchema;
}

/** What travels around every payload. */
export interface EnvelopeSchema {
  type: 'envelope';
  payload: JsonSchema;
}

export type MessageSchema = EventSchema | RequestSchema | EnvelopeSchema;

// Titles and descriptions are left out: they may change without anybody noticing.
const plain = (schema: z.ZodType) => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', metadata: z.registry() });
  return rest as JsonSchema;
};

/** Every message of the code, by version and name (`v1/code.issue`), sorted. */
export function messageSchemas(requestQueueName: (service: ServiceName) => string): Map<string, MessageSchema> {
  const messages: [string, MessageSchema][] = [['v1/envelope', { type: 'envelope', payload: plain(envelope) }]];
  for (const [name, { owner, version, audience, payload }] of Object.entries(eventRegistry)) {
    messages.push([`v${version}/${name}`, { type: 'event', owner, audience, payload: plain(payload) }]);
  }
  for (const [name, { owner, version, payload, reply }] of Object.entries(requestRegistry)) {
    messages.push([`v${version}/${name}`, { type: 'request', owner, queue: requestQueueName(owner), payload: plain(payload), reply: plain(reply) }]);
  }
  return new Map(messages.sort(([one], [other]) => (one < other ? -1 : 1)));
}
