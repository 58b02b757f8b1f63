import { Refusal, type RequestReply, type Sent } from '@latchkey/contracts';
import { type Clock, crashPoint } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import { byAttempt, TellFacts } from '../activity/facts.ts';
import { CLOCK } from '../injected.ts';
import { type Method } from '../logins/find-login.ts';
import { type Attempt, AttemptStore, methodsOf } from './attempt-store.ts';
import { RequestCode } from './request-code.ts';
import { resetAttemptIdOf } from './reset-attempt.ts';

type Begun = Omit<Attempt, 'expiresAt' | 'queued' | 'resetAttemptId'>;

/** Has a code sent by the default method and keeps the attempt that waits for it. */
@Injectable()
export class BeginAttempt {
  constructor(
    private readonly attempts: AttemptStore,
    private readonly requestCode: RequestCode,
    private readonly facts: TellFacts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async begin(attemptHash: string, ip: string, attempt: Begun): Promise<RequestReply<'session.step-up'>> {
    const { methods } = attempt.login;
    const method = methods.find((candidate) => candidate.default) ?? methods[0];
    if (!method) throw new Refusal('two_factor_off');
    // Stored before anything is sent: a code that arrives always has an attempt that it can be typed for.
    const isSent = method.kind !== 'totp';
    const resetAttemptId = resetAttemptIdOf(attempt.attemptId);
    await this.attempts.create(attemptHash, { ...attempt, resetAttemptId, queued: isSent ? [{ methodId: method.id, at: this.clock.now().toISOString() }] : [] });
    crashPoint('auth.attempt-stored');
    const { login, attemptId, deviceName } = attempt;
    const [sent] = await Promise.all([
      this.send(method, ip, attempt),
      this.facts.tell('login.code-required', login, byAttempt(login, attemptId, { name: deviceName, ip }), { method: { kind: method.kind, hint: method.hint } }),
    ]);
    if (isSent && !sent) await this.attempts.create(attemptHash, { ...attempt, resetAttemptId, queued: [] });
    crashPoint('auth.code-requested');
    return { methods: methodsOf(login).map(({ id, kind, hint, default: isDefault }) => ({ id, kind, hint, default: isDefault })), sent };
  }

  /** Null: nothing to send, or sending is limited at the moment and there is another method to choose. */
  private async send(method: Method, ip: string, attempt: Begun): Promise<Sent | null> {
    try {
      return await this.requestCode.send({ ...attempt, method, ip });
    } catch (error) {
      const limited = error instanceof Refusal && (error.code === 'too_many_requests' || error.code === 'unsupported_destination');
      if (limited && attempt.login.methods.length > 1) return null;
      throw error;
    }
  }
}
