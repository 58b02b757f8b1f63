import { Ajv2020 } from 'ajv/dist/2020.js';
import { exceededLimits, limitKeywords } from './json-schema-limits.ts';

/** The part of JSON Schema (2020-12) that our contracts use. */
export interface JsonSchema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  [keyword: string]: unknown;
}

const annotations = ['$schema', 'title', 'description', 'default', 'examples', 'deprecated'];
const structure = ['type', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', 'properties', 'required', 'additionalProperties', 'propertyNames', 'items'];
const understood = new Set([...annotations, ...structure, ...limitKeywords]);

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/**
 * Why a reader of `taken` may refuse what a writer of `sent` writes; empty when it takes everything. It errs on the side
 * of refusing, and throws on a keyword that it can't judge. Both schemas are of zod's input kind:
 * - a writer writes the declared properties and no others, and always those that have a default;
 * - a reader passes over properties that it doesn't know, unless its `additionalProperties` says otherwise.
 */
export function refusals(taken: JsonSchema, sent: JsonSchema, path = ''): string[] {
  const readers = alternativesOf(taken);
  return alternativesOf(sent)
    .flatMap(valuesOf)
    .flatMap((one) => fewest(readers.map((reader) => refusalsOfOne(reader, one, path))));
}

const below = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);
const fewest = (lists: string[][]) => lists.reduce((best, list) => (list.length < best.length ? list : best));

/** A schema as the list of those that it is the union of, each with at most one type. */
function alternativesOf(schema: JsonSchema): JsonSchema[] {
  const strange = Object.keys(schema).filter((keyword) => !understood.has(keyword));
  if (strange.length > 0) throw new Error(`cannot compare schemas with ${strange.join(', ')}`);
  const { anyOf, oneOf, ...rest } = schema;
  const union = anyOf ?? oneOf;
  if (!union) return Array.isArray(rest.type) ? rest.type.map((type) => ({ ...rest, type })) : [rest];
  const beside = Object.keys(anyOf && oneOf ? schema : rest).filter((keyword) => !annotations.includes(keyword));
  if (beside.length > 0) throw new Error(`cannot compare a union with ${beside.join(', ')} beside it`);
  return union.flatMap(alternativesOf);
}

/** A schema of a few values as one schema for each, since different readers may take them. */
function valuesOf(schema: JsonSchema): JsonSchema[] {
  if (schema.enum) return schema.enum.map((value) => ({ const: value }));
  if ('const' in schema) return [{ const: schema.const }];
  if (schema.type === 'boolean') return [{ const: false }, { const: true }];
  return schema.type === 'null' ? [{ const: null }] : [schema];
}

/** Several patterns of a text, as one schema for each; what allOf may mean beyond that is not worked out. */
function partsOf({ allOf = [], ...rest }: JsonSchema): JsonSchema[] {
  const strange = allOf.flatMap(Object.keys).filter((keyword) => !limitKeywords.includes(keyword));
  if (strange.length > 0) throw new Error(`cannot compare schemas with ${strange.join(', ')} in allOf`);
  return [rest, ...allOf.map((part) => ({ ...rest, ...part }))];
}

function refusalsOfOne(taken: JsonSchema, sent: JsonSchema, path: string): string[] {
  const say = (what: string) => `${path || '(whole)'}: ${what}`;
  if (taken.allOf ?? sent.allOf) {
    const [wanted, given] = [partsOf(taken), partsOf(sent)];
    return wanted.flatMap((part) => fewest(given.map((one) => refusalsOfOne(part, one, path))));
  }
  if ('const' in sent) {
    // Formats are not looked into: that this very value has one is not known.
    const isTaken = taken['format'] === undefined && ajv.validate(taken, sent.const);
    return isTaken ? [] : [say(`may be ${JSON.stringify(sent.const)}, which is not taken`)];
  }
  if (taken.enum || 'const' in taken) return [say(`may be other than ${JSON.stringify(taken.enum ?? taken.const)}`)];
  if (taken.type && taken.type !== sent.type && !(taken.type === 'number' && sent.type === 'integer')) {
    return [say(`may be ${String(sent.type ?? 'anything')}, taken is ${String(taken.type)}`)];
  }
  return [
    ...exceededLimits(taken, sent).map(say),
    ...(taken.items ? refusals(taken.items, sent.items ?? {}, `${path}[]`) : []),
    ...refusalsOfProperties(taken, sent, path),
  ];
}

function refusalsOfProperties(taken: JsonSchema, sent: JsonSchema, path: string): string[] {
  const { properties: known = {}, required = [], additionalProperties: others = true } = taken;
  const { properties: written = {}, additionalProperties: moreWritten = false } = sent;
  const isAlwaysWritten = (name: string) => sent.required?.includes(name) || (written[name] !== undefined && 'default' in written[name]);
  const refusalsOf = (name: string, reader: boolean | JsonSchema, writer: JsonSchema) =>
    reader === false ? [`${below(path, name)}: is not known and not passed over`] : refusals(reader === true ? {} : reader, writer, below(path, name));

  const list = required.filter((name) => !isAlwaysWritten(name)).map((name) => `${below(path, name)}: may be missing`);
  for (const [name, writer] of Object.entries(written)) list.push(...refusalsOf(name, known[name] ?? others, writer));
  if (moreWritten === false) return list;

  // A map, or an object with more than the declared properties.
  const writer = moreWritten === true ? {} : moreWritten;
  for (const [name, reader] of Object.entries(known)) if (!written[name]) list.push(...refusalsOf(name, reader, writer));
  list.push(...refusalsOf('*', others, writer));
  if (taken.propertyNames) list.push(...refusals(taken.propertyNames, { type: 'string', ...sent.propertyNames }, below(path, '(names)')));
  return list;
}
