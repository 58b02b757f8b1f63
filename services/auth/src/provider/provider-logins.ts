import { type ActivityPage, type ProviderLogin, Refusal, type RequestPayload } from '@latchkey/contracts';
import { OutboxRelay } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ActivityStore } from '../activity/activity-store.ts';
import { byOther } from '../activity/facts.ts';
import { FindLogin } from '../logins/find-login.ts';
import { InviteAgain } from '../logins/invite-again.ts';
import { loginNameKey } from '../logins/login-name.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { TurnOff } from '../two-factor/turn-off.ts';
import { readCursor, writeCursor } from './cursor.ts';

const pageSize = 50;

type Row = Omit<ProviderLogin, 'twoFactor' | 'createdAt' | 'lastLoginAt'> & { key: string; methods: ProviderLogin['twoFactor']['methods']; createdAt: Date; lastLoginAt: Date | null };

// Whoever has an account is a customer: staff and operators are nobody's customers.
const customersSql = `
  SELECT logins.id, login_name AS "loginName", login_name_key AS key, role, json_build_object('id', accounts.id, 'name', accounts.name) AS account,
    email_masked AS email, password_hash IS NULL AS invited, logins.created_at AS "createdAt", last_login_at AS "lastLoginAt",
    coalesce((SELECT json_agg(json_build_object('kind', kind, 'hint', hint, 'default', is_default) ORDER BY is_default DESC, confirmed_at)
      FROM two_factor_methods m WHERE m.login_id = logins.id AND confirmed_at IS NOT NULL), '[]') AS methods
  FROM logins JOIN accounts ON accounts.id = account_id WHERE logins.provider_id = $1`;

/** What the staff of a service provider sees and does of its own customers; all others are not found. */
@Injectable()
export class ProviderLogins {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly findLogin: FindLogin,
    private readonly turnOff: TurnOff,
    private readonly activity: ActivityStore,
    private readonly inviteAgain: InviteAgain,
    private readonly database: DataSource,
    private readonly relay: OutboxRelay,
  ) {}

  /** By any part of the login name or the account's name, in the order of login names. */
  async search({ sessionHash, query, cursor }: RequestPayload<'provider.logins'>): Promise<{ logins: ProviderLogin[]; cursor: string | null }> {
    const { providerId } = await this.requireSession.ofRole('provider_staff', sessionHash);
    const [after] = readCursor(cursor, 1) ?? [null];
    const rows = await this.database.query<Row[]>(
      `${customersSql} AND ($2::text IS NULL OR login_name_key > $2) AND ($3 = '' OR strpos(login_name_key, $3) > 0 OR strpos(lower(accounts.name), $4) > 0)
       ORDER BY login_name_key LIMIT ${pageSize + 1}`,
      [providerId, after, loginNameKey(query), query.trim().toLowerCase()],
    );
    const page = rows.slice(0, pageSize);
    const last = rows.length > pageSize ? page.at(-1) : undefined;
    return { logins: page.map(present), cursor: last ? writeCursor([last.key]) : null };
  }

  async one({ sessionHash, loginId }: RequestPayload<'provider.login'>): Promise<ProviderLogin> {
    const { providerId } = await this.requireSession.ofRole('provider_staff', sessionHash);
    return this.requireCustomer(providerId, loginId);
  }

  async activityOf({ sessionHash, loginId, before }: RequestPayload<'provider.login-activity'>): Promise<ActivityPage> {
    const { providerId } = await this.requireSession.ofRole('provider_staff', sessionHash);
    await this.requireCustomer(providerId, loginId);
    return this.activity.page(loginId, before);
  }

  /** Help for who cannot log in (rule 13): two-factor off, all sessions ended, and the login told at once, with the reason. */
  async disableTwoFactor({ sessionHash, loginId, reason }: RequestPayload<'provider.disable-two-factor'>): Promise<void> {
    const session = await this.requireSession.ofRole('provider_staff', sessionHash);
    await this.requireCustomer(session.providerId, loginId);
    const found = await this.findLogin.byId(loginId);
    if (!found) throw new Refusal('not_found');
    const { login } = found;
    if (login.methods.length === 0) throw new Refusal('two_factor_off');
    const provider = login.provider.name;
    await this.turnOff.turnOff(login, { how: 'disabled_by_provider', reason, provider, doing: byOther(session, provider), sessions: { staying: 'none' } });
  }

  /** To the address that the login has: its staff doesn't choose where it goes. */
  async invite({ sessionHash, loginId }: RequestPayload<'provider.invite-again'>): Promise<void> {
    const session = await this.requireSession.ofRole('provider_staff', sessionHash);
    await this.requireCustomer(session.providerId, loginId);
    await this.database.transaction(async (executor) => {
      const found = await this.findLogin.byId(loginId, executor);
      await this.inviteAgain.invite(executor, loginId, byOther(session, found?.login.provider.name ?? ''));
    });
    this.relay.kick();
  }

  private async requireCustomer(providerId: string, loginId: string): Promise<ProviderLogin> {
    const [row] = await this.database.query<Row[]>(`${customersSql} AND logins.id = $2`, [providerId, loginId]);
    if (!row) throw new Refusal('not_found');
    return present(row);
  }
}

const present = ({ key: _key, methods, createdAt, lastLoginAt, ...row }: Row): ProviderLogin => ({
  ...row,
  twoFactor: { enabled: methods.length > 0, methods },
  lastLoginAt: lastLoginAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
});
