import { Refusal, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import type { Publisher } from '@latchkey/messaging';
import { type Clock, crashPoint, type Logger, type RedisClient, type SealingKeys } from '@latchkey/platform';
import type { Authenticators } from '../authenticators/authenticators.ts';
import type { RecoveryCodes } from '../recovery-codes/recovery-codes.ts';
import { attemptKey, failuresKey, methodFailuresKey } from './attempt-keys.ts';
import type { CodeLimits } from './code-limits.ts';
import { judgeCodeScript, useAttemptScript } from './judge-code.lua.ts';
import { codeHmacOf } from './new-code.ts';
import { requestId } from './request-id.ts';
import type { SendLimits } from './send-limits.ts';

type Judgement = ['right', string, string] | ['over'] | ['expired'] | ['off'] | ['wrong' | 'counted' | 'locked', number];

type Verify = RequestPayload<'code.verify'>;

export interface VerifyCodeParts {
  redis: RedisClient;
  authenticators: Authenticators;
  recoveryCodes: RecoveryCodes;
  sendLimits: SendLimits;
  keys: SealingKeys;
  clock: Clock;
  limits: CodeLimits;
  publisher: Publisher;
  logger: Logger;
}

/** Judges one try of a code. A right one is consumed in the same step and never right again. */
export class VerifyCode {
  private readonly parts: VerifyCodeParts;

  constructor(parts: VerifyCodeParts) {
    this.parts = parts;
  }

  async verify(request: Verify): Promise<RequestReply<'code.verify'>> {
    const typed = await this.parts.keys.open('typed-code', request.sealedCode);
    const isKept = request.kind === 'totp' || request.kind === 'recovery_code';
    const methodId = isKept ? await this.verifyKeptCode(request, typed) : await this.verifySentCode(request, typed);
    this.tellUsed(request, methodId);
    crashPoint('code-issuance.code-judged');
    return { verifiedAt: this.parts.clock.now().toISOString(), methodId };
  }

  /**
   * So that nothing more is sent for the attempt. Nobody waits for it: without it, at worst a used code is sent once more
   * by another provider.
   */
  private tellUsed({ attemptId, loginId }: Verify, methodId: string): void {
    this.parts.publisher
      .publish('code.used', { attemptId, loginId, methodId }, { correlationId: attemptId })
      .catch((error: Error) => this.parts.logger.warn({ reason: error.message }, 'not told that a code was used'));
  }

  private async verifySentCode(request: Verify, typed: string): Promise<string> {
    const codeHmacs = this.parts.keys.hmacKeys('code').map((key) => codeHmacOf(key, request.attemptId, typed));
    const judgement = await this.judge(request, codeHmacs);
    if (judgement[0] === 'right' && judgement[2]) this.countEntered(judgement[2]);
    return this.methodOf(judgement);
  }

  /** Nobody waits for it: a code that is not counted as entered is one of many. */
  private countEntered(prefix: string): void {
    this.parts.sendLimits.countEntered(prefix).catch((error: Error) => this.parts.logger.warn({ reason: error.message }, 'a code that was entered is not counted'));
  }

  /** A code that nobody sent: from an authenticator app or a set of recovery codes. */
  private async verifyKeptCode(request: Verify, typed: string): Promise<string> {
    // Counted before it is judged: fifty at once get five judgements, whoever of them is right.
    const counted = await this.judge(request, []);
    if (counted[0] !== 'counted') return this.methodOf(counted);
    const { loginId, methodId } = request;
    const isRight = await (request.kind === 'totp' ? this.parts.authenticators.useCode(loginId, methodId, typed) : this.parts.recoveryCodes.useCode(loginId, methodId, typed, requestId()));
    if (!isRight) throw new Refusal('wrong_code', { attemptsLeft: counted[1] });
    return this.methodOf((await useAttemptScript.run(this.parts.redis, keysOf(request), [methodId, requestId(), this.parts.limits.failuresPerMethod])) as Judgement);
  }

  private async judge(request: Verify, codeHmacs: readonly string[]): Promise<Judgement> {
    return (await judgeCodeScript.run(this.parts.redis, keysOf(request), [
      this.parts.clock.now().getTime(),
      request.methodId,
      this.parts.limits.triesPerAttempt,
      this.parts.limits.failuresBeforeLock,
      this.parts.limits.firstLockMs,
      this.parts.limits.longestLockMs,
      this.parts.limits.failuresPerMethod,
      requestId(),
      ...codeHmacs,
    ])) as Judgement;
  }

  /** The method whose code was right; refuses a try that was not. */
  private methodOf(judgement: Judgement): string {
    if (judgement[0] === 'right') return judgement[1];
    if (judgement[0] === 'expired') throw new Refusal('code_expired');
    if (judgement[0] === 'over') throw new Refusal('attempt_over');
    if (judgement[0] === 'locked') throw new Refusal('locked', { retryAfterSeconds: Math.ceil(judgement[1] / 1000) });
    // No wait turns it on again by itself; asking more often than after the longest lock makes no sense.
    if (judgement[0] === 'off') throw new Refusal('locked', { detail: methodIsOff, retryAfterSeconds: Math.ceil(this.parts.limits.longestLockMs / 1000) });
    throw new Refusal('wrong_code', { attemptsLeft: judgement[1] });
  }

  /** What is kept of methods that are gone; all of the login's without ids. */
  async forgetFailures(loginId: string, methodIds?: readonly string[]): Promise<void> {
    if (methodIds) await this.parts.redis.hdel(methodFailuresKey(loginId), ...methodIds);
    else await this.parts.redis.del(failuresKey(loginId), methodFailuresKey(loginId));
  }
}

const methodIsOff = 'There were too many wrong codes by this method. Use another one, or ask the service provider.';
const keysOf = ({ loginId, attemptId }: Verify) => [attemptKey(loginId, attemptId), failuresKey(loginId), methodFailuresKey(loginId)];
