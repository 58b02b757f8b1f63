import { Refusal, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import type { Publisher } from '@latchkey/messaging';
import { type Clock, crashPoint, type Logger, type SealingKeys } from '@latchkey/platform';
import type { Redis } from 'ioredis';
import type { Authenticators } from '../authenticators/authenticators.ts';
import { attemptKey, failuresKey } from './attempt-keys.ts';
import type { CodeLimits } from './code-limits.ts';
import { judgeCodeScript, useAttemptScript } from './judge-code.lua.ts';
import { codeHmacOf } from './new-code.ts';
import { requestId } from './request-id.ts';

type Judgement = ['right', string] | ['over'] | ['expired'] | ['wrong' | 'counted' | 'locked', number];

type Verify = RequestPayload<'code.verify'>;

/** Judges one try of a code. A right one is consumed in the same step and never right again. */
export class VerifyCode {
  private readonly redis: Redis;
  private readonly authenticators: Authenticators;
  private readonly keys: SealingKeys;
  private readonly clock: Clock;
  private readonly limits: CodeLimits;
  private readonly publisher: Publisher;
  private readonly logger: Logger;

  constructor(parts: { redis: Redis; authenticators: Authenticators; keys: SealingKeys; clock: Clock; limits: CodeLimits; publisher: Publisher; logger: Logger }) {
    this.redis = parts.redis;
    this.authenticators = parts.authenticators;
    this.keys = parts.keys;
    this.clock = parts.clock;
    this.limits = parts.limits;
    this.publisher = parts.publisher;
    this.logger = parts.logger;
  }

  async verify(request: Verify): Promise<RequestReply<'code.verify'>> {
    const typed = await this.keys.open('typed-code', request.sealedCode);
    const methodId = request.kind === 'totp' ? await this.verifyAuthenticatorCode(request, typed) : await this.verifySentCode(request, typed);
    this.tellUsed(request, methodId);
    crashPoint('code-issuance.code-judged');
    return { verifiedAt: this.clock.now().toISOString(), methodId };
  }

  /**
   * So that nothing more is sent for the attempt. Nobody waits for it: without it, at worst a used code is sent once more
   * by another provider.
   */
  private tellUsed({ attemptId, loginId }: Verify, methodId: string): void {
    this.publisher
      .publish('code.used', { attemptId, loginId, methodId }, { correlationId: attemptId })
      .catch((error: Error) => this.logger.warn({ reason: error.message }, 'not told that a code was used'));
  }

  private async verifySentCode(request: Verify, typed: string): Promise<string> {
    const codeHmacs = this.keys.hmacKeys('code').map((key) => codeHmacOf(key, request.attemptId, typed));
    return methodOf(await this.judge(request, codeHmacs));
  }

  private async verifyAuthenticatorCode(request: Verify, typed: string): Promise<string> {
    // Counted before it is judged: fifty at once get five judgements, whoever of them is right.
    const counted = await this.judge(request, []);
    if (counted[0] !== 'counted') return methodOf(counted);
    if (!(await this.authenticators.useCode(request.loginId, request.methodId, typed))) throw new Refusal('wrong_code', { attemptsLeft: counted[1] });
    return methodOf((await useAttemptScript.run(this.redis, keysOf(request), [request.methodId, requestId()])) as Judgement);
  }

  private async judge(request: Verify, codeHmacs: readonly string[]): Promise<Judgement> {
    return (await judgeCodeScript.run(this.redis, keysOf(request), [
      this.clock.now().getTime(),
      request.methodId,
      this.limits.triesPerAttempt,
      this.limits.failuresBeforeLock,
      this.limits.firstLockMs,
      this.limits.longestLockMs,
      requestId(),
      ...codeHmacs,
    ])) as Judgement;
  }
}

const keysOf = ({ loginId, attemptId }: Verify) => [attemptKey(loginId, attemptId), failuresKey(loginId)];

/** The method whose code was right; refuses a try that was not. */
function methodOf(judgement: Judgement): string {
  if (judgement[0] === 'right') return judgement[1];
  if (judgement[0] === 'expired') throw new Refusal('code_expired');
  if (judgement[0] === 'over') throw new Refusal('attempt_over');
  if (judgement[0] === 'locked') throw new Refusal('locked', { retryAfterSeconds: Math.ceil(judgement[1] / 1000) });
  throw new Refusal('wrong_code', { attemptsLeft: judgement[1] });
}
