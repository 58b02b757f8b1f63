import type { CodePurpose, MethodKind, Sent } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { AuthSettings } from '../config.ts';
import { SETTINGS } from '../injected.ts';
import { type Login, type Method } from '../logins/find-login.ts';
import { brandingOf } from '../notices/branding.ts';

export type CodeWanted = {
  attemptId: string;
  login: Pick<Login, 'id' | 'providerId' | 'provider'>;
  method: Pick<Method, 'id' | 'sealedDestination' | 'hint'> & { kind: MethodKind };
  purpose: CodePurpose;
  locale: string;
  ip: string;
};

/** Asks code-issuance to make a code and have it sent. */
@Injectable()
export class RequestCode {
  private readonly publicUrl: URL;

  constructor(
    private readonly requester: Requester,
    @Inject(SETTINGS) settings: Pick<AuthSettings, 'LATCHKEY_PUBLIC_URL'>,
  ) {
    this.publicUrl = new URL(settings.LATCHKEY_PUBLIC_URL);
  }

  /** Null for an authenticator app, which makes its own, and for recovery codes. */
  async send({ attemptId, login, method, purpose, locale, ip }: CodeWanted): Promise<Sent | null> {
    if ((method.kind !== 'sms' && method.kind !== 'email') || method.sealedDestination === null) return null;
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
      branding: brandingOf(login, this.publicUrl),
      ip,
    });
    return sent;
  }
}
