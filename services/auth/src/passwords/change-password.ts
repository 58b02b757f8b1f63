import type { RequestPayload } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { Injectable } from '@nestjs/common';
import { bySession } from '../activity/facts.ts';
import { passedTwoFactor } from '../sessions/create-session.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { SessionStore } from '../sessions/session-store.ts';
import { AskPasswordAgain } from './ask-password-again.ts';
import { ownWords } from './own-words.ts';
import { refuseWeakPassword } from './password-rules.ts';
import { StorePassword } from './store-password.ts';

/** Changes the password in a session, which stays; the others end. */
@Injectable()
export class ChangePassword {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly askPasswordAgain: AskPasswordAgain,
    private readonly sealing: SealingKeys,
    private readonly storePassword: StorePassword,
    private readonly requester: Requester,
    private readonly sessions: SessionStore,
  ) {}

  async change({ sessionHash, sealedPassword, sealedNewPassword }: RequestPayload<'password.change'>): Promise<void> {
    const session = await this.requireSession.ready(sessionHash);
    const [login, newPassword] = await Promise.all([this.askPasswordAgain.check(sessionHash, session, sealedPassword), this.sealing.open('password', sealedNewPassword)]);
    refuseWeakPassword(newPassword, await ownWords(login, this.sealing));
    const { trustEpoch } = await this.storePassword.store({ login, newPassword, how: 'changed', doing: bySession(session), sessions: { staying: 'one', sessionHash }, asOf: login.sessionEpoch });
    // The device that just passed two-factor keeps its trust, until the end it had (rule 14).
    const carried = { loginId: login.id, deviceId: session.device.id, fromEpoch: login.trustEpoch, toEpoch: trustEpoch };
    // The password is changed already: where trust can't be carried it is gone, and two-factor asked once more.
    const { devices } = passedTwoFactor(session) ? await this.requester.request('device.carry-trust', carried).catch(() => ({ devices: [] })) : { devices: [] };
    await this.sessions.updateDevices(login.id, devices);
  }
}
