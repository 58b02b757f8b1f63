import type { NoticeIssued, NoticeKind, TwoFactorPolicy } from '@latchkey/contracts';
import { addToOutbox, type OutboxExecutor, outboxMessage } from '@latchkey/messaging';
import { type Clock, prepared, SealingKeys } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Doing } from '../activity/facts.ts';
import type { AuthSettings } from '../config.ts';
import { CLOCK, SETTINGS } from '../injected.ts';
import type { Login, Method } from '../logins/find-login.ts';
import { brandingOf } from './branding.ts';
import { linkLifeMs, makeLink, newLink } from './links.ts';

/** The arguments of each notice, as delivery's templates take them; moments in ISO-8601. */
type DeedDetails = {
  new_device: object;
  device_secret_reused: object;
  method_added: { method: Method['kind']; hint: string };
  method_removed: { method: Method['kind']; hint: string };
  two_factor_on: object;
  two_factor_off: object;
  two_factor_reset: object;
  password_changed: object;
  provider_turned_two_factor_off: { provider: string; reason: string };
  codes_locked: { until: string };
  recovery_code_used: { left: number };
  recovery_codes_made: object;
};

/** The same for what one of a provider's staff did, of which all of them are told. */
export type StaffDetails = { policy_changed: { policy: TwoFactorPolicy; contact: string }; brand_changed: object };

type Address = { channel: 'sms' | 'email'; sealed: string; masked: string };

// Long enough for a mail server that is down over night, and no longer than it is worth reading.
const noticeLifeMs = 24 * 3_600_000;

// The links and the notices that hold them: $1 the login, $2 hashes of the links' secrets, $3 until when they work, $4 what the outbox holds.
const noteDeedSql = prepared(`WITH linked AS (
    INSERT INTO links (token_hash, login_id, kind, expires_at) SELECT token_hash, $1::uuid, 'not_me', $3::timestamptz FROM unnest($2::text[]) AS token_hash
  )
  INSERT INTO outbox (aggregate_id, message) SELECT $1::uuid, message FROM unnest($4::jsonb[]) WITH ORDINALITY AS noted (message, place) ORDER BY place`);

/**
 * Tells a login what happened to it, at every address it has (norm 15), through the outbox: in the transaction of the
 * change, or in one of its own. Each message has its own link to say "this wasn't me".
 */
@Injectable()
export class Notify {
  private readonly publicUrl: URL;

  constructor(
    private readonly sealing: SealingKeys,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: Pick<AuthSettings, 'LATCHKEY_PUBLIC_URL'>,
  ) {
    this.publicUrl = new URL(settings.LATCHKEY_PUBLIC_URL);
  }

  /** One statement, so that it needs no transaction where nothing else is to be stored. `alsoTo`: methods that are on their way out, or in; the login's others are known. */
  async deed<K extends keyof DeedDetails>(executor: OutboxExecutor, kind: K, login: Login, { device, ip }: Pick<Doing, 'device' | 'ip'>, details: DeedDetails[K], alsoTo: readonly Method[] = []): Promise<void> {
    const now = this.clock.now();
    const linkUntil = new Date(now.getTime() + linkLifeMs.not_me);
    const noted = (await this.addressesOf(login, alsoTo)).map(async (address) => {
      const { token, tokenHash } = newLink('not_me', now);
      const told = { loginName: login.loginName, at: now.toISOString(), ...(device && { device: device.name }), ...(ip && { ip }), notMeUrl: this.pageWith('not-me', token), ...details };
      return { tokenHash, message: outboxMessage(nameOf(address), await this.noticeOf(kind, login, address, told, new Date(now.getTime() + noticeLifeMs))) };
    });
    const all = await Promise.all(noted);
    if (all.length > 0) await executor.query(noteDeedSql, [login.id, all.map(({ tokenHash }) => tokenHash), linkUntil, all.map(({ message }) => message)]);
  }

