import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type JsonSchema, refusals } from './json-schema-subset.ts';

const schemaOf = (type: z.ZodType) => z.toJSONSchema(type, { io: 'input' }) as JsonSchema;
const between = (taken: z.ZodType, sent: z.ZodType) => refusals(schemaOf(taken), schemaOf(sent));
const text = z.string();
const cat = z.object({ kind: z.literal('cat'), lives: z.int() });
const dog = z.object({ kind: z.literal('dog'), name: text });

// What the reader takes, what the writer may send, what is wrong with it.
const breaks: [string, z.ZodType, z.ZodType, string[]][] = [
  ['a required property is not sent any more', z.object({ a: text, b: text }), z.object({ a: text }), ['b: may be missing']],
  ['a required property became optional', z.object({ a: text }), z.object({ a: text.optional() }), ['a: may be missing']],
  ['a property may be null', z.object({ a: text }), z.object({ a: text.nullable() }), ['a: may be null, which is not taken']],
  ['a property has another type', z.object({ a: text }), z.object({ a: z.number() }), ['a: may be number, taken is string']],
  ['whole numbers became any', z.int().min(0).max(9), z.number().min(0).max(9), ['(whole): may be number, taken is integer']],
  ['anything may come', text, z.unknown(), ['(whole): may be anything, taken is string']],
  ['an enumeration grew', z.enum(['a', 'b']), z.enum(['a', 'b', 'c']), ['(whole): may be "c", which is not taken']],
  ['an enumeration was given up', z.enum(['a', 'b']), text, ['(whole): may be other than ["a","b"]']],
  ['a constant changed', z.literal('a'), z.literal('b'), ['(whole): may be "b", which is not taken']],
  ['only yes was taken', z.literal(true), z.boolean(), ['(whole): may be false, which is not taken']],
  ['a text may be longer', text.max(60), text.max(61), ['(whole): sent with maxLength 61, taken with 60']],
  ['a text has no end', text.max(60), text, ['(whole): sent with maxLength none, taken with 60']],
  ['a text may be shorter', text.min(2), text.min(1), ['(whole): sent with minLength 1, taken with 2']],
  ['an enumerated text is too long', text.max(2), z.enum(['ab', 'abc']), ['(whole): may be "abc", which is not taken']],
  ['a pattern changed', text.regex(/^a+$/), text.regex(/^[ab]+$/), ['(whole): sent with pattern ^[ab]+$, taken with ^a+$']],
  ['a format was given up', z.url(), text, ['(whole): sent with format none, taken with uri']],
  ['a fixed text where a format is wanted', z.url(), z.literal('here'), ['(whole): may be "here", which is not taken']],
  ['a number may be smaller', z.int().min(1), z.int().min(0), ['(whole): sent with minimum 0, taken with 1']],
  ['a number may be larger', z.number().max(5), z.number().max(6), ['(whole): sent with maximum 6, taken with 5']],
  ['a number may be the bound itself', z.number().gt(0), z.number().min(0), ['(whole): sent with minimum 0, taken with 0']],
  ['a number has finer steps', z.number().multipleOf(10), z.number().multipleOf(5), ['(whole): sent with multipleOf 5, taken with 10']],
  ['a list may be longer', z.array(text).max(3), z.array(text).max(4), ['(whole): sent with maxItems 4, taken with 3']],
  ['a list may be empty', z.array(text).min(1), z.array(text), ['(whole): sent with minItems none, taken with 1']],
  ['the items of a list changed', z.object({ a: z.array(z.int()) }), z.object({ a: z.array(text) }), ['a[]: may be string, taken is integer']],
  ['it broke deep inside', z.object({ a: z.object({ b: text.max(3) }) }), z.object({ a: z.object({ b: text.max(4) }) }), ['a.b: sent with maxLength 4, taken with 3']],
  ['a union has a new member', cat, z.discriminatedUnion('kind', [cat, dog]), ['lives: may be missing', 'kind: may be "dog", which is not taken']],
  ['a member of a union changed', z.union([cat, dog]), z.union([cat, dog.partial()]), ['kind: may be missing', 'name: may be missing']],
  ['a strict reader gets a new property', z.strictObject({ a: text }), z.object({ a: text, b: text }), ['b: is not known and not passed over']],
  ['a map has other values', z.record(text, z.int()), z.record(text, text), ['*: may be string, taken is integer']],
  ['a map has other names', z.record(text.max(3), text), z.record(text, text), ['(names): sent with maxLength none, taken with 3']],
  ['an open object says nothing of a property', z.object({ a: text.optional() }), z.looseObject({}), ['a: may be anything, taken is string']],
  ['both patterns of a text count', text.regex(/a/).regex(/b/), text.regex(/a/), ['(whole): sent with pattern a, taken with b']],
  ['a number has no bound', z.number().max(5), z.number(), ['(whole): sent with maximum none, taken with 5']],
  ['a constant was given up', z.literal('a'), text, ['(whole): may be other than "a"']],
  ['a list says nothing of its items', z.array(text), z.array(z.unknown()), ['[]: may be anything, taken is string']],
];

