import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rootDirectory } from '../paths.ts';
import { databaseOwners } from '../stack/databases.ts';
import { migrationFiles } from './database.ts';
import { contractions, contractionsIn } from './migration-rules.ts';

const releases = [...readFileSync(join(rootDirectory, 'CHANGELOG.md'), 'utf8').matchAll(/^## (\d+\.\d+\.\d+)/gm)].map(([, release = '']) => release);

it('every service has its migrations where they are looked for', () => {
  for (const owner of databaseOwners) expect(migrationFiles(owner).length, owner).toBeGreaterThanOrEqual(2);
});

it('each migration after the first of its service only expands, or says which release stopped using what it takes away', () => {
  expect(contractions(releases)).toEqual([]);
});

const migration = (up: string, note = '') => `${note}\nexport class X {\n  async up(runner) {\n    ${up}\n  }\n\n  async down(runner) {\n    await runner.query('DROP TABLE more');\n  }\n}`;
const query = (sql: string) => `await runner.query(\`${sql}\`);`;

it.each([
  ['DROP TABLE accounts'],
  ['ALTER TABLE logins DROP COLUMN locale'],
  ['ALTER TABLE logins\n  ADD COLUMN a text,\n  DROP locale'],
  ['ALTER TABLE logins RENAME COLUMN locale TO language'],
  ['ALTER TABLE logins RENAME TO people'],
  ['ALTER TABLE logins ALTER COLUMN locale SET NOT NULL'],
  ['ALTER TABLE logins ALTER COLUMN locale DROP DEFAULT'],
  ['ALTER TABLE logins ALTER COLUMN trust_epoch TYPE bigint'],
  ['ALTER TABLE logins ADD COLUMN a numeric(4, 2) NOT NULL'],
  ['ALTER TABLE logins ADD CONSTRAINT short CHECK (length(login_name) < 20)'],
  ['CREATE UNIQUE INDEX one_name ON logins (login_name)'],
  ['TRUNCATE deliveries'],
])('%s is a contraction', (sql) => {
  expect(contractionsIn(migration(query(sql)), releases)).toHaveLength(1);
});

it.each([
  ['ALTER TABLE logins ADD COLUMN a text, ADD COLUMN b numeric(4, 2) NOT NULL DEFAULT 0'],
  ['ALTER TABLE logins ALTER COLUMN password_hash DROP NOT NULL'],
  ['CREATE TABLE more (id uuid PRIMARY KEY, name text NOT NULL)'],
  ['CREATE INDEX by_name ON logins (login_name)'],
])('%s expands', (sql) => {
  expect(contractionsIn(migration(query(sql)), releases)).toEqual([]);
});

it('a unique index may have a column that the same migration adds, and a new table any shape', () => {
  expect(contractionsIn(migration(query('ALTER TABLE accounts ADD COLUMN external_id text') + query('CREATE UNIQUE INDEX x ON accounts (provider_id, external_id)')), releases)).toEqual([]);
  expect(contractionsIn(migration(query('CREATE TABLE more (id uuid)') + query('ALTER TABLE more ADD CHECK (id IS NOT NULL)')), releases)).toEqual([]);
});

it('a contraction passes with a release that is out, and with no other', () => {
  const drop = (note: string) => contractionsIn(migration(query('DROP TABLE accounts'), note), releases);
  expect(drop('// contracts: unused since 0.1.0')).toEqual([]);
  expect(drop('// contracts: unused since 9.9.9')).toEqual(['annotated with 9.9.9, which is no release of CHANGELOG.md']);
});
