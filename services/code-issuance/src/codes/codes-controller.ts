import type { EventPayload, RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleEvent, HandleRequest } from '@latchkey/messaging';
import { Controller } from '@nestjs/common';
import { Authenticators } from '../authenticators/authenticators.ts';
import { IssueCode } from './issue-code.ts';
import { VerifyCode } from './verify-code.ts';

@Controller()
export class CodesController {
  constructor(
    private readonly issuing: IssueCode,
    private readonly verifying: VerifyCode,
    private readonly authenticators: Authenticators,
  ) {}

  @HandleRequest('code.issue')
  async issue(payload: RequestPayload<'code.issue'>): Promise<RequestReply<'code.issue'>> {
    return this.issuing.issue(payload);
  }

  @HandleRequest('code.verify')
  async verify(payload: RequestPayload<'code.verify'>): Promise<RequestReply<'code.verify'>> {
    return this.verifying.verify(payload);
  }

  @HandleRequest('authenticator.enrol')
  async enrol(payload: RequestPayload<'authenticator.enrol'>): Promise<RequestReply<'authenticator.enrol'>> {
    return this.authenticators.enrol(payload);
  }

  @HandleEvent('two-factor.methods-removed')
  async methodsRemoved({ methodIds }: EventPayload<'two-factor.methods-removed'>): Promise<void> {
    await this.authenticators.remove(methodIds);
  }
}
