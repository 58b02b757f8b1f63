import { type MethodKind, Refusal, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { crashPoint } from '@latchkey/platform';
import { Injectable } from '@nestjs/common';
import { byAttempt, TellFacts } from '../activity/facts.ts';
import { type Attempt, AttemptStore, methodOf } from '../attempts/attempt-store.ts';
import { assuranceOf, mayTrustDevices } from '../sessions/create-session.ts';
import { PresentSession } from '../sessions/present-session.ts';
import { SessionStore } from '../sessions/session-store.ts';
import { JudgeCode } from './judge-code.ts';
import { SignIn } from './sign-in.ts';

type Verify = RequestPayload<'login.verify-code'>;
type Verified = RequestReply<'login.verify-code'>;

/** Has the code judged; a right one becomes one session, or raises the session that asked for it. */
@Injectable()
export class VerifyCode {
  constructor(
    private readonly attempts: AttemptStore,
    private readonly judgeCode: JudgeCode,
    private readonly requester: Requester,
    private readonly signIn: SignIn,
    private readonly sessions: SessionStore,
    private readonly presentSession: PresentSession,
    private readonly facts: TellFacts,
  ) {}

  async verify(request: Verify): Promise<Verified> {
    const { attemptHash, methodId, sealedCode, device } = request;
    const attempt = await this.attempts.requireCurrent(attemptHash);
    const { login, attemptId, deviceName } = attempt;
    const doing = byAttempt(login, attemptId, { name: deviceName, ip: device.ip });
    const verified = await this.judgeCode.judge({ login, attemptId, method: methodOf(attempt, methodId), sealedCode, doing });
    crashPoint('auth.code-judged');
    const { kind } = methodOf(attempt, verified.methodId);
    // The code was right once; should two methods' codes be right at the same moment, the attempt still is used once.
    await this.attempts.use(attemptHash);
    crashPoint('auth.attempt-used');
    return attempt.sessionHash === null ? this.enter(attempt, kind, request) : this.raise(attempt, attempt.sessionHash, kind, device.ip);
  }

  private async enter({ login, client, deviceName, attemptId, locale }: Attempt, kind: MethodKind, { device, sessionHash }: Verify): Promise<Verified> {
    const entered = await this.requester.request('device.enter', {
      loginId: login.id,
      trustEpoch: login.trustEpoch,
      // What the login began as: a browser must not become an app, which is trusted without a question, on the way.
      device: { ...device, client, name: deviceName },
      trust: client === 'app' && mayTrustDevices(login),
    });
    crashPoint('auth.device-entered');
    const signedIn = await this.signIn.signIn({ login, proof: { by: 'code', kind }, entered, sessionHash, client, ip: device.ip, attemptId, locale });
    // Trusted by this very login: its other sessions on the device say so too.
    if (client === 'app' && entered.device.trusted) await this.sessions.noteTrusted(login.id, entered.device);
    return { ...signedIn, askToTrust: client === 'web' && mayTrustDevices(login) && !entered.device.trusted };
  }

  private async raise({ login, client, attemptId }: Attempt, sessionHash: string, kind: MethodKind, ip: string): Promise<Verified> {
    const session = await this.sessions.raiseAssurance(login.id, sessionHash, assuranceOf({ by: 'code', kind }), login.sessionEpoch);
    if (!session) throw new Refusal((await this.sessions.find(sessionHash)) ? 'attempt_over' : 'not_signed_in');
    const { id: sessionId, assurance, device } = session;
    const doing = { ...byAttempt(login, attemptId, { name: device.name, ip }), device: { id: device.id, name: device.name } };
    await this.facts.tell('session.stepped-up', login, doing, { sessionId, assurance });
    return { session: await this.presentSession.present(session), browserId: null, askToTrust: client === 'web' && mayTrustDevices(login) && !session.device.trusted };
  }
}
