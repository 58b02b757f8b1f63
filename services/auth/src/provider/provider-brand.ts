import type { Brand, ProviderBrand as StaffBrand, RequestPayload } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AttemptStore } from '../attempts/attempt-store.ts';
import type { Brand as MessageBrand } from '../logins/find-login.ts';
import { RequireSession } from '../sessions/require-session.ts';

type Row = { name: string; brand: MessageBrand; logo: string | null };

/** The name, colour and logo that a provider shows to its customers, on the website and in messages. */
@Injectable()
export class ProviderBrand {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly attempts: AttemptStore,
    private readonly database: DataSource,
  ) {}

  /** Before any is set, the name is the one that the provider was made with. */
  async read(sessionHash: string): Promise<StaffBrand> {
    const { providerId } = await this.requireSession.ofRole('provider_staff', sessionHash);
    const { name, brand, logo } = await this.rowOf(providerId);
    return { name: brand.name ?? name, color: brand.color ?? null, logo, logoUrl: brand.logoUrl ?? null };
  }

  /** Leaves what only whoever runs the platform sets, such as the provider's own sender. */
  async write({ sessionHash, brand }: RequestPayload<'provider.set-brand'>): Promise<StaffBrand> {
    const { providerId } = await this.requireSession.ofRole('provider_staff', sessionHash);
    const { name, color, logo, logoUrl } = brand;
    await this.database.query('UPDATE providers SET brand = (brand - $3::text[]) || $2::jsonb, logo = $4 WHERE id = $1', [
      providerId,
      JSON.stringify({ name, ...(color !== null && { color: color.toLowerCase() }), ...(logoUrl !== null && { logoUrl }) }),
      ['name', 'color', 'logoUrl'],
      logo,
    ]);
    return brand;
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

  private async rowOf(providerId: string): Promise<Row> {
    const [row] = await this.database.query<Row[]>('SELECT name, brand, logo FROM providers WHERE id = $1', [providerId]);
    if (!row) throw new Error('a login without a provider');
    return row;
  }
}
