import { type DeviceList, type DeviceRecord, Refusal } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';
import { FindLogin, type Login } from '../logins/find-login.ts';
import { mayTrustDevices, passedTwoFactor } from '../sessions/create-session.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { type SessionRecord, SessionStore } from '../sessions/session-store.ts';

/** The devices of a session's login, which device-trust keeps. */
@Injectable()
export class ManageDevices {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly findLogin: FindLogin,
    private readonly sessions: SessionStore,
    private readonly requester: Requester,
  ) {}

  async list(sessionHash: string): Promise<DeviceList> {
    const { session, login } = await this.loginOf(sessionHash);
    const { devices } = await this.requester.request('device.list', { loginId: login.id, trustEpoch: login.trustEpoch });
    return present(devices, session);
  }

  /** Only a session that itself passed two-factor gives trust (norm 22). */
  async trust(sessionHash: string, deviceIds: string[]): Promise<DeviceList> {
    const { session, login } = await this.loginOf(sessionHash);
    refuseWithoutTwoFactor(login);
    if (!mayTrustDevices(login)) throw new Refusal('forbidden');
    if (!passedTwoFactor(session)) throw new Refusal('step_up_required');
    const { devices } = await this.requester.request('device.trust', { loginId: login.id, trustEpoch: login.trustEpoch, deviceIds });
    await this.sessions.updateDevices(login.id, devices);
    return present(devices, session);
  }

  async forget(sessionHash: string, deviceIds: string[]): Promise<DeviceList> {
    const { session, login } = await this.loginOf(sessionHash);
    refuseWithoutTwoFactor(login);
    const { devices } = await this.requester.request('device.forget', { loginId: login.id, trustEpoch: login.trustEpoch, deviceIds });
    await this.sessions.updateDevices(login.id, devices);
    return present(devices, session);
  }

  private async loginOf(sessionHash: string): Promise<{ session: SessionRecord; login: Login }> {
    const session = await this.requireSession.ready(sessionHash);
    const found = await this.findLogin.byId(session.loginId);
    if (!found) throw new Refusal('not_signed_in');
    // Once more, now that the login was read: a session that a change has ended trusts no device in the epoch after it.
    await this.requireSession.any(sessionHash);
    return { session, login: found.login };
  }
}

function refuseWithoutTwoFactor(login: Login): void {
  if (login.methods.length === 0) throw new Refusal('two_factor_off');
}

function present(devices: readonly DeviceRecord[], session: SessionRecord): DeviceList {
  const shown = devices.map((device) => ({ ...device, current: device.id === session.device.id }));
  return { devices: shown.sort((one, other) => other.lastSeenAt.localeCompare(one.lastSeenAt)) };
}
