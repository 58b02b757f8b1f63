import { requestQueueName } from '@latchkey/messaging';
import { beforeEach, expect, it } from 'vitest';
import { breakingChanges } from './breaking-changes.ts';
import type { JsonSchema } from './json-schema-subset.ts';
import { type EventSchema, type MessageSchema, messageSchemas, type RequestSchema } from './message-schemas.ts';

// Our own contracts, published as they are; each test changes what is current.
const published = messageSchemas(requestQueueName);
let current: Map<string, MessageSchema>;
let event: EventSchema;
let request: RequestSchema;

beforeEach(() => {
  current = structuredClone(published);
  event = current.get('v1/code.issued.sms') as EventSchema;
  request = current.get('v1/login.verify-code') as RequestSchema;
});

const propertiesOf = (schema: JsonSchema) => schema.properties as Record<string, JsonSchema>;
const without = (schema: JsonSchema, property: string) => {
  delete propertiesOf(schema)[property];
  schema.required = schema.required?.filter((name) => name !== property) ?? [];
};
const require = (schema: JsonSchema, property: string, type: JsonSchema) => {
  propertiesOf(schema)[property] = type;
  schema.required?.push(property);
};
const changes = () => breakingChanges(published, current);

it('contracts that did not change break nothing', () => {
  expect(changes()).toEqual([]);
});

it('a new message breaks nothing', () => {
  current.set('v1/code.issued.push', event);
  expect(changes()).toEqual([]);
});

it('new optional properties break nobody, in events, payloads and replies', () => {
  for (const schema of [event.payload, request.payload, request.reply]) propertiesOf(schema)['more'] = { type: 'string' };
  expect(changes()).toEqual([]);
});

it('a new property with a default breaks nobody, though it is always sent', () => {
  for (const schema of [event.payload, request.payload, request.reply]) propertiesOf(schema)['more'] = { type: 'string', default: 'en' };
  expect(changes()).toEqual([]);
});

it('an event without a property that consumers need breaks them', () => {
  without(event.payload, 'sealedCode');
  expect(changes()).toEqual(['v1/code.issued.sms: an older consumer refuses what is published: sealedCode: may be missing']);
});

it('an event with a new required property breaks the messages that wait in queues', () => {
  require(event.payload, 'channel', { type: 'string' });
  expect(changes()).toEqual(['v1/code.issued.sms: the consumer refuses what was published before: channel: may be missing']);
});

it('an event with a wider enumeration breaks older consumers, one with a narrower breaks waiting messages', () => {
  propertiesOf(event.payload)['purpose']!.enum = ['login', 'step_up', 'reset_two_factor', 'recovery'];
  expect(changes()).toEqual([
    'v1/code.issued.sms: an older consumer refuses what is published: purpose: may be "recovery", which is not taken',
    'v1/code.issued.sms: the consumer refuses what was published before: purpose: may be "confirm_method", which is not taken',
  ]);
});

it('a durable event that became live breaks who counts on a queue', () => {
  event.audience = 'live';
  expect(changes()).toEqual(['v1/code.issued.sms: is not sure to reach a queue any more']);
});

it('a request that needs more of its askers breaks them', () => {
  require(request.payload, 'ip', { type: 'string' });
  expect(changes()).toEqual(['v1/login.verify-code: the handler refuses what an older asker sends: ip: may be missing']);
});

it('a request that takes shorter texts breaks its askers, one that takes longer ones does not', () => {
  propertiesOf(request.payload)['sealedCode']!['maxLength'] = 100;
  expect(changes()).toEqual(['v1/login.verify-code: the handler refuses what an older asker sends: sealedCode: sent with maxLength 8192, taken with 100']);
  propertiesOf(request.payload)['sealedCode']!['maxLength'] = 10_000;
  expect(changes()).toEqual([]);
});

it('a request that needs less of its askers breaks nobody', () => {
  without(request.payload, 'device');
  expect(changes()).toEqual([]);
});

it('a reply without a property that askers need breaks them, one with more does not', () => {
  require(request.reply, 'more', { type: 'string' });
  expect(changes()).toEqual([]);
  without(request.reply, 'askToTrust');
  expect(changes()).toEqual(['v1/login.verify-code: an older asker refuses the reply: askToTrust: may be missing']);
});

it('a request taken from another queue is not found where older askers send it', () => {
  const { queue } = request;
  request.queue = 'elsewhere';
  expect(changes()).toEqual([`v1/login.verify-code: is taken from elsewhere, and older askers send it to ${queue}`]);
});

it('a message that is gone, or has a new version, or became something else, breaks everybody', () => {
  current.delete('v1/code.issued.sms');
  current.set('v2/code.issued.sms', event);
  current.set('v1/login.verify-code', event);
  expect(changes()).toEqual(['v1/code.issued.sms: nobody declares it any more', 'v1/login.verify-code: is event instead of request']);
});

it('a changed envelope breaks every message', () => {
  require(current.get('v1/envelope')!.payload, 'tenant', { type: 'string' });
  expect(changes()).toEqual(['v1/envelope: the consumer refuses what was published before: tenant: may be missing']);
});
