import { randomUUIDv7, createHmac } from 'node:crypto';
import { Refusal, type RequestPayload, type Sent } from '@latchkey/contracts';
import type { Publisher } from '@latchkey/messaging';
import type { Clock, SealingKeys } from '@latchkey/platform';
import type { Redis } from 'ioredis';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { attemptKey, sendsKey } from './attempt-keys.ts';
import type { CodeLimits } from './code-limits.ts';
import { issueCodeLua, undoSendLua } from './issue-code.lua.ts';
import { codeHmacOf, newCode } from './new-code.ts';

type Issue = RequestPayload<'code.issue'>;
type IssueAnswer = ['sent', number, string, number, number] | ['over'] | ['wait' | 'too_many', number];

/** Makes the code of an attempt and hands it to the queue of its channel; asked again, sends the same one again. */
export class IssueCode {
  private readonly redis: Redis;
  private readonly publisher: Publisher;
  private readonly keys: SealingKeys;
  private readonly clock: Clock;
  private readonly limits: CodeLimits;
  private readonly countries: readonly string[];
  private readonly perDestination: RateLimiterRedis;
  private readonly perIpBlock: RateLimiterRedis;

  constructor(parts: { redis: Redis; publisher: Publisher; keys: SealingKeys; clock: Clock; limits: CodeLimits; countries: readonly string[] }) {
    this.redis = parts.redis;
    this.publisher = parts.publisher;
    this.keys = parts.keys;
    this.clock = parts.clock;
    this.limits = parts.limits;
    this.countries = parts.countries;
    const hourly = { storeClient: parts.redis, duration: 3_600, useRedisPackage: false };
    this.perDestination = new RateLimiterRedis({ ...hourly, keyPrefix: 'code-sends-to', points: parts.limits.sendsPerDestination });
    this.perIpBlock = new RateLimiterRedis({ ...hourly, keyPrefix: 'code-sends-from', points: parts.limits.sendsPerIpBlock });
  }

  async issue(request: Issue): Promise<{ sent: Sent }> {
    const destination = await this.keys.open('destination', request.sealedDestination);
    this.refuseUnsupported(request.channel, destination);

    const now = this.clock.now().getTime();
    const code = newCode();
    const keys = [attemptKey(request.loginId, request.attemptId), sendsKey(request.loginId)] as const;
    const answer = (await this.redis.eval(
      issueCodeLua,
      2,
      ...keys,
      now,
      codeHmacOf(this.keys.hmacKey('code'), request.attemptId, code),
      await this.keys.seal('code', code),
      this.limits.validMs,
      this.limits.resendWaitMs,
      this.limits.sendsPerAttempt,
      request.methodId,
      this.limits.sendsPerLogin,
      this.limits.triesPerAttempt,
    )) as IssueAnswer;
    if (answer[0] === 'over') throw new Refusal('attempt_over');
    if (answer[0] !== 'sent') throw tooMany(answer[1]);
    const [, expiresAt, sealedCode, sendNumber, sendsLeft] = answer;

    try {
      await this.countElsewhere(destination, request.ip);
      await this.publisher.publish(
        `code.issued.${request.channel}`,
        {
          attemptId: request.attemptId,
          loginId: request.loginId,
          providerId: request.providerId,
          methodId: request.methodId,
          purpose: request.purpose,
          sealedCode,
          sealedDestination: request.sealedDestination,
          maskedDestination: request.maskedDestination,
          locale: request.locale,
          branding: request.branding,
          expiresAt: new Date(expiresAt).toISOString(),
          sendNumber,
        },
        { id: randomUUIDv7(), correlationId: request.attemptId, withinMs: 3_500 },
      );
    } catch (error) {
      await this.redis.eval(undoSendLua, 2, ...keys, request.methodId).catch(() => undefined);
      throw error;
    }
    return {
      sent: {
        methodId: request.methodId,
        state: 'queued',
        expiresAt: new Date(expiresAt).toISOString(),
        resendAt: new Date(now + this.limits.resendWaitMs).toISOString(),
        sendsLeft,
      },
    };
  }

  /** Texts only to E.164 numbers of allowed countries (norm 28). */
  private refuseUnsupported(channel: Issue['channel'], destination: string): void {
    if (channel === 'email') return;
    const number = parsePhoneNumberFromString(destination);
    const country = number?.country;
    const allowed = number?.isValid() && country && isSupportedCountry(country) && this.countries.includes(country);
    if (!allowed || number.getType() === 'PREMIUM_RATE') throw new Refusal('unsupported_destination');
  }

  private async countElsewhere(destination: string, ip: string): Promise<void> {
    // A reader of the cache must not learn the number from its counter.
    const destinationHmac = createHmac('sha256', this.keys.hmacKey('destination')).update(destination).digest('base64url');
    try {
      await Promise.all([this.perDestination.consume(destinationHmac), this.perIpBlock.consume(ipBlockOf(ip))]);
    } catch (rejected) {
      if (rejected instanceof RateLimiterRes) throw tooMany(rejected.msBeforeNext);
      throw rejected;
    }
  }
}

/** The network that one subscriber is given: /24 of IPv4, /48 of IPv6. */
export function ipBlockOf(ip: string): string {
  return ip.includes(':') ? ip.split(':').slice(0, 3).join(':') : ip.split('.').slice(0, 3).join('.');
}

const tooMany = (waitMs: number) => new Refusal('too_many_requests', { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
