import { randomUUIDv7 } from 'node:crypto';
import { Refusal, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import { OutboxRelay, Requester } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RequestCode } from '../attempts/request-code.ts';
import { type Login } from '../logins/find-login.ts';
import { shortName, shownName } from '../notices/branding.ts';
import { AskPasswordAgain } from '../passwords/ask-password-again.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { removeMethods } from './method-rows.ts';
import { type Destination, parseEmailAddress, parsePhoneNumber } from './parse-destination.ts';

type Add = RequestPayload<'two-factor.add-method'>;
type Added = RequestReply<'two-factor.add-method'>;

/** Adds a method that counts once a code from it was entered; the methods in use stay until then (norm 16). */
@Injectable()
export class AddMethod {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly askPasswordAgain: AskPasswordAgain,
    private readonly sealing: SealingKeys,
    private readonly requestCode: RequestCode,
    private readonly requester: Requester,
    private readonly database: DataSource,
    private readonly relay: OutboxRelay,
  ) {}

  async add(request: Add): Promise<Added> {
    const session = await this.requireSession.any(request.sessionHash);
    const login = await this.askPasswordAgain.check(request.sessionHash, session, request.sealedPassword);
    return request.kind === 'totp' ? this.addAuthenticator(login) : this.addDestination(login, request, request.kind);
  }

  private async addDestination(login: Login, { sealedDestination: sealedTyped, ip, locale }: Add, kind: 'sms' | 'email'): Promise<Added> {
    if (sealedTyped === null) throw new Refusal('invalid_request');
    const { normalized, hint } = parse(kind, await this.sealing.open('destination', sealedTyped));
    const sealedDestination = await this.sealing.seal('destination', normalized);
    const id = randomUUIDv7();
    const method = { id, kind, sealedDestination, hint };
    // The code of a set-up belongs to its method, as the code of a login belongs to its attempt.
    const sent = await this.requestCode.send({ attemptId: id, login, method, purpose: 'confirm_method', locale, ip });
    await this.storeWaiting(login.id, method);
    return sent ? { id, sent } : { id };
  }

  private async addAuthenticator(login: Login): Promise<Added> {
    const id = randomUUIDv7();
    const secrets = await this.requester.request('authenticator.enrol', {
      methodId: id,
      loginId: login.id,
      accountLabel: login.loginName,
      issuer: shortName(shownName(login.provider)),
    });
    await this.storeWaiting(login.id, { id, kind: 'totp', sealedDestination: null, hint: 'Authenticator app' });
    return { id, ...secrets };
  }

  /** Takes the place of one of the same kind that never was confirmed. */
  private async storeWaiting(loginId: string, method: { id: string; kind: string; sealedDestination: string | null; hint: string }): Promise<void> {
    await this.database.transaction(async (executor) => {
      await executor.query('SELECT 1 FROM logins WHERE id = $1 FOR UPDATE', [loginId]);
      const given = await executor.query<{ id: string }[]>('SELECT id FROM two_factor_methods WHERE login_id = $1 AND kind = $2 AND confirmed_at IS NULL', [loginId, method.kind]);
      await removeMethods(executor, loginId, given.map(({ id }) => id));
      await executor.query('INSERT INTO two_factor_methods (id, login_id, kind, sealed_destination, hint) VALUES ($1, $2, $3, $4, $5)', [
        method.id,
        loginId,
        method.kind,
        method.sealedDestination,
        method.hint,
      ]);
    });
    this.relay.kick();
  }
}

const parse = (kind: 'sms' | 'email', typed: string): Destination => (kind === 'sms' ? parsePhoneNumber(typed) : parseEmailAddress(typed));
