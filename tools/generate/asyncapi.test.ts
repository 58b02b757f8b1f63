import { eventRegistry, requestRegistry } from '@latchkey/contracts';
import { declareTopology, eventQueues, eventsExchange, oneNodeRequestQueue, requestQueueName } from '@latchkey/messaging';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument } from './asyncapi.ts';

const document: any = asyncApiDocument({ topology: declareTopology(), queues: eventQueues, eventsExchange, requestQueueName, oneNodeRequestQueue });

/** All references of the document, with where they stand. */
function references(value: unknown, place = '#'): { place: string; to: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [{ place, to: inner as string }] : references(inner, `${place}/${key}`)));
}

const resolve = (reference: string) => reference.slice(2).split('/').reduce((value, key) => value?.[key], document);

it('every reference leads to something', () => {
  const found = references(document);
  expect(found.length).toBeGreaterThan(300);
  expect(found.filter(({ to }) => !to.startsWith('#/') || resolve(to) === undefined)).toEqual([]);
});

it('every event is published by its owner and taken by each of its queues', () => {
  for (const [name, { owner }] of Object.entries(eventRegistry)) {
    expect(document.operations[`${owner}.publishes.${name}`]).toEqual({ action: 'send', channel: { $ref: `#/channels/${name}` } });
    expect(document.channels[name]).toMatchObject({ address: name, bindings: { amqp: { is: 'routingKey', exchange: { name: eventsExchange, type: 'topic' } } } });
  }
  const taken = Object.keys(document.operations).filter((name) => name.includes('.takes.'));
  expect(taken).toEqual(eventQueues.flatMap(({ name, events }) => events.map((event) => `${name}.takes.${event}`)));
});

it('every request is answered from the queue of its owner, by a reply of its own', () => {
  for (const [name, { owner }] of Object.entries(requestRegistry)) {
    const { action, channel, messages, reply } = document.operations[`${owner}.answers.${name}`];
    expect([action, channel.$ref]).toEqual(['receive', `#/channels/${requestQueueName(owner)}`]);
    // Messages of an operation have to be some of its channel's.
    expect(messages).toEqual([{ $ref: `${channel.$ref}/messages/${name}` }]);
    expect(reply.messages).toEqual([{ $ref: `${reply.channel.$ref}/messages/${name}.reply` }]);
  }
});

it('keys are of the form that the specification allows', () => {
  const { messages, schemas } = document.components;
  expect([...Object.keys(messages), ...Object.keys(schemas)].filter((key) => !/^[\w.-]+$/.test(key))).toEqual([]);
});

describe('the schema of a message', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false }).addSchema(document, 'document');
  const validator = (message: string) => ajv.compile({ $ref: `document#/components/messages/${message}/payload` });
  const id = '0192f0c1-0000-7000-8000-000000000001';
  const envelope = { id, name: 'two-factor.methods-removed', version: 1, occurredAt: '2026-01-01T00:00:00Z', correlationId: id, causationId: null };

  it.each(Object.keys(document.components.messages))('%s is one', (message) => {
    expect(validator(message)).toBeTypeOf('function');
  });

  it('takes an event as it travels, and nothing else', () => {
    const validate = validator('two-factor.methods-removed');
    const payload = { loginId: id, methodIds: [id] };
    expect(validate({ ...envelope, payload })).toBe(true);
    expect(validate({ ...envelope, payload: { loginId: id } })).toBe(false);
    expect(validate({ ...envelope, payload, name: 'two-factor.disabled' })).toBe(false);
    expect(validate({ payload })).toBe(false);
  });

  it('takes a request with its deadline, and its answer or refusal', () => {
    const validate = validator('session.logout');
    const request = { ...envelope, name: 'session.logout', payload: { sessionHash: 'a'.repeat(43) } };
    expect(validate({ ...request, deadline: 1_767_225_600_000 })).toBe(true);
    expect(validate(request)).toBe(false);
    const validateReply = validator('session.logout.reply');
    expect(validateReply({ ok: true, data: {} })).toBe(true);
    expect(validateReply({ ok: false, code: 'not_signed_in', details: {} })).toBe(true);
    expect(validateReply({ ok: false, code: 'no_such_code', details: {} })).toBe(false);
  });
});
