import type { EventPayload, RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleEvent, HandleRequest } from '@latchkey/messaging';
import { crashPoint } from '@latchkey/platform';
import { Controller } from '@nestjs/common';
import { EnterDevice } from './enter-device.ts';
import { TidyDevices } from './tidy-devices.ts';
import { TrustDevices } from './trust-devices.ts';

@Controller()
export class DevicesController {
  constructor(
    private readonly entering: EnterDevice,
    private readonly devices: TrustDevices,
    private readonly tidying: TidyDevices,
  ) {}

  @HandleRequest('device.enter-trusted')
  async enterTrusted(payload: RequestPayload<'device.enter-trusted'>): Promise<RequestReply<'device.enter-trusted'>> {
    return this.entering.enterTrusted(payload);
  }

  @HandleRequest('device.enter')
  async enter(payload: RequestPayload<'device.enter'>): Promise<RequestReply<'device.enter'>> {
    const entered = await this.entering.enter(payload);
    crashPoint('device-trust.device-entered');
    return entered;
  }

  @HandleRequest('device.list')
  async list({ loginId, trustEpoch }: RequestPayload<'device.list'>): Promise<RequestReply<'device.list'>> {
    return { devices: await this.devices.list(loginId, trustEpoch) };
  }

  @HandleRequest('device.trust')
  async trust({ loginId, deviceIds, trustEpoch }: RequestPayload<'device.trust'>): Promise<RequestReply<'device.trust'>> {
    return { devices: await this.devices.trust(loginId, deviceIds, trustEpoch) };
  }

  @HandleRequest('device.forget')
  async forget({ loginId, deviceIds, trustEpoch }: RequestPayload<'device.forget'>): Promise<RequestReply<'device.forget'>> {
    return { devices: await this.devices.forget(loginId, deviceIds, trustEpoch) };
  }

  @HandleRequest('device.carry-trust')
  async carryTrust({ loginId, deviceId, fromEpoch, toEpoch }: RequestPayload<'device.carry-trust'>): Promise<RequestReply<'device.carry-trust'>> {
    return { devices: await this.devices.carry(loginId, deviceId, fromEpoch, toEpoch) };
  }

  @HandleEvent('two-factor.disabled')
  async twoFactorDisabled({ loginId, trustEpoch }: EventPayload<'two-factor.disabled'>): Promise<void> {
    await this.tidying.clearOldEpochs(loginId, trustEpoch);
  }

  @HandleEvent('password.changed')
  async passwordChanged({ loginId, trustEpoch, device }: EventPayload<'password.changed'>): Promise<void> {
    await this.tidying.clearOldEpochs(loginId, trustEpoch, device?.id ?? null);
  }

  @HandleEvent('login.not-me')
  async notMe({ loginId, trustEpoch }: EventPayload<'login.not-me'>): Promise<void> {
    await this.tidying.clearOldEpochs(loginId, trustEpoch);
  }

  @HandleEvent('login.removed')
  async loginRemoved({ loginId }: EventPayload<'login.removed'>): Promise<void> {
    await this.tidying.removeLogin(loginId);
  }
}
