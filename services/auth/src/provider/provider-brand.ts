import { isDeepStrictEqual } from 'node:util';
import type { Brand, ProviderBrand as StaffBrand, RequestPayload } from '@latchkey/contracts';
import { type OutboxExecutor, OutboxRelay } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AttemptStore } from '../attempts/attempt-store.ts';
import type { Brand as MessageBrand } from '../logins/find-login.ts';
import { RequireSession } from '../sessions/require-session.ts';
import type { SessionRecord } from '../sessions/session-store.ts';
import { TellStaff } from './tell-staff.ts';

type Row = { name: string; brand: MessageBrand; logo: string | null };

/** The name, colour and logo that a provider shows to its customers, on the website and in messages. */
@Injectable()
export class ProviderBrand {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly attempts: AttemptStore,
    private readonly tellStaff: TellStaff,
    private readonly database: DataSource,
    private readonly relay: OutboxRelay,
  ) {}

  /** Before any is set, the name is the one that the provider was made with. */
  async read(sessionHash: string): Promise<StaffBrand> {
    const { providerId } = await this.requireSession.ofRole('provider_staff', sessionHash);
    return brandOf(await this.rowOf(providerId));
  }

  async write({ sessionHash, brand }: RequestPayload<'provider.set-brand'>): Promise<StaffBrand> {
    const session = await this.requireSession.ofRole('provider_staff', sessionHash);
    const written = { ...brand, color: brand.color?.toLowerCase() ?? null };
    await this.database.transaction((executor) => this.store(executor, session, written));
    this.relay.kick();
    return written;
  }

  /** Leaves what only whoever runs the platform sets, such as the provider's own sender. */
  private async store(executor: OutboxExecutor, session: SessionRecord, written: StaffBrand): Promise<void> {
    const { providerId } = session;
    const { name, color, logo, logoUrl } = written;
    const before = await this.rowOf(providerId, executor, 'FOR UPDATE');
    const set = JSON.stringify({ name, ...(color !== null && { color }), ...(logoUrl !== null && { logoUrl }) });
    await executor.query('UPDATE providers SET brand = (brand - $2::text[]) || $3::jsonb, logo = $4 WHERE id = $1', [providerId, ['name', 'color', 'logoUrl'], set, logo]);
    if (!isDeepStrictEqual(brandOf(before), written)) await this.tellStaff.of(executor, session, 'brand_changed', () => ({}));
  }

  async ofSession(sessionHash: string): Promise<Brand> {
    return this.shown((await this.requireSession.any(sessionHash)).providerId);
  }

  /** An attempt is there only after the right name and password: nobody else learns whose customer somebody is. */
  async ofAttempt(attemptHash: string): Promise<Brand> {
    return this.shown((await this.attempts.require(attemptHash)).login.providerId);
  }

  private async shown(providerId: string): Promise<Brand> {
    const { brand, logo } = await this.rowOf(providerId);
    return { name: brand.name ?? null, color: brand.color ?? null, logo };
  }

  private async rowOf(providerId: string, executor: OutboxExecutor = this.database, lock = ''): Promise<Row> {
    const [row] = (await executor.query(`SELECT name, brand, logo FROM providers WHERE id = $1 ${lock}`, [providerId])) as Row[];
    if (!row) throw new Error('a login without a provider');
    return row;
  }
}

const brandOf = ({ name, brand, logo }: Row): StaffBrand => ({ name: brand.name ?? name, color: brand.color ?? null, logo, logoUrl: brand.logoUrl ?? null });
