import type { EventPayload, RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleEvent, HandleRequest } from '@latchkey/messaging';
import { crashPoint } from '@latchkey/platform';
import { Controller } from '@nestjs/common';
import { EnterDevice } from './enter-device.ts';
import { TrustDevices } from './trust-devices.ts';

@Controller()
export class DevicesController {
  constructor(
    private readonly entering: EnterDevice,
    private readonly devices: TrustDevices,
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

  @HandleEvent('two-factor.disabled')
  async twoFactorDisabled({ loginId, trustEpoch }: EventPayload<'two-factor.disabled'>): Promise<void> {
    await this.devices.clearOldEpochs(loginId, trustEpoch);
  }
}
