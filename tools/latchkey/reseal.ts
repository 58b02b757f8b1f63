import type { SealingKeys, SealPurpose } from '@latchkey/platform';
import type { Client } from 'pg';
import type { SealedColumn } from './sealed-columns.ts';

/** Of one column: values looked at, sealed anew, and left since their key is not held. */
export type Resealed = { values: number; resealed: number; unopened: number };

type Row = { old: string; keys: string[] };

const batchSize = 500;
const sealedValue = /[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+/g;

/**
 * Seals the values of a column anew that another key than the current one sealed, in the order of the primary key. Safe
 * beside running services: a value is only replaced if it is still the one that was read. Run again, it finds nothing to do.
 */
export async function resealColumn(client: Client, keys: SealingKeys, currentKeyId: string, column: SealedColumn, progress: (done: Resealed) => void = () => undefined): Promise<Resealed> {
  const done: Resealed = { values: 0, resealed: 0, unopened: 0 };
  for (let after: string[] | undefined; ; ) {
    const rows = await readBatch(client, column, after);
    const changes: { row: Row; fresh: string }[] = [];
    for (const row of rows) {
      done.values += 1;
      const fresh = await resealText(keys, currentKeyId, row.old);
      if (fresh === undefined) done.unopened += 1;
      else if (fresh !== row.old) changes.push({ row, fresh });
    }
    if (changes.length > 0) done.resealed += await replace(client, column, changes);
    progress(done);
    after = rows.at(-1)?.keys;
    if (rows.length < batchSize) return done;
  }
}

async function readBatch(client: Client, { table, column, key, where = 'true' }: SealedColumn, after: string[] | undefined): Promise<Row[]> {
  const names = Object.keys(key);
  const beyond = after === undefined ? 'true' : `(${names.join(', ')}) > (${Object.values(key).map((type, index) => `$${index + 1}::${type}`).join(', ')})`;
  // As text: a time would lose its microseconds on the way through JavaScript.
  const { rows } = await client.query<Row>(
    `SELECT ${column}::text AS old, ARRAY[${names.map((name) => `${name}::text`).join(', ')}] AS keys FROM ${table}
     WHERE ${column} IS NOT NULL AND ${where} AND ${beyond} ORDER BY ${names.join(', ')} LIMIT ${batchSize}`,
    after ?? [],
  );
  return rows;
}

async function replace(client: Client, { table, column, key, json }: SealedColumn, changes: { row: Row; fresh: string }[]): Promise<number> {
  const type = json ? 'jsonb' : 'text';
  const keys = Object.entries(key);
  const { rowCount } = await client.query(
    `UPDATE ${table} SET ${column} = change.fresh::${type}
     FROM unnest($1::text[], $2::text[], ${keys.map((_, index) => `$${index + 3}::text[]`).join(', ')}) AS change (old, fresh, ${keys.map(([name]) => `key_${name}`).join(', ')})
     WHERE ${keys.map(([name, keyType]) => `${table}.${name} = change.key_${name}::${keyType}`).join(' AND ')} AND ${table}.${column} = change.old::${type}`,
    [changes.map(({ row }) => row.old), changes.map(({ fresh }) => fresh), ...keys.map((_, index) => changes.map(({ row }) => row.keys[index]))],
  );
  return rowCount ?? 0;
}

/** The text with every sealed value in it under the current key; undefined when one of them can't be opened. */
async function resealText(keys: SealingKeys, currentKeyId: string, text: string): Promise<string | undefined> {
  let fresh = text;
  for (const [sealed] of text.matchAll(sealedValue)) {
    const header = headerOf(sealed);
    if (!header || header.kid === currentKeyId) continue;
    try {
      fresh = fresh.replace(sealed, await keys.seal(header.typ, await keys.open(header.typ, sealed)));
    } catch {
      return undefined;
    }
  }
  return fresh;
}

/** A compact JWE begins with its header, which names the key and what the value is. */
function headerOf(sealed: string): { kid: string; typ: SealPurpose } | undefined {
  try {
    const header = JSON.parse(Buffer.from(sealed.split('.', 1)[0] ?? '', 'base64url').toString()) as { kid?: unknown; typ?: unknown };
    return typeof header.kid === 'string' && typeof header.typ === 'string' ? { kid: header.kid, typ: header.typ as SealPurpose } : undefined;
  } catch {
    return undefined;
  }
}
