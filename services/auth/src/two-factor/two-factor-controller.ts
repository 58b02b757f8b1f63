import type { RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleRequest } from '@latchkey/messaging';
import { Controller } from '@nestjs/common';
import { AddMethod } from './add-method.ts';
import { ConfirmMethod } from './confirm-method.ts';
import { DisableTwoFactor } from './disable-two-factor.ts';
import { ReadSettings } from './read-settings.ts';
import { RecoveryCodes } from './recovery-codes.ts';
import { RemoveMethod } from './remove-method.ts';

@Controller()
export class TwoFactorController {
  constructor(
    private readonly settings: ReadSettings,
    private readonly addMethod: AddMethod,
    private readonly confirmMethod: ConfirmMethod,
    private readonly removeMethod: RemoveMethod,
    private readonly disableTwoFactor: DisableTwoFactor,
    private readonly recoveryCodes: RecoveryCodes,
  ) {}

  @HandleRequest('two-factor.get')
  async get({ sessionHash }: RequestPayload<'two-factor.get'>): Promise<RequestReply<'two-factor.get'>> {
    return this.settings.read(sessionHash);
  }

  @HandleRequest('two-factor.add-method')
  async add(payload: RequestPayload<'two-factor.add-method'>): Promise<RequestReply<'two-factor.add-method'>> {
    return this.addMethod.add(payload);
  }

  @HandleRequest('two-factor.confirm-method')
  async confirm(payload: RequestPayload<'two-factor.confirm-method'>): Promise<RequestReply<'two-factor.confirm-method'>> {
    return this.confirmMethod.confirm(payload);
  }

  @HandleRequest('two-factor.set-default')
  async setDefault({ sessionHash, methodId }: RequestPayload<'two-factor.set-default'>): Promise<RequestReply<'two-factor.set-default'>> {
    await this.settings.setDefault(sessionHash, methodId);
    return {};
  }

  @HandleRequest('two-factor.remove-method')
  async remove(payload: RequestPayload<'two-factor.remove-method'>): Promise<RequestReply<'two-factor.remove-method'>> {
    await this.removeMethod.remove(payload);
    return {};
  }

  @HandleRequest('two-factor.disable')
  async disable(payload: RequestPayload<'two-factor.disable'>): Promise<RequestReply<'two-factor.disable'>> {
    await this.disableTwoFactor.disable(payload);
    return {};
  }

  @HandleRequest('two-factor.reset')
  async reset(payload: RequestPayload<'two-factor.reset'>): Promise<RequestReply<'two-factor.reset'>> {
    await this.disableTwoFactor.reset(payload);
    return {};
  }

  @HandleRequest('two-factor.make-recovery-codes')
  async makeRecoveryCodes(payload: RequestPayload<'two-factor.make-recovery-codes'>): Promise<RequestReply<'two-factor.make-recovery-codes'>> {
    return { sealedRecoveryCodes: await this.recoveryCodes.makeNew(payload) };
  }
}
