import { type MethodKind, Refusal, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { crashPoint } from '@latchkey/platform';
import { Injectable } from '@nestjs/common';
import { type Attempt, AttemptStore, methodOf } from '../attempts/attempt-store.ts';
import { assuranceOf, CreateSession } from '../sessions/create-session.ts';
import { presentSession } from '../sessions/present-session.ts';
import { SessionStore } from '../sessions/session-store.ts';

type Verify = RequestPayload<'login.verify-code'>;
type Verified = RequestReply<'login.verify-code'>;

/** Has the code judged; a right one becomes one session, or raises the session that asked for it. */
@Injectable()
export class VerifyCode {
  constructor(
    private readonly attempts: AttemptStore,
    private readonly requester: Requester,
    private readonly createSession: CreateSession,
    private readonly sessions: SessionStore,
  ) {}

  async verify(request: Verify): Promise<Verified> {
    const { attemptHash, methodId, sealedCode } = request;
    const attempt = await this.attempts.require(attemptHash);
    const asked = methodOf(attempt, methodId);
    const verified = await this.requester.request('code.verify', { attemptId: attempt.attemptId, loginId: attempt.login.id, methodId, kind: asked.kind, sealedCode });
    crashPoint('auth.code-judged');
    const { kind } = methodOf(attempt, verified.methodId);
    // The code was right once; should two methods' codes be right at the same moment, the attempt still is used once.
    await this.attempts.use(attemptHash);
    crashPoint('auth.attempt-used');
    return attempt.sessionHash === null ? this.signIn(attempt, kind, request) : this.raise(attempt, attempt.sessionHash, kind);
  }

  private async signIn({ login, client, deviceName }: Attempt, kind: MethodKind, { device, sessionHash }: Verify): Promise<Verified> {
    const entered = await this.requester.request('device.enter', {
      loginId: login.id,
      trustEpoch: login.trustEpoch,
      // What the login began as: a browser must not become an app, which is trusted without a question, on the way.
      device: { ...device, client, name: deviceName },
      trust: client === 'app',
    });
    crashPoint('auth.device-entered');
    const session = await this.createSession.create({ login, proof: { by: 'code', kind }, entered, sessionHash, client, ip: device.ip });
    crashPoint('auth.session-stored');
    return { session: presentSession(session), browserId: entered.browserId, askToTrust: client === 'web' && !entered.device.trusted };
  }

  private async raise({ login, client }: Attempt, sessionHash: string, kind: MethodKind): Promise<Verified> {
    const session = await this.sessions.raiseAssurance(login.id, sessionHash, assuranceOf({ by: 'code', kind }));
    if (!session) throw new Refusal('not_signed_in');
    return { session: presentSession(session), browserId: null, askToTrust: client === 'web' && !session.device.trusted };
  }
}
