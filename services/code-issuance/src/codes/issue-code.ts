import { randomUUIDv7 } from 'node:crypto';
import { Refusal, type RequestPayload, type Sent } from '@latchkey/contracts';
import { type Publisher, UnroutableMessage } from '@latchkey/messaging';
import { type Clock, crashPoint, type RedisClient, type SealingKeys } from '@latchkey/platform';
import type { CodeMetrics } from '../ops/metrics.ts';
import { attemptKey } from './attempt-keys.ts';
import type { CodeLimits } from './code-limits.ts';
import { giveSendBackScript, issueCodeScript } from './issue-code.lua.ts';
import { codeHmacOf, newCode } from './new-code.ts';
import { requestId } from './request-id.ts';
import { type Send, type SendLimits, tooMany } from './send-limits.ts';
import { textedNumber } from './texted-number.ts';

type Issue = RequestPayload<'code.issue'>;

export interface IssueCodeParts {
  redis: RedisClient;
  publisher: Publisher;
  keys: SealingKeys;
  clock: Clock;
  limits: CodeLimits;
  sendLimits: SendLimits;
  metrics?: CodeMetrics;
  /** Countries that texts are sent to, ISO 3166. */
  countries: readonly string[];
  codeWhenSentAgain: 'same' | 'new';
}

interface CountedSend {
  expiresAt: number;
  sealedCode: string;
  sendNumber: number;
  sendsLeft: number;
  messageId: string;
  sentAt: number;
  /** This very request was counted before, by a run that did not live to answer it. */
  repeated: boolean;
}

/** Makes the code of an attempt and hands it to the queue of its channel; asked again, sends the same one again. */
export class IssueCode {
  private readonly parts: IssueCodeParts;

  constructor(parts: IssueCodeParts) {
    this.parts = parts;
  }

  async issue(request: Issue): Promise<{ sent: Sent }> {
    const { keys, countries, sendLimits, limits } = this.parts;
    const destination = await keys.open('destination', request.sealedDestination);
    const number = request.channel === 'sms' ? textedNumber(destination, countries) : null;
    const send: Send = { loginId: request.loginId, providerId: request.providerId, destination, ip: request.ip, number };

    const counted = await this.countInAttempt(request, number?.prefix ?? '');
    crashPoint('code-issuance.send-counted');
    try {
      if (!counted.repeated) await sendLimits.count(send);
    } catch (error) {
      await this.giveBack(request, counted);
      throw error;
    }
    try {
      await this.publish(request, counted);
    } catch (error) {
      // Nothing half-done: asking again is as if for the first time, but with the same message id.
      await Promise.all([this.giveBack(request, counted), sendLimits.uncount(send).catch(() => undefined)]);
      throw error instanceof UnroutableMessage ? new Refusal('unavailable', { retryAfterSeconds: 2 }) : error;
    }
    crashPoint('code-issuance.message-confirmed');
    return {
      sent: {
        methodId: request.methodId,
        state: 'queued',
        expiresAt: new Date(counted.expiresAt).toISOString(),
        resendAt: new Date(counted.sentAt + limits.resendWaitMs).toISOString(),
        sendsLeft: counted.sendsLeft,
      },
    };
  }

  private async countInAttempt({ attemptId, loginId, methodId }: Issue, prefix: string): Promise<CountedSend> {
    const { redis, keys, clock, limits, codeWhenSentAgain } = this.parts;
    const code = newCode();
    const answer = (await issueCodeScript.run(redis, [attemptKey(loginId, attemptId)], [
      clock.now().getTime(),
      methodId,
      codeHmacOf(keys.hmacKeys('code')[0], attemptId, code),
      await keys.seal('code', code),
      randomUUIDv7(),
      requestId(),
      limits.validMs,
      limits.resendWaitMs,
      limits.sendsPerAttempt,
      limits.triesPerAttempt,
      codeWhenSentAgain,
      prefix,
    ])) as ['sent' | 'again', number, string, number, number, string, number] | ['over'] | ['wait', number];
    if (answer[0] === 'over') throw new Refusal('attempt_over');
    if (answer[0] === 'wait') {
      this.parts.metrics?.limited('resend_wait');
      throw tooMany(answer[1]);
    }
    const [word, expiresAt, sealedCode, sendNumber, sendsLeft, messageId, sentAt] = answer;
    return { expiresAt, sealedCode, sendNumber, sendsLeft, messageId, sentAt, repeated: word === 'again' };
  }

  private publish(request: Issue, { expiresAt, sealedCode, sendNumber, messageId }: CountedSend): Promise<void> {
    const { attemptId, loginId, providerId, methodId, purpose, sealedDestination, maskedDestination, locale, branding } = request;
    return this.parts.publisher.publish(
      `code.issued.${request.channel}`,
      {
        attemptId,
        loginId,
        providerId,
        methodId,
        purpose,
        sealedCode,
        sealedDestination,
        maskedDestination,
        locale,
        branding,
        expiresAt: new Date(expiresAt).toISOString(),
        sendNumber,
      },
      // Leaves time to give back and to answer within the five seconds that a person is made to wait.
      { id: messageId, correlationId: attemptId, withinMs: 3_000 },
    );
  }

  private async giveBack({ attemptId, loginId, methodId }: Issue, { sendNumber }: CountedSend): Promise<void> {
    // With Redis away too the send stays counted: one fewer for the attempt, and none too many.
    await giveSendBackScript.run(this.parts.redis, [attemptKey(loginId, attemptId)], [methodId, sendNumber]).catch(() => undefined);
  }
}
