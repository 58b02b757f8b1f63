import { randomUUIDv7 } from 'node:crypto';
import type { ProviderAccount, RequestPayload } from '@latchkey/contracts';
import { OutboxRelay } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { byOther } from '../activity/facts.ts';
import { AddLogin } from '../logins/add-login.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { readCursor, writeCursor } from './cursor.ts';

const pageSize = 50;

type Row = Omit<ProviderAccount, 'createdAt'> & { createdAt: string };

// Moments as text, with all their digits: the cursor goes by them.
const accountsSql = `
  SELECT accounts.id, name, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "createdAt",
    coalesce((SELECT json_agg(json_build_object('id', l.id, 'loginName', login_name, 'role', role) ORDER BY role, login_name_key) FROM logins l WHERE l.account_id = accounts.id), '[]') AS logins
  FROM accounts WHERE accounts.provider_id = $1`;

/** The accounts of a provider's customers. */
@Injectable()
export class ProviderAccounts {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly addLogin: AddLogin,
    private readonly database: DataSource,
    private readonly relay: OutboxRelay,
  ) {}

  /** Newest first. */
  async list({ sessionHash, cursor }: RequestPayload<'provider.accounts'>): Promise<{ accounts: ProviderAccount[]; cursor: string | null }> {
    const { providerId } = await this.requireSession.ofRole('provider_staff', sessionHash);
    const [at, id] = readCursor(cursor, 2) ?? [null, null];
    const rows = await this.database.query<Row[]>(
      `${accountsSql} AND ($2::text IS NULL OR (created_at, id) < ($2::timestamptz, $3::uuid)) ORDER BY created_at DESC, id DESC LIMIT ${pageSize + 1}`,
      [providerId, at, id],
    );
    const page = rows.slice(0, pageSize);
    const last = rows.length > pageSize ? page.at(-1) : undefined;
    return { accounts: page.map(present), cursor: last ? writeCursor([last.createdAt, last.id]) : null };
  }

  /** Adds an account with its owner, who chooses a password by an emailed invitation. */
  async add({ sessionHash, name, owner, locale }: RequestPayload<'provider.add-account'>): Promise<ProviderAccount> {
    const session = await this.requireSession.ofRole('provider_staff', sessionHash);
    const { providerId } = session;
    const added = await this.database.transaction(async (executor) => {
      const account = { id: randomUUIDv7(), name };
      await executor.query('INSERT INTO accounts (id, provider_id, name) VALUES ($1, $2, $3)', [account.id, providerId, name]);
      const doing = byOther(session, await nameOf(executor, providerId));
      const { accountId } = await this.addLogin.add(executor, { ...owner, role: 'account_owner', account, providerId, locale, doing, path: 'owner.loginName' });
      if (accountId !== account.id) await executor.query('DELETE FROM accounts WHERE id = $1', [account.id]);
      return executor.query<Row[]>(`${accountsSql} AND accounts.id = $2`, [providerId, accountId]);
    });
    this.relay.kick();
    if (!added[0]) throw new Error('the account that was added is gone');
    return present(added[0]);
  }
}

const nameOf = async (executor: EntityManager, providerId: string): Promise<string> =>
  (await executor.query<{ name: string }[]>('SELECT name FROM providers WHERE id = $1', [providerId]))[0]?.name ?? '';

const present = (row: Row): ProviderAccount => ({ ...row, createdAt: new Date(row.createdAt).toISOString() });
