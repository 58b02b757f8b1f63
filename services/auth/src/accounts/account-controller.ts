import type { RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleRequest } from '@latchkey/messaging';
import { Controller } from '@nestjs/common';
import { AccountLogins } from './account-logins.ts';

@Controller()
export class AccountController {
  constructor(private readonly logins: AccountLogins) {}

  @HandleRequest('account.logins')
  async list({ sessionHash }: RequestPayload<'account.logins'>): Promise<RequestReply<'account.logins'>> {
    return { logins: await this.logins.list(sessionHash) };
  }

  @HandleRequest('account.add-login')
  async add(payload: RequestPayload<'account.add-login'>): Promise<RequestReply<'account.add-login'>> {
    return this.logins.add(payload);
  }

  @HandleRequest('account.invite-again')
  async inviteAgain(payload: RequestPayload<'account.invite-again'>): Promise<RequestReply<'account.invite-again'>> {
    await this.logins.invite(payload);
    return {};
  }

  @HandleRequest('account.remove-login')
  async remove(payload: RequestPayload<'account.remove-login'>): Promise<RequestReply<'account.remove-login'>> {
    await this.logins.remove(payload);
    return {};
  }
}
