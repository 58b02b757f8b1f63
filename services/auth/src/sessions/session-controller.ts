import type { RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleRequest } from '@latchkey/messaging';
import { Controller } from '@nestjs/common';
import { ManageDevices } from '../devices/manage-devices.ts';
import { EndSessions } from './end-sessions.ts';
import { PresentSession } from './present-session.ts';
import { RequireSession } from './require-session.ts';
import { type SessionRecord, SessionStore } from './session-store.ts';
import { StepUp } from './step-up.ts';

@Controller()
export class SessionController {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly sessions: SessionStore,
    private readonly presentSession: PresentSession,
    private readonly endSessions: EndSessions,
    private readonly stepUp: StepUp,
    private readonly devices: ManageDevices,
  ) {}

  @HandleRequest('session.get')
  async get({ sessionHash }: RequestPayload<'session.get'>): Promise<RequestReply<'session.get'>> {
    return this.signedIn(await this.requireSession.any(sessionHash));
  }

  @HandleRequest('session.get-all')
  async getAll({ sessionHashes }: RequestPayload<'session.get-all'>): Promise<RequestReply<'session.get-all'>> {
    const sessions = await Promise.all(sessionHashes.map((sessionHash) => this.sessions.find(sessionHash)));
    return { sessions: await Promise.all(sessions.map((session) => session ? this.signedIn(session) : null)) };
  }

  private async signedIn(session: SessionRecord): Promise<RequestReply<'session.get'>> {
    return { ...(await this.presentSession.present(session)), accountId: session.accountId };
  }

  @HandleRequest('session.list')
  async list({ sessionHash }: RequestPayload<'session.list'>): Promise<RequestReply<'session.list'>> {
    const { loginId } = await this.requireSession.ready(sessionHash);
    const sessions = (await this.sessions.listOf(loginId)).map(({ sessionHash: hash, session: { id, assurance, device, ip, createdAt, expiresAt } }) => ({
      id,
      current: hash === sessionHash,
      assurance,
      device: { id: device.id, name: device.name },
      ip,
      createdAt,
      expiresAt,
    }));
    return { sessions: sessions.sort((one, other) => other.createdAt.localeCompare(one.createdAt)) };
  }

  @HandleRequest('session.end')
  async end({ sessionHash, sessionId }: RequestPayload<'session.end'>): Promise<RequestReply<'session.end'>> {
    await this.endSessions.one(sessionHash, sessionId);
    return {};
  }

  @HandleRequest('session.end-others')
  async endOthers({ sessionHash }: RequestPayload<'session.end-others'>): Promise<RequestReply<'session.end-others'>> {
    await this.endSessions.others(sessionHash);
    return {};
  }

  @HandleRequest('session.logout')
  async logout({ sessionHash }: RequestPayload<'session.logout'>): Promise<RequestReply<'session.logout'>> {
    await this.endSessions.logout(sessionHash);
    return {};
  }

  @HandleRequest('session.step-up')
  async beginStepUp(payload: RequestPayload<'session.step-up'>): Promise<RequestReply<'session.step-up'>> {
    return this.stepUp.begin(payload);
  }

  @HandleRequest('session.devices')
  async listDevices({ sessionHash }: RequestPayload<'session.devices'>): Promise<RequestReply<'session.devices'>> {
    return this.devices.list(sessionHash);
  }

  @HandleRequest('session.trust-devices')
  async trustDevices({ sessionHash, deviceIds }: RequestPayload<'session.trust-devices'>): Promise<RequestReply<'session.trust-devices'>> {
    return this.devices.trust(sessionHash, deviceIds);
  }

  @HandleRequest('session.forget-devices')
  async forgetDevices({ sessionHash, deviceIds }: RequestPayload<'session.forget-devices'>): Promise<RequestReply<'session.forget-devices'>> {
    return this.devices.forget(sessionHash, deviceIds);
  }
}
