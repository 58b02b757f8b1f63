import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rootDirectory } from '../paths.ts';
import { plainJson, sealedColumns } from './sealed-columns.ts';

/** Columns of the committed schemas that may hold something sealed: by their name, or since anything may lie in JSON. */
function suspects(service: string): string[] {
  const text = readFileSync(join(rootDirectory, `services/${service}/schema.sql`), 'utf8');
  const tables = [...text.matchAll(/^CREATE TABLE (\w+) \(\n(.*?)^\)/gms)];
  return tables.flatMap(([, table = '', body = '']) => [...body.matchAll(/^ {2}(\w+) (\S+)/gm)].flatMap(([, column = '', type]) => (/seal/.test(column) || type?.startsWith('jsonb') ? [`${table}.${column}`] : [])));
}

test('every column that may hold something sealed is sealed anew when keys rotate, or is known to hold nothing', () => {
  const found = ['auth', 'code-issuance', 'delivery', 'device-trust'].flatMap((service) => suspects(service).map((column) => `${service}.${column}`));
  const known = Object.entries(sealedColumns).flatMap(([service, { columns }]) => columns.map(({ table, column }) => `${service}.${table}.${column}`));
  expect(found.length).toBeGreaterThan(4);
  expect([...known, ...plainJson].sort()).toEqual(expect.arrayContaining(found.sort()));
  for (const column of known) expect(found).toContain(column);
});
