import type { EventPayload, RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleEvent, HandleRequest } from '@latchkey/messaging';
import { Controller } from '@nestjs/common';
import { Authenticators } from '../authenticators/authenticators.ts';
import { CodeMetrics } from '../ops/metrics.ts';
import { RecoveryCodes } from '../recovery-codes/recovery-codes.ts';
import { IssueCode } from './issue-code.ts';
import { VerifyCode } from './verify-code.ts';

@Controller()
export class CodesController {
  constructor(
    private readonly issuing: IssueCode,
    private readonly verifying: VerifyCode,
    private readonly authenticators: Authenticators,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly metrics: CodeMetrics,
  ) {}

  @HandleRequest('code.issue')
  async issue(payload: RequestPayload<'code.issue'>): Promise<RequestReply<'code.issue'>> {
    return this.metrics.issuing(payload.channel, () => this.issuing.issue(payload));
  }

  @HandleRequest('code.verify')
  async verify(payload: RequestPayload<'code.verify'>): Promise<RequestReply<'code.verify'>> {
    return this.metrics.trying(payload.kind, () => this.verifying.verify(payload));
  }

  @HandleRequest('authenticator.enrol')
  async enrol(payload: RequestPayload<'authenticator.enrol'>): Promise<RequestReply<'authenticator.enrol'>> {
    return this.authenticators.enrol(payload);
  }

  @HandleRequest('recovery-codes.make')
  async makeRecoveryCodes({ loginId, setId }: RequestPayload<'recovery-codes.make'>): Promise<RequestReply<'recovery-codes.make'>> {
    return this.recoveryCodes.make(loginId, setId);
  }

  @HandleRequest('recovery-codes.left')
  async recoveryCodesLeft({ loginId, setId }: RequestPayload<'recovery-codes.left'>): Promise<RequestReply<'recovery-codes.left'>> {
    return { left: await this.recoveryCodes.left(loginId, setId) };
  }

  @HandleEvent('two-factor.methods-removed')
  async methodsRemoved({ loginId, methodIds }: EventPayload<'two-factor.methods-removed'>): Promise<void> {
    await this.authenticators.remove(methodIds);
    await this.recoveryCodes.remove(methodIds);
    await this.verifying.forgetFailures(loginId, methodIds);
  }

  @HandleEvent('login.removed')
  async loginRemoved({ loginId }: EventPayload<'login.removed'>): Promise<void> {
    await this.authenticators.removeLogin(loginId);
    await this.recoveryCodes.removeLogin(loginId);
    await this.verifying.forgetFailures(loginId);
  }
}
