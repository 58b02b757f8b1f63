import { isDeepStrictEqual } from 'node:util';
import type { ProviderPolicy as Policy, RequestPayload, TwoFactorPolicy } from '@latchkey/contracts';
import { OutboxRelay, Publisher } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shownName } from '../notices/branding.ts';
import { RequireSession } from '../sessions/require-session.ts';
import type { SessionRecord } from '../sessions/session-store.ts';
import { ProviderPolicies } from './provider-policies.ts';
import { TellStaff } from './tell-staff.ts';

type Row = { policy: TwoFactorPolicy; contact: Policy['contact'] };

/** Whether a provider's customers may, should or must use two-factor, and whom they call when locked out. */
@Injectable()
export class ProviderPolicy {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly policies: ProviderPolicies,
    private readonly tellStaff: TellStaff,
    private readonly database: DataSource,
    private readonly relay: OutboxRelay,
    private readonly publisher: Publisher,
  ) {}

  async read(sessionHash: string): Promise<Policy> {
    const { providerId } = await this.requireSession.ofRole('provider_staff', sessionHash);
    const [row] = await this.database.query<Row[]>(`${policySql} WHERE id = $1`, [providerId]);
    if (!row) throw new Error('staff without a provider');
    return policyOf(row);
  }

  /** Counts at once, also for sessions that are there: who must set two-factor up can do nothing else. */
  async write({ sessionHash, policy }: RequestPayload<'provider.set-policy'>): Promise<Policy> {
    const session = await this.requireSession.ofRole('provider_staff', sessionHash);
    const { providerId, loginId, loginName } = session;
    await this.database.transaction((executor) => this.store(executor, session, policy));
    this.relay.kick();
    this.policies.learn(providerId, policy.twoFactor);
    await this.publisher.publish('provider.policy-changed', { providerId, twoFactor: policy.twoFactor, by: { kind: 'provider_staff', loginId, name: loginName } });
    return policy;
  }

  private async store(executor: EntityManager, session: SessionRecord, policy: Policy): Promise<void> {
    const { providerId } = session;
    const { twoFactor, contact } = policy;
    const [before] = await executor.query<Row[]>(`${policySql} WHERE id = $1 FOR UPDATE`, [providerId]);
    if (!before) throw new Error('staff without a provider');
    await executor.query('UPDATE providers SET policy = $2, contact_name = $3, contact_phone = $4, contact_email = $5 WHERE id = $1', [
      providerId,
      twoFactor,
      contact.name,
      contact.phone,
      contact.email,
    ]);
    if (isDeepStrictEqual(policyOf(before), policy)) return;
    const shown = (name: string) => [contact.name ?? name, contact.phone, contact.email].filter((part) => part !== null).join(', ');
    await this.tellStaff.of(executor, session, 'policy_changed', ({ provider }) => ({ policy: twoFactor, contact: shown(shownName(provider)) }));
  }
}

const policySql = `SELECT policy, json_build_object('name', contact_name, 'phone', contact_phone, 'email', contact_email) AS contact FROM providers`;
const policyOf = ({ policy, contact }: Row): Policy => ({ twoFactor: policy, contact });