  /** Told to one of the staff: whose own login did it can say that it was somebody else. */
  async staff<K extends keyof StaffDetails>(executor: OutboxExecutor, kind: K, staff: Login, { by, device, ip }: Doing, details: StaffDetails[K]): Promise<void> {
    const now = this.clock.now();
    for (const address of await this.addressesOf(staff, [])) {
      const own = by.loginId === staff.id ? { ...(device && { device: device.name }), ...(ip && { ip }), notMeUrl: this.pageWith('not-me', (await makeLink(executor, staff.id, 'not_me', now)).token) } : {};
      const told = { loginName: staff.loginName, at: now.toISOString(), by: by.name, ...details, ...own };
      await this.issue(executor, kind, staff, address, told, new Date(now.getTime() + noticeLifeMs));
    }
  }

  /** After "this wasn't me": nothing to object to, so no link. */
  async signedOutEverywhere(executor: OutboxExecutor, login: Login): Promise<void> {
    const now = this.clock.now();
    for (const address of await this.addressesOf(login, [])) {
      await this.issue(executor, 'signed_out_everywhere', login, address, { loginName: login.loginName, at: now.toISOString() }, new Date(now.getTime() + noticeLifeMs));
    }
  }

  /** Emails the link by which a person chooses a password; nothing happens where the login has no address. */
  async newPasswordLink(executor: OutboxExecutor, login: Login, ip: string): Promise<void> {
    if (!login.email) return;
    const { token, expiresAt } = await makeLink(executor, login.id, 'new_password', this.clock.now());
    const told = { loginName: login.loginName, url: this.pageWith('new-password', token), until: expiresAt.toISOString(), ip };
    await this.issue(executor, 'forgotten_password', login, emailOf(login.email), told, expiresAt);
  }

  async invitation(executor: OutboxExecutor, login: Login, accountName: string): Promise<void> {
    if (!login.email) return;
    const { token, expiresAt } = await makeLink(executor, login.id, 'invitation', this.clock.now());
    const told = { loginName: login.loginName, url: this.pageWith('invitation', token), until: expiresAt.toISOString(), account: accountName };
    await this.issue(executor, 'invitation', login, emailOf(login.email), told, expiresAt);
  }

  private async issue(executor: OutboxExecutor, kind: NoticeKind, login: Login, address: Address, told: object, expiresAt: Date): Promise<void> {
    await addToOutbox(executor, nameOf(address), login.id, await this.noticeOf(kind, login, address, told, expiresAt));
  }

  private async noticeOf(kind: NoticeKind, login: Login, { sealed, masked }: Address, told: object, expiresAt: Date): Promise<NoticeIssued> {
    return {
      loginId: login.id,
      providerId: login.providerId,
      kind,
      sealedDestination: sealed,
      maskedDestination: masked,
      sealedArguments: await this.sealing.seal('notice', JSON.stringify(told)),
      locale: login.locale,
      branding: brandingOf(login, this.publicUrl),
      expiresAt: expiresAt.toISOString(),
    };
  }

  /** Every address once: the login's own one and a method's may be the same, sealed twice. */
  private async addressesOf(login: Login, alsoTo: readonly Method[]): Promise<Address[]> {
    const ofMethods = [...login.methods, ...alsoTo].flatMap(({ kind, sealedDestination, hint }) =>
      kind === 'totp' || sealedDestination === null ? [] : [{ channel: kind, sealed: sealedDestination, masked: hint }],
    );
    const all: Address[] = [...(login.email ? [emailOf(login.email)] : []), ...ofMethods];
    const opened = await Promise.all(all.map(async (address) => [await this.sealing.open('destination', address.sealed), address] as const));
    return [...new Map(opened).values()];
  }

  /** A secret after `#` stays in the browser: no server, log or referrer sees it, and nothing changes by following the link. */
  private pageWith(page: string, token: string): string {
    return new URL(`/${page}#${token}`, this.publicUrl).href;
  }
}

const nameOf = ({ channel }: Address) => `notice.issued.${channel}` as const;

const emailOf = ({ sealed, masked }: NonNullable<Login['email']>): Address => ({ channel: 'email', sealed, masked });
