import type { EventPayload, RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleEvent, HandleRequest } from '@latchkey/messaging';
import { Controller } from '@nestjs/common';
import { ProviderAccounts } from './provider-accounts.ts';
import { ProviderBrand } from './provider-brand.ts';
import { ProviderLogins } from './provider-logins.ts';
import { ProviderPolicies } from './provider-policies.ts';
import { ProviderPolicy } from './provider-policy.ts';

@Controller()
export class ProviderController {
  constructor(
    private readonly accounts: ProviderAccounts,
    private readonly logins: ProviderLogins,
    private readonly policy: ProviderPolicy,
    private readonly policies: ProviderPolicies,
    private readonly brand: ProviderBrand,
  ) {}

  @HandleRequest('provider.accounts')
  async listAccounts(payload: RequestPayload<'provider.accounts'>): Promise<RequestReply<'provider.accounts'>> {
    return this.accounts.list(payload);
  }

  @HandleRequest('provider.add-account')
  async addAccount(payload: RequestPayload<'provider.add-account'>): Promise<RequestReply<'provider.add-account'>> {
    return this.accounts.add(payload);
  }

  @HandleRequest('provider.logins')
  async search(payload: RequestPayload<'provider.logins'>): Promise<RequestReply<'provider.logins'>> {
    return this.logins.search(payload);
  }

  @HandleRequest('provider.login')
  async login(payload: RequestPayload<'provider.login'>): Promise<RequestReply<'provider.login'>> {
    return this.logins.one(payload);
  }

  @HandleRequest('provider.login-activity')
  async activity(payload: RequestPayload<'provider.login-activity'>): Promise<RequestReply<'provider.login-activity'>> {
    return this.logins.activityOf(payload);
  }

  @HandleRequest('provider.invite-again')
  async inviteAgain(payload: RequestPayload<'provider.invite-again'>): Promise<RequestReply<'provider.invite-again'>> {
    await this.logins.invite(payload);
    return {};
  }

  @HandleRequest('provider.disable-two-factor')
  async disableTwoFactor(payload: RequestPayload<'provider.disable-two-factor'>): Promise<RequestReply<'provider.disable-two-factor'>> {
    await this.logins.disableTwoFactor(payload);
    return {};
  }

  @HandleRequest('provider.policy')
  async readPolicy({ sessionHash }: RequestPayload<'provider.policy'>): Promise<RequestReply<'provider.policy'>> {
    return this.policy.read(sessionHash);
  }

  @HandleRequest('provider.set-policy')
  async writePolicy(payload: RequestPayload<'provider.set-policy'>): Promise<RequestReply<'provider.set-policy'>> {
    return this.policy.write(payload);
  }

  @HandleRequest('provider.brand')
  async readBrand({ sessionHash }: RequestPayload<'provider.brand'>): Promise<RequestReply<'provider.brand'>> {
    return this.brand.read(sessionHash);
  }

  @HandleRequest('provider.set-brand')
  async writeBrand(payload: RequestPayload<'provider.set-brand'>): Promise<RequestReply<'provider.set-brand'>> {
    return this.brand.write(payload);
  }

  @HandleRequest('session.brand')
  async brandOfSession({ sessionHash }: RequestPayload<'session.brand'>): Promise<RequestReply<'session.brand'>> {
    return this.brand.ofSession(sessionHash);
  }

  @HandleRequest('login.brand')
  async brandOfAttempt({ attemptHash }: RequestPayload<'login.brand'>): Promise<RequestReply<'login.brand'>> {
    return this.brand.ofAttempt(attemptHash);
  }

  @HandleEvent('provider.policy-changed')
  async learnPolicy({ providerId, twoFactor }: EventPayload<'provider.policy-changed'>): Promise<void> {
    this.policies.learn(providerId, twoFactor);
  }
}
