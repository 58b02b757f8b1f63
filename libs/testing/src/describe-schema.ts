import type { DataSource } from 'typeorm';

interface Table {
  name: string;
  partitionOf: string | null;
  partitionBy: string | null;
  parts: string[];
  indexes: string[];
}

/** A schema of the database as SQL that would make it: its tables with their columns, constraints and indexes, in the order of their names. */
export async function describeSchema(database: DataSource, schema: string): Promise<string> {
  const tables = await database.query<Table[]>(
    `SELECT c.relname AS name,
      CASE WHEN c.relispartition THEN ' PARTITION OF ' || (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = c.oid) || ' ' || pg_get_expr(c.relpartbound, c.oid) END AS "partitionOf",
      ' PARTITION BY ' || pg_get_partkeydef(c.oid) AS "partitionBy",
      array(SELECT format('%I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
          CASE WHEN a.attidentity <> '' THEN ' GENERATED ALWAYS AS IDENTITY' ELSE coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') END)
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
      || array(SELECT format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid = c.oid AND contype <> 'n' ORDER BY conname) AS parts,
      array(SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = c.oid
        AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u')) ORDER BY 1) AS indexes
    FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'migrations' ORDER BY c.relname`,
    [schema],
  );
  return `-- What the migrations make; written by the tests, never by hand.\n\n${tables.map(statementsOf).join('\n\n')}\n`;
}

function statementsOf({ name, partitionOf, partitionBy, parts, indexes }: Table): string {
  // A partition has the columns and indexes of the whole.
  if (partitionOf) return `CREATE TABLE ${name}${partitionOf};`;
  return [`CREATE TABLE ${name} (\n  ${parts.join(',\n  ')}\n)${partitionBy ?? ''};`, ...indexes.map((index) => `${index};`)].join('\n');
}
