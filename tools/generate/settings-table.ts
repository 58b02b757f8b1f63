import { z } from 'zod';
import { table } from './markdown.ts';

interface Row {
  services: string[];
  description: string;
  fallback: string;
}

/** All settings, made from the schemas by which the services read them. */
export function settingsTable(schemas: Record<string, z.ZodType>): string {
  const rows = new Map<string, Row>();
  for (const [service, schema] of Object.entries(schemas)) {
    const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
      properties?: Record<string, { description?: string; default?: unknown }>;
      required?: string[];
    };
    for (const [name, { description = '', default: fallback }] of Object.entries(properties)) {
      const without = required.includes(name) ? 'required' : '–';
      const row = rows.get(name) ?? { services: [], description, fallback: fallback === undefined ? without : `\`${String(fallback)}\`` };
      if (name === 'LATCHKEY_INTERNAL_PORT') row.fallback = 'differs';
      row.services.push(service);
      rows.set(name, row);
    }
  }
  const everybody = Object.keys(schemas).length;
  return table(
    ['variable', 'services', 'default', 'meaning'],
    [...rows]
      .sort(([one], [other]) => one.localeCompare(other, 'en'))
      .map(([name, { services, description, fallback }]) => [`\`${name}\``, services.length === everybody ? 'all' : services.join(', '), fallback, description]),
  );
}
