import type { RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleRequest } from '@latchkey/messaging';
import { Controller } from '@nestjs/common';
import { AttemptStore } from '../attempts/attempt-store.ts';
import { AuthMetrics } from '../ops/metrics.ts';
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
    private readonly metrics: AuthMetrics,
  ) {}

  @HandleRequest('login.start')
  async start(payload: RequestPayload<'login.start'>): Promise<RequestReply<'login.start'>> {
    try {
      const answer = await this.startLogin.start(payload);
      if (answer.status === 'signed_in') this.metrics.login('signed_in', answer.session.assurance);
      else this.metrics.login('code_required');
      return answer;
    } catch (error) {
      this.metrics.loginRefused(error);
      throw error;
    }
  }

  @HandleRequest('login.send-code')
  async send(payload: RequestPayload<'login.send-code'>): Promise<RequestReply<'login.send-code'>> {
    return this.sendCode.send(payload);
  }

  @HandleRequest('login.verify-code')
  async verify(payload: RequestPayload<'login.verify-code'>): Promise<RequestReply<'login.verify-code'>> {
    const answer = await this.countCode('verify', this.verifyCode.verify(payload));
    // A code for a session at hand makes no new one, and so no browser.
    if (answer.browserId !== null) this.metrics.login('signed_in', answer.session.assurance);
    return answer;
  }

  @HandleRequest('login.reset-two-factor')
  async reset(payload: RequestPayload<'login.reset-two-factor'>): Promise<RequestReply<'login.reset-two-factor'>> {
    return this.resetTwoFactor.sendCode(payload);
  }

  @HandleRequest('login.confirm-reset')
  async confirmReset(payload: RequestPayload<'login.confirm-reset'>): Promise<RequestReply<'login.confirm-reset'>> {
    const answer = await this.countCode('reset', this.resetTwoFactor.confirm(payload));
    this.metrics.login('signed_in', answer.session.assurance);
    return answer;
  }

  @HandleRequest('login.watch')
  async watch({ attemptHash }: RequestPayload<'login.watch'>): Promise<RequestReply<'login.watch'>> {
    const { attemptId, resetAttemptId, expiresAt, queued } = await this.attempts.require(attemptHash);
    return { attemptId, resetAttemptId, expiresAt, queued };
  }
  private async countCode<T>(purpose: 'verify' | 'reset', judged: Promise<T>): Promise<T> {
    try {
      const answer = await judged;
      this.metrics.codeRight(purpose);
      return answer;
    } catch (error) {
      this.metrics.codeRefused(purpose, error);
      throw error;
    }
  }
}
