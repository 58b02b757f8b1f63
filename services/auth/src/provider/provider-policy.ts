import { isDeepStrictEqual } from 'node:util';
import type { ProviderPolicy as Policy, RequestPayload, TwoFactorPolicy } from '@latchkey/contracts';
import { OutboxRelay, Publisher } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { bySession } from '../activity/facts.ts';
import { FindLogin } from '../logins/find-login.ts';
import { Notify } from '../notices/notify.ts';
import { RequireSession } from '../sessions/require-session.ts';
import type { SessionRecord } from '../sessions/session-store.ts';
import { ProviderPolicies } from './provider-policies.ts';

type Row = { policy: TwoFactorPolicy; contact: Policy['contact'] };

/** Whether a provider's customers may, should or must use two-factor, and whom they call when locked out. */
@Injectable()
export class ProviderPolicy {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly policies: ProviderPolicies,
    private readonly findLogin: FindLogin,
    private readonly notify: Notify,
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
    if (!isDeepStrictEqual(policyOf(before), policy)) await this.tellStaff(executor, session, policy);
  }

  /**
   * The staff is told, all of it: one stolen login of theirs could loosen the policy, or have locked-out customers call a
   * number of the thief's. Customers are not: nothing about their logins has changed, what is asked of them they are told
   * where it is asked, and a mail to every customer at each change would teach them to follow mails.
   */
  private async tellStaff(executor: EntityManager, session: SessionRecord, { twoFactor, contact }: Policy): Promise<void> {
    const staff = await executor.query<{ id: string }[]>(`SELECT id FROM logins WHERE provider_id = $1 AND role = 'provider_staff' ORDER BY id`, [session.providerId]);
    for (const { id } of staff) {
      const found = await this.findLogin.byId(id, executor);
      if (!found) continue;
      const shown = [contact.name ?? found.login.provider.name, contact.phone, contact.email].filter((part) => part !== null).join(', ');
      await this.notify.policyChanged(executor, found.login, bySession(session), { policy: twoFactor, contact: shown });
    }
  }
}

const policySql = `SELECT policy, json_build_object('name', contact_name, 'phone', contact_phone, 'email', contact_email) AS contact FROM providers`;
const policyOf = ({ policy, contact }: Row): Policy => ({ twoFactor: policy, contact });
