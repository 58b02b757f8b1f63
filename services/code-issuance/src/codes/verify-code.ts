import { Refusal, type RequestPayload } from '@latchkey/contracts';
import type { Clock, SealingKeys } from '@latchkey/platform';
import type { Redis } from 'ioredis';
import type { Authenticators } from '../authenticators/authenticators.ts';
import { attemptKey, failuresKey } from './attempt-keys.ts';
import type { CodeLimits } from './code-limits.ts';
import { judgeCodeScript, useAttemptScript } from './judge-code.lua.ts';
import { codeHmacOf } from './new-code.ts';

type Judgement = ['right' | 'over' | 'expired'] | ['wrong' | 'counted' | 'locked', number];

/** Judges one try of a code. A right one is consumed in the same step and never right again. */
export class VerifyCode {
  private readonly redis: Redis;
  private readonly authenticators: Authenticators;
  private readonly keys: SealingKeys;
  private readonly clock: Clock;
  private readonly limits: CodeLimits;

  constructor(parts: { redis: Redis; authenticators: Authenticators; keys: SealingKeys; clock: Clock; limits: CodeLimits }) {
    this.redis = parts.redis;
    this.authenticators = parts.authenticators;
    this.keys = parts.keys;
    this.clock = parts.clock;
    this.limits = parts.limits;
  }

  async verify(request: RequestPayload<'code.verify'>): Promise<{ verifiedAt: string }> {
    const typed = await this.keys.open('typed-code', request.sealedCode);
    if (request.kind === 'totp') await this.verifyAuthenticatorCode(request, typed);
    else refuseUnlessRight(await this.judge(request, codeHmacOf(this.keys.hmacKey('code'), request.attemptId, typed)));
    return { verifiedAt: this.clock.now().toISOString() };
  }

  private async verifyAuthenticatorCode(request: RequestPayload<'code.verify'>, typed: string): Promise<void> {
    // Counted before it is judged: fifty at once get five judgements, whoever of them is right.
    const counted = await this.judge(request, '');
    if (counted[0] !== 'counted') return refuseUnlessRight(counted);
    if (!(await this.authenticators.useCode(request.loginId, request.methodId, typed))) throw new Refusal('wrong_code', { attemptsLeft: counted[1] });
    const used = (await useAttemptScript.run(this.redis, keysOf(request), [])) as Judgement;
    refuseUnlessRight(used);
  }

  private async judge(request: RequestPayload<'code.verify'>, codeHmac: string): Promise<Judgement> {
    return (await judgeCodeScript.run(this.redis, keysOf(request), [
      this.clock.now().getTime(),
      request.methodId,
      codeHmac,
      this.limits.triesPerAttempt,
      this.limits.failuresBeforeLock,
      this.limits.firstLockMs,
      this.limits.longestLockMs,
    ])) as Judgement;
  }
}

const keysOf = ({ loginId, attemptId }: RequestPayload<'code.verify'>) => [attemptKey(loginId, attemptId), failuresKey(loginId)];

function refuseUnlessRight(judgement: Judgement): void {
  const [word, number = 0] = judgement;
  if (word === 'right') return;
  if (word === 'expired') throw new Refusal('code_expired');
  if (word === 'locked') throw new Refusal('locked', { retryAfterSeconds: Math.ceil(number / 1000) });
  if (word === 'wrong' || word === 'counted') throw new Refusal('wrong_code', { attemptsLeft: number });
  throw new Refusal('attempt_over');
}
