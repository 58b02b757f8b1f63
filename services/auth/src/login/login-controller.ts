import type { RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleRequest } from '@latchkey/messaging';
import { Controller } from '@nestjs/common';
import { AttemptStore } from '../attempts/attempt-store.ts';
import { ResetTwoFactor } from './reset-two-factor.ts';
import { SendCode } from './send-code.ts';
import { StartLogin } from './start-login.ts';
import { VerifyCode } from './verify-code.ts';

@Controller()
export class LoginController {
  constructor(
    private readonly startLogin: StartLogin,
    private readonly sendCode: SendCode,
    private readonly verifyCode: VerifyCode,
    private readonly resetTwoFactor: ResetTwoFactor,
    private readonly attempts: AttemptStore,
  ) {}

  @HandleRequest('login.start')
  async start(payload: RequestPayload<'login.start'>): Promise<RequestReply<'login.start'>> {
    return this.startLogin.start(payload);
  }

  @HandleRequest('login.send-code')
  async send(payload: RequestPayload<'login.send-code'>): Promise<RequestReply<'login.send-code'>> {
    return this.sendCode.send(payload);
  }

  @HandleRequest('login.verify-code')
  async verify(payload: RequestPayload<'login.verify-code'>): Promise<RequestReply<'login.verify-code'>> {
    return this.verifyCode.verify(payload);
  }

  @HandleRequest('login.reset-two-factor')
  async reset(payload: RequestPayload<'login.reset-two-factor'>): Promise<RequestReply<'login.reset-two-factor'>> {
    return this.resetTwoFactor.sendCode(payload);
  }

  @HandleRequest('login.confirm-reset')
  async confirmReset(payload: RequestPayload<'login.confirm-reset'>): Promise<RequestReply<'login.confirm-reset'>> {
    return this.resetTwoFactor.confirm(payload);
  }

  @HandleRequest('login.watch')
  async watch({ attemptHash }: RequestPayload<'login.watch'>): Promise<RequestReply<'login.watch'>> {
    const { attemptId, resetAttemptId, expiresAt, queued } = await this.attempts.require(attemptHash);
    return { attemptId, resetAttemptId, expiresAt, queued };
  }
}
