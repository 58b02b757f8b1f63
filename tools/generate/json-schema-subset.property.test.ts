import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type JsonSchema, refusals } from './json-schema-subset.ts';

const ajv = new Ajv2020({ strict: false });

const withoutUndefined = (schema: JsonSchema) => JSON.parse(JSON.stringify(schema)) as JsonSchema;
const limits = (most: number) => fc.record({ low: fc.option(fc.nat(most), { nil: undefined }), more: fc.option(fc.nat(most), { nil: undefined }) }).map(({ low, more }) => ({ low, high: more === undefined ? undefined : (low ?? 0) + more }));
const texts = fc.constantFrom('', 'a', 'bb', 'ccc');
const names = ['a', 'b', 'c'];

/** Schemas in a small world, so that two of them often have to do with each other. */
const { schema: schemas }: { schema: fc.Arbitrary<JsonSchema> } = fc.letrec<Record<'schema' | 'leaf', JsonSchema>>((tie) => ({
  leaf: fc.oneof(
    limits(2).map(({ low, high }) => ({ type: 'string', minLength: low, maxLength: high })),
    limits(2).map(({ low, high }) => ({ type: 'integer', minimum: low, maximum: high })),
    fc.tuple(fc.nat(2), fc.nat(2)).map(([low, more]) => ({ type: 'number', exclusiveMinimum: low, maximum: low + more + 1 })),
    fc.uniqueArray(texts, { minLength: 1 }).map((values) => ({ type: 'string', enum: values })),
    fc.constantFrom<JsonSchema>({ type: 'boolean' }, { type: 'null' }, { const: true }, { const: 'a' }),
  ),
  schema: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
    fc.tuple(tie('schema'), limits(2)).map(([items, { low, high }]) => ({ type: 'array', items, minItems: low, maxItems: high })),
    fc.tuple(fc.dictionary(fc.constantFrom(...names), tie('schema')), fc.subarray(names), fc.constantFrom(undefined, undefined, false)).map(([properties, required, additionalProperties]) => ({
      type: 'object',
      properties,
      required: required.filter((name) => properties[name]),
      ...(additionalProperties === undefined ? {} : { additionalProperties }),
    })),
  ),
}));

/** What a writer of the schema may write. */
function written(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { minimum, maximum, exclusiveMinimum, minLength, maxLength, minItems, maxItems } = schema as Record<string, number | undefined>;
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(written));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.type === 'string') return fc.string({ minLength: minLength ?? 0, maxLength: maxLength ?? 6 });
  if (schema.type === 'integer') return fc.integer({ min: minimum ?? -3, max: maximum ?? 6 });
  if (schema.type === 'number') return fc.double({ min: exclusiveMinimum!, max: maximum!, minExcluded: true, noNaN: true });
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'null') return fc.constant(null);
  if (schema.type === 'array') return fc.array(written(schema.items ?? {}), { minLength: minItems ?? 0, maxLength: maxItems ?? 4 });
  return fc.record(Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, property]) => [name, written(property)])), { requiredKeys: schema.required ?? [] });
}

/** A schema and one that grew out of it: a part replaced, or a requirement or limit taken away. */
const pairs = fc.tuple(schemas, schemas, fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }), fc.boolean()).map(([before, other, steps, turned]) => {
  const [one, changed] = [withoutUndefined(before), withoutUndefined(before)];
  let part = changed;
  for (const step of steps) {
    const inner = [...(part.anyOf ?? []), ...Object.values(part.properties ?? {}), ...(part.items ? [part.items] : [])];
    if (inner.length > 0) part = inner[step % inner.length]!;
  }
  const loose = steps.length % 2 === 1 && Object.keys(part).find((keyword) => /^m(ax|in)|required|additional/.test(keyword));
  if (loose) delete part[loose];
  else {
    for (const keyword of Object.keys(part)) delete part[keyword];
    Object.assign(part, withoutUndefined(other));
  }
  return turned ? { taken: changed, sent: one } : { taken: one, sent: changed };
});

it('nothing that a writer may send is refused by a reader that was told compatible', { timeout: 30_000 }, () => {
  const seen = { compatible: 0, refused: 0, refusedForGood: 0 };
  fc.assert(
    fc.property(pairs.chain(({ taken, sent }) => fc.record({ taken: fc.constant(taken), sent: fc.constant(sent), values: fc.array(written(sent), { minLength: 5, maxLength: 20 }) })), ({ taken, sent, values }) => {
      const isTaken = values.every((value) => ajv.validate(taken, value));
      const told = refusals(taken, sent);
      seen[told.length === 0 ? 'compatible' : isTaken ? 'refused' : 'refusedForGood'] += 1;
      if (told.length === 0) expect(values.filter((value) => !ajv.validate(taken, value))).toEqual([]);
    }),
    { numRuns: 600 },
  );
  // The property says little unless both answers are common, and "no" is mostly proven right by one of the values.
  expect(seen.compatible).toBeGreaterThan(50);
  expect(seen.refusedForGood).toBeGreaterThan(3 * seen.refused);
});
