import { type DeliveryEvent, type DeliveryReport, http, Refusal } from '@latchkey/contracts';
import { HandleEvent, Requester } from '@latchkey/messaging';
import { hashSecret } from '@latchkey/platform';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiHeader, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Answers } from '../http/documented.ts';
import { DeliveryHub } from './delivery-hub.ts';
import { DeliveryStream, pastOf } from './delivery-stream.ts';

const streamsPerAttempt = 5;
const streamsPerProcess = 20_000;
/** How long a page waits for the past; the ledger may be away while there still is a future. */
const pastWithinMs = 2_000;

@Controller()
export class DeliveryEventsController {
  constructor(
    private readonly requester: Requester,
    private readonly hub: DeliveryHub,
  ) {}

  @Get('v1/login/events')
  @ApiHeader({ name: 'Login-Attempt', required: true, description: 'Secret of the attempt' })
  @ApiProduces('text/event-stream')
  @Answers(200, 'Events `delivery`: what happened to the codes of the attempt so far, then live', http.deliveryEvent)
  async events(@Headers('login-attempt') attempt: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    if (attempt === undefined) throw new Refusal('invalid_request', { issues: [{ path: 'Login-Attempt', message: 'the header is missing' }] });
    if (!http.attemptSecret.safeParse(attempt).success) throw new Refusal('attempt_over');
    const { attemptId, resetAttemptId, expiresAt, queued } = await this.requester.request('login.watch', { attemptHash: hashSecret(attempt) });
    // Whoever left meanwhile would never be taken out again.
    if (reply.raw.destroyed) return;
    if (this.hub.openStreams >= streamsPerProcess) throw new Refusal('unavailable', { retryAfterSeconds: 5 });
    if (this.hub.streamsOf(attemptId) >= streamsPerAttempt) throw new Refusal('too_many_requests', { retryAfterSeconds: 5 });

    // Listening begins before the past is read, so that nothing falls between.
    if (!this.hub.listening) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
    const stream = new DeliveryStream(reply);
    // A code that turns two-factor off is an attempt of its own, which the same page waits for.
    const ids = [attemptId, resetAttemptId];
    for (const id of ids) reply.raw.once('close', this.hub.add(id, stream));
    const states = (await Promise.all(ids.map((id) => this.statesOf(id)))).flat();
    if (stream.over) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
    stream.open(pastOf(queued, states), expiresAt);
  }

  private async statesOf(attemptId: string): Promise<DeliveryEvent[]> {
    try {
      return (await this.requester.request('delivery.states', { attemptId }, { deadlineMs: pastWithinMs })).states;
    } catch (error) {
      // Workers that are away have delivered nothing yet: the code is queued, and that is what the page should say.
      if (error instanceof Refusal && error.code === 'unavailable') return [];
      throw error;
    }
  }

  @HandleEvent('delivery.queued')
  async queued(report: DeliveryReport): Promise<void> {
    this.tell('queued', report);
  }

  @HandleEvent('delivery.accepted')
  async accepted(report: DeliveryReport): Promise<void> {
    this.tell('accepted', report);
  }

  @HandleEvent('delivery.delivered')
  async delivered(report: DeliveryReport): Promise<void> {
    this.tell('delivered', report);
  }

  @HandleEvent('delivery.failed')
  async failed(report: DeliveryReport): Promise<void> {
    this.tell('failed', report);
  }

  @HandleEvent('delivery.unknown')
  async unknown(report: DeliveryReport): Promise<void> {
    this.tell('unknown', report);
  }

  @HandleEvent('delivery.expired')
  async expired(report: DeliveryReport): Promise<void> {
    this.tell('expired', report);
  }

  private tell(state: DeliveryEvent['state'], { attemptId, methodId, at, suggestion }: DeliveryReport): void {
    this.hub.tell(attemptId, { methodId, state, at, ...(suggestion ? { suggestion } : {}) });
  }
}
