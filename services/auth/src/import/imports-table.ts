/**
 * What importing needs of the tables: the id that an account has in the system it comes from, so that the logins of one
 * account find each other, also over several files and runs. Part of a migration; harmless where it was run before.
 */
export const accountExternalIdSql = [
  'ALTER TABLE accounts ADD COLUMN IF NOT EXISTS external_id text',
  'CREATE UNIQUE INDEX IF NOT EXISTS account_of_external_id ON accounts (provider_id, external_id) WHERE external_id IS NOT NULL',
] as const;
