import { type EventPayload, Refusal, type RequestPayload } from '@latchkey/contracts';
import { consequenceId, OutboxRelay, Publisher } from '@latchkey/messaging';
import { type Clock, SealingKeys } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { byLink, noteFact } from '../activity/facts.ts';
import { CLOCK } from '../injected.ts';
import { FindLogin, type LoginWithPassword } from '../logins/find-login.ts';
import { loginNameKey } from '../logins/login-name.ts';
import { findLink, useLink } from '../notices/links.ts';
import { Notify } from '../notices/notify.ts';
import { TellOnce } from '../notices/tell-once.ts';
import { LimitForgotten } from './limit-forgotten.ts';
import { ownWords } from './own-words.ts';
import { refuseWeakPassword } from './password-rules.ts';
import { Passwords } from './passwords.ts';
import { StorePassword } from './store-password.ts';

/** A new password by an emailed link. It logs nobody in and skips nothing (norm 18). */
@Injectable()
export class ForgottenPassword {
  constructor(
    private readonly limit: LimitForgotten,
    private readonly sealing: SealingKeys,
    private readonly publisher: Publisher,
    private readonly findLogin: FindLogin,
    private readonly notify: Notify,
    private readonly tellOnce: TellOnce,
    private readonly passwords: Passwords,
    private readonly storePassword: StorePassword,
    private readonly database: DataSource,
    private readonly relay: OutboxRelay,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Does the same for every name: whether there is such a login is looked at when nobody waits any more (norm 17). */
  async ask({ loginName, ip, locale }: RequestPayload<'password.forgot'>): Promise<void> {
    await this.limit.byAddress(ip);
    await this.publisher.publish('password.forgotten', { sealedLoginName: await this.sealing.seal('login-name', loginName), ip, locale }, { id: consequenceId('password.forgotten') });
  }

  async sendLink(forgotten: EventPayload<'password.forgotten'>): Promise<void> {
    await this.tellOnce.tell(() => this.sendLinkTo(forgotten));
  }

  private async sendLinkTo({ sealedLoginName, ip }: EventPayload<'password.forgotten'>): Promise<void> {
    const loginName = await this.sealing.open('login-name', sealedLoginName);
    if (!(await this.limit.allowsName(loginNameKey(loginName)))) return;
    const found = await this.findLogin.byName(loginName);
    if (!found || found.passwordHash === null) return;
    await this.database.transaction(async (executor) => {
      await this.notify.newPasswordLink(executor, found.login, ip);
      await noteFact(executor, 'password.reset-asked', found.login, { ...byLink(found.login, ip), by: { kind: 'system', loginId: null, name: null } }, {});
    });
    this.relay.kick();
  }

  async choose({ tokenHash, sealedNewPassword, ip }: RequestPayload<'password.reset'>): Promise<void> {
    const { login, passwordHash } = await this.ownerOf(tokenHash, 'new_password');
    const newPassword = await this.sealing.open('password', sealedNewPassword);
    refuseWeakPassword(newPassword, await ownWords(login, this.sealing));
    if (login.newPasswordRequired && (await this.passwords.isRight(newPassword, passwordHash))) {
      throw new Refusal('invalid_request', { issues: [{ path: 'newPassword', message: 'must not be the old one, which somebody else may know' }] });
    }
    const alongside = (executor: Parameters<typeof useLink>[0]) => useLink(executor, tokenHash, ['new_password'], this.clock.now());
    await this.storePassword.store({ login, newPassword, how: 'reset', doing: byLink(login, ip), sessions: { staying: 'none' }, alongside });
  }

  /** The invited person's first password. */
  async acceptInvitation({ tokenHash, sealedPassword, ip }: RequestPayload<'invitation.accept'>): Promise<void> {
    const { login } = await this.ownerOf(tokenHash, 'invitation');
    const newPassword = await this.sealing.open('password', sealedPassword);
    refuseWeakPassword(newPassword, await ownWords(login, this.sealing), 'password');
    const alongside = (executor: Parameters<typeof useLink>[0]) => useLink(executor, tokenHash, ['invitation'], this.clock.now());
    await this.storePassword.store({ login, newPassword, how: 'chosen', doing: byLink(login, ip), sessions: { staying: 'none' }, alongside });
  }

  /** Looked at before anything is hashed; used up with the change. */
  private async ownerOf(tokenHash: string, kind: 'new_password' | 'invitation'): Promise<LoginWithPassword> {
    const loginId = await findLink(this.database, tokenHash, kind, this.clock.now());
    const found = await this.findLogin.byId(loginId);
    if (!found) throw new Error('a link without a login');
    return found;
  }
}
