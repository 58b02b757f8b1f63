import { randomUUIDv7 } from 'node:crypto';
import type { SealingKeys } from '@latchkey/platform';
import type { DataSource, EntityManager } from 'typeorm';
import type { CheckedLine } from './check-line.ts';

/** `withoutPassword`: keys of the login names that are in now, or were, with an address and without a password. */
export type StoredBatch = { imported: number; alreadyThere: number; refused: { line: number; reason: string }[]; withoutPassword: string[] };
type Existing = { loginName: string; passwordHash: string | null };
type Row = CheckedLine & { id: string; accountId: string | null };

/**
 * Stores a batch in one transaction. A login that is there with the same name and hash is passed over, so an import that
 * was interrupted is simply run again; whoever else has the name, or one that looks the same, makes a refused line.
 */
export async function storeLogins(database: DataSource, sealing: SealingKeys, providerId: string, batch: readonly CheckedLine[]): Promise<StoredBatch> {
  const existing = await findExisting(database, batch);
  const refused: StoredBatch['refused'] = [];
  const rows = new Map<string, Row>();
  let alreadyThere = 0;
  for (const line of batch) {
    const there = existing.get(line.key) ?? rows.get(line.key);
    if (!there) rows.set(line.key, { ...line, id: randomUUIDv7(), accountId: null });
    else if (there.loginName === line.loginName && there.passwordHash === line.passwordHash) alreadyThere += 1;
    else refused.push({ line: line.line, reason: nameTaken(line.loginName, there) });
  }
  if (rows.size === 0) return { imported: 0, alreadyThere, refused, withoutPassword: keysWithoutPassword(batch, refused) };
  const sealed = await Promise.all([...rows.values()].map((row) => sealDestinations(sealing, row)));
  const added = await database.transaction(async (executor) => {
    await findAccounts(executor, providerId, sealed);
    return insertLogins(executor, providerId, sealed);
  });
  // Taken by somebody else while the batch was under way.
  for (const row of sealed) if (!added.has(row.id)) refused.push({ line: row.line, reason: 'loginName is taken' });
  return { imported: added.size, alreadyThere, refused, withoutPassword: keysWithoutPassword(batch, refused) };
}

function keysWithoutPassword(batch: readonly CheckedLine[], refused: StoredBatch['refused']): string[] {
  const refusedLines = new Set(refused.map(({ line }) => line));
  return batch.filter(({ line, passwordHash, email }) => passwordHash === null && email !== null && !refusedLines.has(line)).map(({ key }) => key);
}

function nameTaken(loginName: string, there: Existing): string {
  return there.loginName === loginName ? 'loginName is taken' : `loginName looks the same as "${there.loginName}", which is taken`;
}

async function findExisting(database: DataSource, batch: readonly CheckedLine[]): Promise<Map<string, Existing>> {
  const found = await database.query<(Existing & { key: string })[]>(
    'SELECT login_name_key AS key, login_name AS "loginName", password_hash AS "passwordHash" FROM logins WHERE login_name_key = ANY($1)',
    [batch.map(({ key }) => key)],
  );
  return new Map(found.map((login) => [login.key, login]));
}

type SealedRow = Row & { sealedEmail: string | null; sealedPhone: string | null };

async function sealDestinations(sealing: SealingKeys, row: Row): Promise<SealedRow> {
  const seal = (destination: { normalized: string } | null) => (destination ? sealing.seal('destination', destination.normalized) : null);
  const [sealedEmail, sealedPhone] = await Promise.all([seal(row.email), seal(row.phone)]);
  return { ...row, sealedEmail, sealedPhone };
}

/** Gives each row its account: that of its external id, made when it is the first, or one of its own. */
async function findAccounts(executor: EntityManager, providerId: string, rows: SealedRow[]): Promise<void> {
  const named = new Map(rows.flatMap(({ account }) => (account?.externalId ? [[account.externalId, account.name] as const] : [])));
  const externalIds = [...named.keys()];
  if (externalIds.length > 0) {
    await executor.query(
      `INSERT INTO accounts (id, provider_id, name, external_id) SELECT a.id, $1, a.name, a.external_id FROM unnest($2::uuid[], $3::text[], $4::text[]) AS a (id, name, external_id)
       ON CONFLICT (provider_id, external_id) WHERE external_id IS NOT NULL DO NOTHING`,
      [providerId, externalIds.map(() => randomUUIDv7()), [...named.values()], externalIds],
    );
  }
  const found = await executor.query<{ id: string; externalId: string }[]>('SELECT id, external_id AS "externalId" FROM accounts WHERE provider_id = $1 AND external_id = ANY($2)', [providerId, externalIds]);
  const idOf = new Map(found.map(({ id, externalId }) => [externalId, id]));
  const own: { id: string; name: string }[] = [];
  for (const row of rows) {
    if (!row.account) continue;
    row.accountId = row.account.externalId ? (idOf.get(row.account.externalId) ?? null) : randomUUIDv7();
    if (!row.account.externalId && row.accountId) own.push({ id: row.accountId, name: row.account.name });
  }
  await executor.query('INSERT INTO accounts (id, provider_id, name) SELECT a.id, $1, a.name FROM unnest($2::uuid[], $3::text[]) AS a (id, name)', [
    providerId,
    own.map(({ id }) => id),
    own.map(({ name }) => name),
  ]);
}

/** The ids of those that were added. A phone number counts as confirmed: the system it comes from has texted it. */
async function insertLogins(executor: EntityManager, providerId: string, rows: SealedRow[]): Promise<Set<string>> {
  const column = (value: (row: SealedRow) => string | null) => rows.map(value);
  const added = await executor.query<{ id: string }[]>(
    `INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, password_hash, email_sealed, email_masked, locale)
     SELECT l.id, l.account_id, $1, l.login_name, l.key, l.role, l.hash, l.email, l.masked, l.locale
     FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
       AS l (id, account_id, login_name, key, role, hash, email, masked, locale)
     ON CONFLICT (login_name_key) DO NOTHING RETURNING id`,
    [
      providerId,
      column(({ id }) => id),
      column(({ accountId }) => accountId),
      column(({ loginName }) => loginName),
      column(({ key }) => key),
      column(({ role }) => role),
      column(({ passwordHash }) => passwordHash),
      column(({ sealedEmail }) => sealedEmail),
      column(({ email }) => email?.hint ?? null),
      column(({ locale }) => locale),
    ],
  );
  const ids = new Set(added.map(({ id }) => id));
  const withPhone = rows.filter(({ id, phone }) => phone && ids.has(id));
  await executor.query(
    `INSERT INTO two_factor_methods (id, login_id, kind, sealed_destination, hint, is_default, confirmed_at)
     SELECT m.id, m.login_id, 'sms', m.sealed, m.hint, true, now() FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS m (id, login_id, sealed, hint)`,
    [withPhone.map(() => randomUUIDv7()), withPhone.map(({ id }) => id), withPhone.map(({ sealedPhone }) => sealedPhone), withPhone.map(({ phone }) => phone?.hint)],
  );
  const accountsOfNobody = rows.filter(({ id, account }) => account && !account.externalId && !ids.has(id)).map(({ accountId }) => accountId);
  if (accountsOfNobody.length > 0) await executor.query('DELETE FROM accounts WHERE id = ANY($1)', [accountsOfNobody]);
  return ids;
}
