import type { JsonSchema } from './json-schema-subset.ts';

const lowerLimits = ['minLength', 'minItems'];
const upperLimits = ['maxLength', 'maxItems'];
// Whether one pattern is part of another is not worked out.
const equalities = ['pattern', 'format'];
const bounds = [
  { closed: 'minimum', open: 'exclusiveMinimum', inward: 1 },
  { closed: 'maximum', open: 'exclusiveMaximum', inward: -1 },
] as const;
type Bound = (typeof bounds)[number];

export const limitKeywords = [...lowerLimits, ...upperLimits, ...equalities, 'multipleOf', ...bounds.flatMap(({ closed, open }) => [closed, open])];

/** The limits of `taken`, on lengths, forms and numbers, that a value within those of `sent` may exceed. */
export function exceededLimits(taken: JsonSchema, sent: JsonSchema): string[] {
  const limits = [...lowerLimits, ...upperLimits, ...equalities, 'multipleOf'].filter((keyword) => !holds(keyword, taken[keyword], sent[keyword]));
  const show = (value: unknown) => (value === undefined ? 'none' : String(value));
  return [
    ...limits.map((keyword) => `sent with ${keyword} ${show(sent[keyword])}, taken with ${show(taken[keyword])}`),
    ...bounds
      .filter((bound) => !isWithin(edgeOf(taken, bound), edgeOf(sent, bound), bound.inward))
      .map((bound) => `sent with ${bound.closed} ${show(edgeOf(sent, bound)?.value)}, taken with ${show(edgeOf(taken, bound)?.value)}`),
  ];
}

function holds(keyword: string, taken: unknown, sent: unknown): boolean {
  if (taken === undefined || taken === sent) return true;
  if (lowerLimits.includes(keyword)) return Number(sent ?? 0) >= Number(taken);
  if (upperLimits.includes(keyword)) return sent !== undefined && Number(sent) <= Number(taken);
  return keyword === 'multipleOf' && sent !== undefined && Number.isInteger(Number(sent) / Number(taken));
}

interface Edge {
  value: number;
  open: boolean;
}

/** The tighter of the closed and the open bound; of whole numbers always as a closed one. */
function edgeOf(schema: JsonSchema, bound: Bound): Edge | undefined {
  const closed = schema[bound.closed] as number | undefined;
  const open = schema[bound.open] as number | undefined;
  if (open === undefined || (closed !== undefined && (closed - open) * bound.inward > 0)) return closed === undefined ? undefined : { value: closed, open: false };
  return schema.type === 'integer' && Number.isInteger(open) ? { value: open + bound.inward, open: false } : { value: open, open: true };
}

function isWithin(taken: Edge | undefined, sent: Edge | undefined, inward: 1 | -1): boolean {
  if (!taken) return true;
  if (!sent) return false;
  return sent.value === taken.value ? sent.open || !taken.open : (sent.value - taken.value) * inward > 0;
}
