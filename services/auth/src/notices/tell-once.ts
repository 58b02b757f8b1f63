import { currentMessageContext } from '@latchkey/messaging';
import { type Clock, type RedisClient } from '@latchkey/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, REDIS } from '../injected.ts';

const day = 86_400;

/** Keeps an event or a request that is delivered again, or brought back to write a timeline anew, from mailing people again. */
@Injectable()
export class TellOnce {
  constructor(
    @Inject(REDIS) private readonly redis: RedisClient,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Does the work for the message at hand, unless that was done, or the message is older than a notice is worth reading. */
  async tell(work: () => Promise<void>): Promise<void> {
    const message = currentMessageContext();
    if (!message) throw new Error('what is told once is told because of a message');
    if (this.clock.now().getTime() - Date.parse(message.occurredAt) > day * 1000) return;
    const key = `told:${message.messageId}`;
    if ((await this.redis.exists(key)) === 1) return;
    await work();
    // Noted after it: of a crash in between come two notices, which is better than none.
    await this.redis.set(key, '1', 'EX', 2 * day);
  }
}