describe('a reader refuses when', () => {
  it.each(breaks)('%s', (_title, taken, sent, expected) => {
    expect(between(taken, sent)).toEqual(expected);
  });
});

const fits: [string, z.ZodType, z.ZodType][] = [
  ['there is a property it does not know', z.object({ a: text }), z.object({ a: text, b: text })],
  ['an optional property is always sent', z.object({ a: text.optional() }), z.object({ a: text })],
  ['an optional property is not sent any more', z.object({ a: text, b: text.optional() }), z.object({ a: text })],
  ['a property of the writer has a default', z.object({ a: text }), z.object({ a: text.default('x') })],
  ['it has a default itself', z.object({ a: text.default('x') }), z.object({})],
  ['it wants anything', z.unknown(), cat],
  ['it takes fractions as well', z.number().max(10), z.int().min(0).max(9)],
  ['a positive number starts at one', z.int().min(1), z.int().positive()],
  ['it takes the bound as well', z.number().min(0), z.number().gt(0)],
  ['an enumeration shrank to a constant', z.enum(['a', 'b']), z.literal('a')],
  ['each value has a reader of its own', z.union([z.literal('a'), z.literal('b')]), z.enum(['a', 'b'])],
  ['enumerated texts are short enough', text.max(2), z.enum(['a', 'bc'])],
  ['limits became narrower', z.array(text.max(9)).max(9), z.array(text.min(1).max(8)).min(1).max(8)],
  ['null is not sent any more', z.object({ a: text.nullable() }), z.object({ a: text })],
  ['a union lost a member', z.discriminatedUnion('kind', [cat, dog]), dog],
  ['the members of a union changed places', z.union([cat, dog]), z.union([dog, cat])],
  ['two patterns changed places', text.max(9).regex(/a/).regex(/b/), text.max(8).regex(/b/).regex(/a/)],
  ['a text keeps a further pattern', text.regex(/a/), text.regex(/a/).regex(/b/)],
  ['a map became an object', z.record(text, text), z.object({ a: text })],
  ['descriptions changed', text.describe('one'), text.describe('another')],
];

describe('a reader takes it when', () => {
  it.each(fits)('%s', (_title, taken, sent) => {
    expect(between(taken, sent)).toEqual([]);
  });
});

it('of two lower bounds the tighter counts', () => {
  const both: JsonSchema = { type: 'number', minimum: 5, exclusiveMinimum: 0 };
  expect(refusals({ type: 'number', minimum: 5 }, both)).toEqual([]);
  expect(refusals({ type: 'number', minimum: 6 }, both)).toEqual(['(whole): sent with minimum 5, taken with 6']);
});

it.each<[string, JsonSchema]>([
  ['a keyword', { type: 'array', prefixItems: [{ type: 'string' }] }],
  ['an allOf of more than patterns', { allOf: [{ type: 'object' }, { required: ['a'] }] }],
  ['a union with something beside it', { anyOf: [{ type: 'string' }], maxLength: 3 }],
])('%s that it cannot judge is an error, not a yes', (_title, schema) => {
  expect(() => refusals(schema, schema)).toThrow('cannot compare');
});
