import type { ProviderPolicy as Policy, RequestPayload, TwoFactorPolicy } from '@latchkey/contracts';
import { Publisher } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RequireSession } from '../sessions/require-session.ts';
import { ProviderPolicies } from './provider-policies.ts';

type Row = { policy: TwoFactorPolicy; contact: Policy['contact'] };

/** Whether a provider's customers may, should or must use two-factor, and whom they call when locked out. */
@Injectable()
export class ProviderPolicy {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly policies: ProviderPolicies,
    private readonly database: DataSource,
    private readonly publisher: Publisher,
  ) {}

  async read(sessionHash: string): Promise<Policy> {
    const { providerId } = await this.requireSession.ofRole('provider_staff', sessionHash);
    const [row] = await this.database.query<Row[]>(
      `SELECT policy, json_build_object('name', contact_name, 'phone', contact_phone, 'email', contact_email) AS contact FROM providers WHERE id = $1`,
      [providerId],
    );
    if (!row) throw new Error('staff without a provider');
    return { twoFactor: row.policy, contact: row.contact };
  }

  /** Counts at once, also for sessions that are there: who must set two-factor up can do nothing else. */
  async write({ sessionHash, policy: { twoFactor, contact } }: RequestPayload<'provider.set-policy'>): Promise<Policy> {
    const session = await this.requireSession.ofRole('provider_staff', sessionHash);
    const { providerId, loginId, loginName } = session;
    await this.database.query('UPDATE providers SET policy = $2, contact_name = $3, contact_phone = $4, contact_email = $5 WHERE id = $1', [
      providerId,
      twoFactor,
      contact.name,
      contact.phone,
      contact.email,
    ]);
    this.policies.learn(providerId, twoFactor);
    await this.publisher.publish('provider.policy-changed', { providerId, twoFactor, by: { kind: 'provider_staff', loginId, name: loginName } });
    return { twoFactor, contact };
  }
}
