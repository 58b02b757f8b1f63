import { Refusal, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import { Injectable } from '@nestjs/common';
import { BeginAttempt } from '../attempts/begin-attempt.ts';
import { FindLogin } from '../logins/find-login.ts';
import { RequireSession } from './require-session.ts';

/** Sends a code for the session at hand; `login.verify-code` with it raises the session's assurance in place. */
@Injectable()
export class StepUp {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly findLogin: FindLogin,
    private readonly beginAttempt: BeginAttempt,
  ) {}

  async begin({ sessionHash, attemptId, attemptHash, ip, locale }: RequestPayload<'session.step-up'>): Promise<RequestReply<'session.step-up'>> {
    const session = await this.requireSession.ready(sessionHash);
    const found = await this.findLogin.byId(session.loginId);
    if (!found) throw new Refusal('not_signed_in');
    return this.beginAttempt.begin(attemptHash, ip, {
      attemptId,
      purpose: 'step_up',
      login: found.login,
      client: session.client,
      deviceName: session.device.name,
      locale,
      sessionHash,
    });
  }
}
