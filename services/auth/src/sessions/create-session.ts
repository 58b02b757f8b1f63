import { randomUUIDv7 } from 'node:crypto';
import { type Assurance, type EnteredDevice, type MethodKind, Refusal } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Login } from '../logins/find-login.ts';
import { type SessionRecord, SessionStore } from './session-store.ts';

/** What was shown besides the password. */
export type Proof = { by: 'password' } | { by: 'trusted_device' } | { by: 'code'; kind: MethodKind };

/** Staff reach other people's logins: a recognized device is never enough for them. */
export const mayTrustDevices = ({ role }: Pick<Login, 'role'>): boolean => role !== 'provider_staff' && role !== 'operator';

export const assuranceOf = (proof: Proof): Assurance =>
  proof.by === 'code' ? `pwd+${proof.kind}` : proof.by === 'trusted_device' ? 'pwd+trusted_device' : 'pwd';

/** Whether a session that says this was made, or raised, by a code: a trusted device is no second factor (norm 24). */
export const passedTwoFactor = ({ assurance }: Pick<SessionRecord, 'assurance'>): boolean => assurance !== 'pwd' && assurance !== 'pwd+trusted_device';

/** The only place where sessions are made, and so the only one that has to know what a login must have shown (norm 21). */
@Injectable()
export class CreateSession {
  constructor(
    private readonly sessions: SessionStore,
    private readonly database: DataSource,
  ) {}

  /** Refuses when the login's two-factor was changed since it was read; beginning anew reads it as it is. */
  async create(input: { login: Login; proof: Proof; entered: EnteredDevice; sessionHash: string; client: 'web' | 'app'; ip: string }): Promise<SessionRecord> {
    const { login, proof, entered, sessionHash, client, ip } = input;
    refuseWithoutProof(login, proof);
    const { id, name, trusted, trustedUntil } = entered.device;
    const created = await this.sessions.create(
      sessionHash,
      {
        id: randomUUIDv7(),
        loginId: login.id,
        loginName: login.loginName,
        role: login.role,
        providerId: login.providerId,
        accountId: login.accountId,
        twoFactorOn: login.methods.length > 0,
        client,
        assurance: assuranceOf(proof),
        device: { id, name, trusted, trustedUntil },
        ip,
      },
      login.sessionEpoch,
    );
    if (!('staleBecauseOf' in created)) return created;
    await this.catchUp(login.id, created.staleBecauseOf);
    throw proof.by === 'code' ? new Refusal('attempt_over') : new Refusal('unavailable', { retryAfterSeconds: 1 });
  }

  /** Redis is told of a new epoch just before its commit; where that commit failed, the next login must not be refused for it. */
  private async catchUp(loginId: string, epoch: number): Promise<void> {
    await this.database.query('UPDATE logins SET session_epoch = $2 WHERE id = $1 AND session_epoch < $2', [loginId, epoch]);
  }
}

function refuseWithoutProof(login: Login, proof: Proof): void {
  const twoFactorOn = login.methods.length > 0;
  const enough = proof.by === 'code' || !twoFactorOn || (proof.by === 'trusted_device' && mayTrustDevices(login));
  if (!enough) throw new Error(`a session of a login with two-factor was about to be made by ${proof.by} alone`);
}
