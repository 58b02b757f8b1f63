import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDirectory } from '../paths.ts';
import { databaseOwners, type DatabaseOwner } from '../stack/databases.ts';
import { migrationFiles } from './database.ts';

/** What a migration does that a build from before it may not survive. */
export type Contraction = { migration: string; what: string };

/** A migration that may contract says since which release nobody uses what it takes away. */
const annotation = /^\/\/ contracts: unused since (\d+\.\d+\.\d+)/m;

/** The contractions of every migration after the first of each service, unless they are annotated with a release that is out. */
export function contractions(releases: readonly string[]): Contraction[] {
  return databaseOwners.flatMap((owner: DatabaseOwner) =>
    migrationFiles(owner)
      .slice(1)
      .flatMap((path) => contractionsIn(readFileSync(join(rootDirectory, path), 'utf8'), releases).map((what) => ({ migration: path, what }))),
  );
}

/** What the `up` of a migration takes away from builds before it. */
export function contractionsIn(source: string, releases: readonly string[]): string[] {
  const release = annotation.exec(source)?.[1];
  if (release !== undefined) return releases.includes(release) ? [] : [`annotated with ${release}, which is no release of CHANGELOG.md`];
  const up = source.slice(0, source.indexOf('async down(')).replace(/--[^\n]*|^\s*\/\/[^\n]*/gm, '');
  const statements = [...up.matchAll(/`([^`]*)`|'((?:[^'\\\n]|\\.)*)'|"([^"\n]*)"/g)].map(([, one, two, three]) => (one ?? two ?? three ?? '').replace(/\s+/g, ' ').trim());
  const made = new Set(statements.flatMap((sql) => /^CREATE TABLE (?:IF NOT EXISTS )?(\w+)/i.exec(sql)?.[1] ?? []));
  const added = new Set(statements.flatMap((sql) => [...sql.matchAll(/ADD COLUMN (?:IF NOT EXISTS )?(\w+)/gi)].map(([, column = '']) => column)));
  return statements.flatMap((sql) => refused(sql, made, added));
}

function refused(sql: string, made: ReadonlySet<string>, added: ReadonlySet<string>): string[] {
  const table = /^(?:ALTER TABLE (?:IF EXISTS )?(?:ONLY )?|CREATE UNIQUE INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?\w+ ON )(\w+)/i.exec(sql)?.[1];
  if (table !== undefined && made.has(table)) return [];
  if (/^(DROP (TABLE|VIEW|SCHEMA|TYPE|FUNCTION)|TRUNCATE)\b/i.test(sql)) return [sql];
  if (/^CREATE UNIQUE INDEX/i.test(sql)) {
    // A column that builds before do not write is null in their rows, and nulls never collide.
    const columns = (/\(([^)]*)\)/.exec(sql)?.[1] ?? '').split(',').map((column) => column.trim());
    return columns.some((column) => added.has(column)) && !/NULLS NOT DISTINCT/i.test(sql) ? [] : [sql];
  }
  if (!/^ALTER TABLE/i.test(sql)) return [];
  const actions = splitActions(sql.replace(/^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?\w+ /i, ''));
  return actions.filter(contracts);
}

function contracts(action: string): boolean {
  if (/^RENAME\b|^DROP (?!CONSTRAINT\b|DEFAULT\b)/i.test(action)) return true;
  if (/^ALTER (COLUMN )?\w+ (SET NOT NULL|DROP DEFAULT|(SET DATA )?TYPE)\b/i.test(action)) return true;
  if (/^ADD (CONSTRAINT|CHECK|UNIQUE|FOREIGN|PRIMARY|EXCLUDE)\b/i.test(action)) return true;
  return /^ADD\b/i.test(action) && /\b(NOT NULL|PRIMARY KEY)\b/i.test(action) && !/\b(DEFAULT|GENERATED)\b/i.test(action);
}

/** At the commas that stand in no bracket. */
function splitActions(text: string): string[] {
  const actions: string[] = [];
  let [depth, from] = [0, 0];
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1;
    else if (text[index] === ')') depth -= 1;
    else if (text[index] === ',' && depth === 0) {
      actions.push(text.slice(from, index).trim());
      from = index + 1;
    }
  }
  return [...actions, text.slice(from).trim()];
}
