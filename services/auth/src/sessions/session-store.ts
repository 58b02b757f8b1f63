import type { Assurance, Role } from '@latchkey/contracts';
import { type Clock, type RedisClient } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { AuthSettings } from '../config.ts';
import { CLOCK, REDIS, SETTINGS } from '../injected.ts';
import { createSessionScript, endSessionsScript, raiseAssuranceScript, tellTrustScript } from './session-scripts.ts';

/** A session as it is stored, under the hash of its secret. */
export type SessionRecord = {
  id: string;
  loginId: string;
  loginName: string;
  role: Role;
  providerId: string;
  accountId: string | null;
  /** Whether a method was confirmed when the session was made, or since. */
  twoFactorOn: boolean;
  client: 'web' | 'app';
  assurance: Assurance;
  device: { id: string; name: string; trusted: boolean; trustedUntil: string | null };
  ip: string;
  createdAt: string;
  expiresAt: string;
};

/** When a device's trust ends, null where there is none; with `notAfter` only for trust that ended by then. */
type TrustTold = { trustedUntil: string | null; notAfter?: string };

const mostSessionsOfALogin = 1_000;
/** How many secrets' owners are kept in mind: about 2 MB. */
const mostOwners = 10_000;

const keyOf = (loginId: string) => `sessions:{${loginId}}`;
const byId = <T extends { id: string }>(devices: readonly T[], told: (device: T) => TrustTold) => Object.fromEntries(devices.map((device) => [device.id, told(device)]));
const ownerKeyOf = (sessionHash: string) => `session:${sessionHash}`;

/** Sessions in Redis: whose a secret is (`session:<hash>`), and all sessions of a login in one hash that scripts change in one step. */
@Injectable()
export class SessionStore {
  private readonly lifeSeconds: number;
  /** Whose a secret is never changes; whether its session goes on is asked of Redis each time, by one command instead of two. */
  private readonly owners = new Map<string, string>();

  constructor(
    @Inject(REDIS) private readonly redis: RedisClient,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: Pick<AuthSettings, 'LATCHKEY_SESSION_DAYS'>,
  ) {
    this.lifeSeconds = settings.LATCHKEY_SESSION_DAYS * 86_400;
  }

  /** Stores a session unless the login's epoch has grown since it was read; then it gives the epoch that Redis knows. */
  async create(sessionHash: string, session: Omit<SessionRecord, 'createdAt' | 'expiresAt'>, sessionEpoch: number): Promise<SessionRecord | { staleBecauseOf: number }> {
    const now = this.clock.now();
    const record = { ...session, createdAt: now.toISOString(), expiresAt: new Date(now.getTime() + this.lifeSeconds * 1000).toISOString() };
    const [outcome] = (await Promise.all([
      createSessionScript.run(this.redis, [keyOf(session.loginId)], [sessionHash, JSON.stringify(record), sessionEpoch, this.lifeSeconds, mostSessionsOfALogin]),
      this.redis.set(ownerKeyOf(sessionHash), session.loginId, 'EX', this.lifeSeconds),
    ])) as [string, unknown];
    return outcome.startsWith('!') ? { staleBecauseOf: Number(outcome.slice(1)) } : (JSON.parse(outcome) as SessionRecord);
  }

  async find(sessionHash: string): Promise<SessionRecord | undefined> {
    const loginId = this.owners.get(sessionHash) ?? (await this.findOwner(sessionHash));
    if (loginId === null) return undefined;
    const text = await this.redis.hget(keyOf(loginId), sessionHash);
    return text === null ? undefined : this.alive(JSON.parse(text) as SessionRecord);
  }

  private async findOwner(sessionHash: string): Promise<string | null> {
    const loginId = await this.redis.get(ownerKeyOf(sessionHash));
    if (loginId === null) return null;
    if (this.owners.size >= mostOwners) this.owners.clear();
    this.owners.set(sessionHash, loginId);
    return loginId;
  }

  async listOf(loginId: string): Promise<{ sessionHash: string; session: SessionRecord }[]> {
    const { epoch: _, ...fields } = await this.redis.hgetall(keyOf(loginId));
    return Object.entries(fields).flatMap(([sessionHash, text]) => {
      const session = this.alive(JSON.parse(text) as SessionRecord);
      return session ? [{ sessionHash, session }] : [];
    });
  }

  async end(loginId: string, sessionHash: string): Promise<void> {
    await Promise.all([this.redis.hdel(keyOf(loginId), sessionHash), this.redis.del(ownerKeyOf(sessionHash))]);
  }

  /** Ends the login's sessions, but one where `except` is given. Logins read in an epoch before `epoch` get no session. */
  async endAll(loginId: string, { epoch, except }: { epoch?: number; except?: string }): Promise<void> {
    await endSessionsScript.run(this.redis, [keyOf(loginId)], [epoch ?? '', except ?? '', this.lifeSeconds]);
  }

  /** Refuses logins under way that were read in an earlier epoch; sessions stay. */
  async refuseLoginsBefore(loginId: string, epoch: number): Promise<void> {
    await endSessionsScript.run(this.redis, [keyOf(loginId)], [epoch, '*', this.lifeSeconds]);
  }

  async raiseAssurance(loginId: string, sessionHash: string, assurance: Assurance, sessionEpoch: number): Promise<SessionRecord | undefined> {
    const text = (await raiseAssuranceScript.run(this.redis, [keyOf(loginId)], [sessionHash, assurance, sessionEpoch])) as string | null;
    return text === null ? undefined : (JSON.parse(text) as SessionRecord);
  }

  /** What sessions that outlive the end of two-factor have to know: none of their devices is trusted any more. */
  async noteTwoFactorOff(loginId: string): Promise<void> {
    await this.tellTrust(loginId, { devices: {}, others: { trustedUntil: null }, twoFactorOn: false });
  }

  /** Trust in these devices that ended then was withdrawn, or all of it; what was given since, to a later end, stays. */
  async noteTrustWithdrawn(loginId: string, devices: readonly { id: string; trustedUntil?: string | null | undefined }[]): Promise<void> {
    const withdrawn = devices.filter(({ trustedUntil }) => trustedUntil !== null);
    await this.tellTrust(loginId, { devices: byId(withdrawn, ({ trustedUntil }) => ({ trustedUntil: null, ...(trustedUntil && { notAfter: trustedUntil }) })) });
  }

  /** The device was trusted by a login on it. */
  async noteTrusted(loginId: string, device: { id: string; trustedUntil: string | null }): Promise<void> {
    await this.tellTrust(loginId, { devices: byId([device], ({ trustedUntil }) => ({ trustedUntil })) });
  }

  /** Makes the sessions tell the trust of all devices of the login as it is now. */
  async updateDevices(loginId: string, devices: readonly { id: string; trustedUntil: string | null }[]): Promise<void> {
    await this.tellTrust(loginId, { devices: byId(devices, ({ trustedUntil }) => ({ trustedUntil })), others: { trustedUntil: null } });
  }

  private async tellTrust(loginId: string, told: { devices: Record<string, TrustTold>; others?: TrustTold; twoFactorOn?: false }): Promise<void> {
    await tellTrustScript.run(this.redis, [keyOf(loginId)], [JSON.stringify(told)]);
  }

  /** What has expired meanwhile does not count: the session, or the trust of its device. */
  private alive(session: SessionRecord): SessionRecord | undefined {
    const now = this.clock.now().toISOString();
    if (session.expiresAt <= now) return undefined;
    const { device } = session;
    if (device.trustedUntil === null || device.trustedUntil > now) return session;
    return { ...session, device: { ...device, trusted: false, trustedUntil: null } };
  }
}
