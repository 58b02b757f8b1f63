import { Refusal, type RequestPayload, type RequestReply } from '@latchkey/contracts';
import { DeadLetters, Messaging, ReadQueues, Requester, UnroutableMessage } from '@latchkey/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { AuthSettings } from '../config.ts';
import { SETTINGS } from '../injected.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { Audit } from './audit.ts';

const mostShown = 100;
/** Longest that a page of queues waits for the workers, in milliseconds. */
const workersWithinMs = 1_500;

/** Queues and dead letters, for operators. */
@Injectable()
export class OperateBroker {
  private readonly reading: ReadQueues;
  private readonly deadLetters: DeadLetters;

  constructor(
    @Inject(SETTINGS) settings: Pick<AuthSettings, 'LATCHKEY_AMQP_URL' | 'LATCHKEY_AMQP_MANAGEMENT_URL'>,
    { connection, publisher }: Messaging,
    private readonly requester: Requester,
    private readonly requireSession: RequireSession,
    private readonly audit: Audit,
  ) {
    this.reading = new ReadQueues(connection, { amqpUrl: settings.LATCHKEY_AMQP_URL, managementUrl: settings.LATCHKEY_AMQP_MANAGEMENT_URL });
    this.deadLetters = new DeadLetters(connection, publisher);
  }

  async queues(sessionHash: string): Promise<RequestReply<'ops.queues'>> {
    await this.requireSession.ofRole('operator', sessionHash);
    const [queues, workers] = await Promise.all([this.reading.read(), this.workers()]);
    return { queues, workers };
  }

  async listDeadLetters({ sessionHash, queue }: RequestPayload<'ops.dead-letters'>): Promise<RequestReply<'ops.dead-letters'>> {
    await this.requireSession.ofRole('operator', sessionHash);
    const { total, letters } = await this.deadLetters.list(knownQueue(queue), mostShown);
    return { queue, total, letters: letters as RequestReply<'ops.dead-letters'>['letters'] };
  }

  async redrive({ sessionHash, queue, ids }: RequestPayload<'ops.redrive'>): Promise<RequestReply<'ops.redrive'>> {
    const operator = await this.requireSession.ofRole('operator', sessionHash);
    await this.audit.note(operator, 'redrive', { queue: knownQueue(queue), ids: ids ?? 'all' });
    try {
      return await this.deadLetters.redrive(queue, ids);
    } catch (error) {
      // Its queue is gone, or full: they are all still where they were.
      throw error instanceof UnroutableMessage ? new Refusal('unavailable', { retryAfterSeconds: 5 }) : error;
    }
  }

  async discard({ sessionHash, queue, ids }: RequestPayload<'ops.discard'>): Promise<RequestReply<'ops.discard'>> {
    const operator = await this.requireSession.ofRole('operator', sessionHash);
    await this.audit.note(operator, 'discard', { queue: knownQueue(queue), ids: ids ?? 'all' });
    return this.deadLetters.discard(queue, ids);
  }

  /** With delivery away there are none, and the queues say the rest. */
  private async workers(): Promise<RequestReply<'delivery.workers'>['workers']> {
    try {
      return (await this.requester.request('delivery.workers', {}, { deadlineMs: workersWithinMs })).workers;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'unavailable') return [];
      throw error;
    }
  }
}

function knownQueue(queue: string): string {
  if (!DeadLetters.queues.includes(queue)) throw new Refusal('not_found');
  return queue;
}
