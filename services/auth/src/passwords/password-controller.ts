import type { EventPayload, RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleEvent, HandleRequest } from '@latchkey/messaging';
import { Controller } from '@nestjs/common';
import { NotMe } from '../notices/not-me.ts';
import { ChangePassword } from './change-password.ts';
import { ForgottenPassword } from './forgotten-password.ts';

/** New passwords, and what emailed links do. */
@Controller()
export class PasswordController {
  constructor(
    private readonly changing: ChangePassword,
    private readonly forgotten: ForgottenPassword,
    private readonly notMe: NotMe,
  ) {}

  @HandleRequest('password.change')
  async change(payload: RequestPayload<'password.change'>): Promise<RequestReply<'password.change'>> {
    await this.changing.change(payload);
    return {};
  }

  @HandleRequest('password.forgot')
  async forgot(payload: RequestPayload<'password.forgot'>): Promise<RequestReply<'password.forgot'>> {
    await this.forgotten.ask(payload);
    return {};
  }

  @HandleEvent('password.forgotten')
  async sendLink(payload: EventPayload<'password.forgotten'>): Promise<void> {
    await this.forgotten.sendLink(payload);
  }

  @HandleRequest('password.reset')
  async reset(payload: RequestPayload<'password.reset'>): Promise<RequestReply<'password.reset'>> {
    await this.forgotten.choose(payload);
    return {};
  }

  @HandleRequest('invitation.accept')
  async acceptInvitation(payload: RequestPayload<'invitation.accept'>): Promise<RequestReply<'invitation.accept'>> {
    await this.forgotten.acceptInvitation(payload);
    return {};
  }

  @HandleRequest('notice.not-me')
  async sayNotMe(payload: RequestPayload<'notice.not-me'>): Promise<RequestReply<'notice.not-me'>> {
    await this.notMe.say(payload);
    return {};
  }
}
