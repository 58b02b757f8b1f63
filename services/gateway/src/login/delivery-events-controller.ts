import { type DeliveryEvent, type DeliveryReport, http, Refusal } from '@latchkey/contracts';
import { HandleEvent, Requester } from '@latchkey/messaging';
import { hashSecret } from '@latchkey/platform';
import { Controller, Get, Headers, Req, Res } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers } from '../http/documented.ts';
import { DeliveryHub } from './delivery-hub.ts';

const heartbeatMs = 15_000;
const streamsPerAttempt = 5;
const streamsPerProcess = 20_000;

@Controller()
export class DeliveryEventsController {
  constructor(
    private readonly requester: Requester,
    private readonly hub: DeliveryHub,
  ) {}

  @Get('v1/login/events')
  @ApiHeader({ name: 'Login-Attempt', required: true })
  @Answers(200, 'What happens to the code, as server-sent events: the states so far, then live')
  async events(@Headers('login-attempt') attempt: string | undefined, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!http.attemptSecret.safeParse(attempt).success) throw new Refusal('attempt_over');
    if (this.hub.openStreams >= streamsPerProcess) throw new Refusal('unavailable', { retryAfterSeconds: 5 });
    const { attemptId, expiresAt, queued } = await this.requester.request('login.watch', { attemptHash: hashSecret(String(attempt)) });
    if (this.hub.streamsOf(attemptId) >= streamsPerAttempt) throw new Refusal('too_many_requests', { retryAfterSeconds: 5 });

    // Listening begins before the past is read, so that nothing falls between; what arrives twice is told once.
    const told = new Set<string>();
    const early: DeliveryEvent[] = [];
    let tell = (event: DeliveryEvent) => void early.push(event);
    const stopListening = this.hub.listen(attemptId, (event) => tell(event));
    try {
      const { states } = await this.requester.request('delivery.states', { attemptId });
      const known = new Set(states.filter(({ state }) => state === 'queued').map(({ methodId }) => methodId));
      const past = [...queued.filter(({ methodId }) => !known.has(methodId)).map(({ methodId, at }) => ({ methodId, at, state: 'queued' as const })), ...states];

      reply.hijack();
      reply.raw.writeHead(200, { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' } as Record<string, string>);
      tell = (event) => {
        const key = `${event.methodId} ${event.state} ${event.at}`;
        if (told.has(key)) return;
        told.add(key);
        reply.raw.write(`event: delivery\ndata: ${JSON.stringify(http.deliveryEvent.parse(event))}\n\n`);
      };
      [...past, ...early].forEach((event) => tell(event));
    } catch (error) {
      stopListening();
      throw error;
    }

    const heartbeat = setInterval(() => reply.raw.write(': still here\n\n'), heartbeatMs);
    const end = setTimeout(() => reply.raw.end(), Math.max(0, Date.parse(expiresAt) - Date.now()));
    request.raw.on('close', () => {
      clearInterval(heartbeat);
      clearTimeout(end);
      stopListening();
    });
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
