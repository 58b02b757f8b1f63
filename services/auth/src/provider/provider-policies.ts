import type { TwoFactorPolicy } from '@latchkey/contracts';
import { type Clock } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLOCK } from '../injected.ts';
import type { SessionRecord } from '../sessions/session-store.ts';

/** A replica that missed the news of a change goes by the old policy for so long at most. */
const rememberedMs = 10_000;

/** The two-factor policies of providers, in memory: every look at a session asks for one. */
@Injectable()
export class ProviderPolicies {
  private readonly known = new Map<string, { policy: TwoFactorPolicy; readAt: number }>();

  constructor(
    private readonly database: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Whether the session may do nothing but set two-factor up: a customer's, that is; staff has to be able to take the policy back. */
  async requireSetup({ twoFactorOn, providerId, accountId }: Pick<SessionRecord, 'twoFactorOn' | 'providerId' | 'accountId'>): Promise<boolean> {
    return accountId !== null && !twoFactorOn && (await this.of(providerId)) === 'required';
  }

  learn(providerId: string, policy: TwoFactorPolicy): void {
    this.known.set(providerId, { policy, readAt: this.clock.now().getTime() });
  }

  private async of(providerId: string): Promise<TwoFactorPolicy> {
    const known = this.known.get(providerId);
    if (known && this.clock.now().getTime() - known.readAt < rememberedMs) return known.policy;
    const [provider] = await this.database.query<{ policy: TwoFactorPolicy }[]>('SELECT policy FROM providers WHERE id = $1', [providerId]);
    const policy = provider?.policy ?? 'optional';
    // What was heard while the database was asked is newer.
    const heard = this.known.get(providerId);
    if (heard !== known && heard) return heard.policy;
    this.learn(providerId, policy);
    return policy;
  }
}
