import { createHash } from 'node:crypto';
import pg from 'pg';

const names = new Map<string, string>();

/**
 * Has Postgres parse a statement once for each connection, and not at each time: for those that every login asks. They name
 * their columns (no `*`): of one whose result changes its shape in a migration, a connection would keep the old one.
 */
export function prepared(sql: string): string {
  names.set(sql, `latchkey-${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`);
  return sql;
}

type Query = (...args: unknown[]) => unknown;

/** A connection that names the statements that are to be prepared; TypeORM, which does not know of names, hands on texts. */
export class PreparingClient extends pg.Client {}

PreparingClient.prototype.query = function (this: pg.Client, text: unknown, ...rest: unknown[]) {
  const name = typeof text === 'string' ? names.get(text) : undefined;
  return (pg.Client.prototype.query as Query).call(this, name === undefined ? text : { name, text }, ...rest);
} as typeof pg.Client.prototype.query;
