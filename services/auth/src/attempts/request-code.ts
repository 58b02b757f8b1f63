import type { CodePurpose, Sent } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { AuthSettings } from '../config.ts';
import { SETTINGS } from '../injected.ts';
import { type Login, type Method } from '../logins/find-login.ts';

export type CodeWanted = {
  attemptId: string;
  login: Pick<Login, 'id' | 'providerId' | 'providerName'>;
  method: Pick<Method, 'id' | 'kind' | 'sealedDestination' | 'hint'>;
  purpose: CodePurpose;
  locale: string;
  ip: string;
};

/** Asks code-issuance to make a code and have it sent. */
@Injectable()
export class RequestCode {
  private readonly host: string;

  constructor(
    private readonly requester: Requester,
    @Inject(SETTINGS) settings: Pick<AuthSettings, 'LATCHKEY_PUBLIC_URL'>,
  ) {
    this.host = new URL(settings.LATCHKEY_PUBLIC_URL).hostname;
  }

  /** Null for an authenticator app, which makes its own. */
  async send({ attemptId, login, method, purpose, locale, ip }: CodeWanted): Promise<Sent | null> {
    if (method.kind === 'totp' || method.sealedDestination === null) return null;
    const { sent } = await this.requester.request('code.issue', {
      attemptId,
      loginId: login.id,
      providerId: login.providerId,
      methodId: method.id,
      channel: method.kind,
      sealedDestination: method.sealedDestination,
      maskedDestination: method.hint,
      purpose,
      locale,
      // Thirty characters are at most sixty UTF-16 units, which is what the contract takes.
      branding: { name: [...login.providerName].slice(0, 30).join(''), host: this.host },
      ip,
    });
    return sent;
  }
}
