import { createHmac } from 'node:crypto';
import { Refusal } from '@latchkey/contracts';
import { type Clock, ipBlock, network, type RedisClient, type SealingKeys } from '@latchkey/platform';
import type { CodeMetrics, LimitKind } from '../ops/metrics.ts';
import type { CodeLimits } from './code-limits.ts';
import { countEnteredScript, countSendScript, uncountSendScript } from './count-send.lua.ts';
import type { PrefixAlarm } from './prefix-alarm.ts';
import type { TextedNumber } from './texted-number.ts';

export interface Send {
  loginId: string;
  providerId: string;
  destination: string;
  ip: string;
  /** Null for an email, which costs next to nothing. */
  number: TextedNumber | null;
}

const hour = 3_600_000;
const day = 24 * hour;

/**
 * What may be sent over all attempts (norm 29). All counters lie in one slot, so that one script counts a send against
 * every limit or none: two commands an issue, and never half counted. One Redis runs many thousand such scripts a second,
 * which is far beyond what one platform texts.
 */
export class SendLimits {
  private readonly redis: RedisClient;
  private readonly keys: SealingKeys;
  private readonly clock: Clock;
  private readonly limits: CodeLimits;
  private readonly alarm: PrefixAlarm;
  private readonly metrics: CodeMetrics | undefined;

  constructor(parts: { redis: RedisClient; keys: SealingKeys; clock: Clock; limits: CodeLimits; alarm: PrefixAlarm; metrics?: CodeMetrics }) {
    this.redis = parts.redis;
    this.keys = parts.keys;
    this.clock = parts.clock;
    this.limits = parts.limits;
    this.alarm = parts.alarm;
    this.metrics = parts.metrics;
  }

  /** Refuses with `too_many_requests`, and has counted nothing then. */
  async count(send: Send): Promise<void> {
    const counters = this.countersOf(send);
    const values = counters.flatMap(({ allowed, windowMs }) => [allowed, windowMs]);
    const { textsBeforeEntered, leastEnteredPercent } = this.limits;
    const answer = (await countSendScript.run(this.redis, keysOf(counters, send), [
      this.clock.now().getTime(),
      send.number ? textsBeforeEntered : 0,
      leastEnteredPercent,
      ...values,
    ])) as ['counted'] | ['too_many', number, number] | ['not_entered', number, number, number, 0 | 1];
    if (answer[0] === 'counted') return;
    if (answer[0] === 'not_entered' && send.number) {
      const [, waitMs, texts, entered, first] = answer;
      this.alarm.refusedText(send.number, { texts, entered, first: first === 1, waitMs });
    }
    const limit = answer[0] === 'too_many' ? counters[answer[2] - 1]?.kind : 'not_entered';
    if (limit) this.metrics?.limited(limit);
    throw tooMany(answer[1]);
  }

  async uncount(send: Send): Promise<void> {
    await uncountSendScript.run(this.redis, keysOf(this.countersOf(send), send), [this.clock.now().getTime(), send.number ? 1 : 0]);
  }

  /** The code of a text to such a number was right: somebody received it who wanted it. */
  async countEntered(prefix: string): Promise<void> {
    await countEnteredScript.run(this.redis, [textsKey(prefix)], [this.clock.now().getTime()]);
  }

  private countersOf({ loginId, providerId, destination, ip, number }: Send): Counter[] {
    const { limits } = this;
    // A reader of the cache must not learn the number or address from its counter.
    const destinationHmac = createHmac('sha256', this.keys.hmacKeys('destination')[0]).update(destination).digest('base64url');
    const counters: Counter[] = [
      { kind: 'login', of: loginId, allowed: limits.sendsPerLogin, windowMs: hour },
      { kind: 'destination', of: destinationHmac, allowed: limits.sendsPerDestination, windowMs: hour },
      { kind: 'ip', of: ipBlock(ip, network), allowed: limits.sendsPerIpBlock, windowMs: hour },
    ];
    if (!number) return counters;
    return [
      ...counters,
      { kind: 'prefix', of: number.prefix, allowed: limits.textsPerPrefix, windowMs: hour },
      { kind: 'provider', of: providerId, allowed: limits.textsPerProviderAndDay, windowMs: day },
      { kind: 'country', of: number.country, allowed: limits.textsPerCountryAndDay, windowMs: day },
    ];
  }
}

interface Counter {
  kind: Exclude<LimitKind, 'resend_wait' | 'not_entered'>;
  of: string;
  allowed: number;
  windowMs: number;
}

export const textsKey = (prefix: string): string => `{code-sends}:texts:${prefix}`;
export const counterKey = (kind: Counter['kind'], of: string): string => `{code-sends}:${kind}:${of}`;
const keysOf = (counters: readonly Counter[], { number }: Send): string[] => [...counters.map(({ kind, of }) => counterKey(kind, of)), ...(number ? [textsKey(number.prefix)] : [])];

export const tooMany = (waitMs: number): Refusal => new Refusal('too_many_requests', { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
