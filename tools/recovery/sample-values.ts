import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { SealingKeys } from '@latchkey/platform';
import type { JsonSchema } from '../generate/json-schema-subset.ts';

/** What such a property holds in a real message; whatever is made of a pattern or a format is made by those. */
const byName: Record<string, unknown> = {
  loginName: 'erika@example.com',
  locale: 'de-CH',
  defaultLocale: 'de',
  accountLabel: 'erika@example.com',
  issuer: 'Alpine Alarm',
  maskedDestination: '+41 •• ••• •• 42',
  name: 'Firefox on Linux',
  host: 'login.alpine.example',
  color: '#0a5c8f',
  logo: 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  logoUrl: 'https://login.alpine.example/logo.png',
  emailFrom: 'security@alpine.example',
  smsSender: 'Alpine',
  timeZone: 'Europe/Zurich',
  provider: 'sns',
  url: 'https://login.alpine.example/v1/receipts/twilio?for=login',
  headers: { 'x-twilio-signature': 'c2lnbmF0dXJl', 'content-type': 'application/x-www-form-urlencoded' },
  browser: 'Firefox 145',
  os: 'Linux',
  hint: '•• 42',
  cursor: 'ZXJpa2FAZXhhbXBsZS5jb20',
  reason: 'lost her phone',
  query: 'erika',
  phone: '+41 44 668 18 00',
  email: 'help@alpine.example',
  sendNumber: 2,
  attemptsLeft: 4,
  fromEpoch: 3,
  toEpoch: 4,
  trustEpoch: 3,
  version: 1,
  payload: {},
  id: '0197a1b2-3c4d-7e5f-8a9b-0c1d2e3f4a5b',
  ids: '0197a1b2-3c4d-7e5f-8a9b-0c1d2e3f4a5b',
  contents: { channel: 'sms' },
  target: { queue: 'delivery.sms' },
  country: 'CH',
  service: 'delivery',
  at: '2026-01-02T03:04:05.678Z',
  worker: 'delivery-sms-6f9c:1',
  queue: 'delivery.sms',
  event: 'code.issued.sms',
};

const moment = '2026-01-02T03:04:05.678Z';
const sealedValue = await new SealingKeys(`k1:${randomBytes(32).toString('base64')}`).seal('destination', '+41446681800');

/**
 * Values that a schema takes, the fullest first: together they have each alternative, each word of an enumeration, and each
 * optional property both there and missing.
 */
export function sampleValues(schema: JsonSchema, name = ''): unknown[] {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum) return schema.enum;
  if (alternatives) return alternatives.flatMap((one) => sampleValues(one, name));
  const types = [schema.type ?? 'unknown'].flat();
  return types.flatMap((type) => ofType(type, schema, name));
}

function ofType(type: string, schema: JsonSchema, name: string): unknown[] {
  switch (type) {
    case 'null':
      return [null];
    case 'boolean':
      return [true, false];
    case 'object':
      return schema.properties ? objects(schema.properties, new Set(schema.required)) : [known(name)];
    case 'array':
      return [sampleValues(schema.items ?? {}, name.replace(/s$/, '')).slice(0, 3)];
    case 'string':
      return [text(schema, name)];
    default:
      return [known(name)];
  }
}

/** As many as the property with the most values has, all used; and one with what is required alone. */
function objects(properties: Record<string, JsonSchema>, required: ReadonlySet<string>): object[] {
  const values = Object.entries(properties).map(([name, schema]) => [name, sampleValues(schema, name)] as const);
  const count = Math.max(1, ...values.map(([, those]) => those.length));
  const full = Array.from({ length: count }, (_, index) => Object.fromEntries(values.map(([name, those]) => [name, those[index % those.length]])));
  const least = Object.fromEntries(values.filter(([name]) => required.has(name)).map(([name, those]) => [name, those.at(-1)]));
  return values.some(([name]) => !required.has(name)) ? [...full, least] : full;
}

function text({ format, pattern }: JsonSchema, name: string): string {
  if (format === 'uuid') return randomUUIDv7();
  if (format === 'date-time') return moment;
  if (format === 'ipv4') return '203.0.113.7';
  if (format === 'ipv6') return '2001:db8::7';
  if (pattern === '^[\\w-]{43}$') return randomBytes(32).toString('base64url');
  if (/^sealed/.test(name)) return sealedValue;
  return String(known(name));
}

function known(name: string): unknown {
  if (name in byName) return byName[name];
  throw new Error(`A sample of "${name}" is wanted: say in tools/recovery/sample-values.ts what it holds.`);
}
