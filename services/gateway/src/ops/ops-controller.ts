import { http } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { Body, Controller, Get, Post, Put, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { sessionHashOf } from '../http/credentials.ts';
import { Answers, NeedsSession } from '../http/documented.ts';

/** For operators of the platform. Auth judges the session and writes down what they do. */
@NeedsSession()
@Controller('v1/ops')
export class OpsController {
  constructor(private readonly requester: Requester) {}

  @Get('queues')
  @Answers(200, 'How full the queues are, and the workers that deliver', http.opsQueues)
  async queues(@Req() request: FastifyRequest) {
    return http.opsQueues.parse(await this.requester.request('ops.queues', { sessionHash: sessionHashOf(request) }));
  }

  @Get('dead-letters')
  @Answers(200, 'What died in a queue: neither codes nor destinations', http.deadLetters)
  async deadLetters(@Query({ schema: http.deadLettersQuery }) { queue }: z.output<typeof http.deadLettersQuery>, @Req() request: FastifyRequest) {
    return http.deadLetters.parse(await this.requester.request('ops.dead-letters', { sessionHash: sessionHashOf(request), queue }));
  }

  @Post('dead-letters/redrive')
  @Answers(200, 'They are back in the queue they died in. A code that has expired is not sent', http.handledDeadLetters)
  async redrive(@Body({ schema: http.chosenDeadLetters }) chosen: z.output<typeof http.chosenDeadLetters>, @Req() request: FastifyRequest) {
    return http.handledDeadLetters.parse(await this.requester.request('ops.redrive', { sessionHash: sessionHashOf(request), ...chosen }));
  }

  @Post('dead-letters/discard')
  @Answers(200, 'They are gone for good', http.handledDeadLetters)
  async discard(@Body({ schema: http.chosenDeadLetters }) chosen: z.output<typeof http.chosenDeadLetters>, @Req() request: FastifyRequest) {
    return http.handledDeadLetters.parse(await this.requester.request('ops.discard', { sessionHash: sessionHashOf(request), ...chosen }));
  }

  @Get('deliveries')
  @Answers(200, 'The ledger of sends, newest first', http.opsDeliveries)
  async deliveries(@Query({ schema: http.deliveriesQuery }) filter: z.output<typeof http.deliveriesQuery>, @Req() request: FastifyRequest) {
    const { state = null, provider = null, channel = null, loginId = null, before = null } = filter;
    return http.opsDeliveries.parse(await this.requester.request('ops.deliveries', { sessionHash: sessionHashOf(request), state, provider, channel, loginId, before }));
  }

  @Get('providers')
  @Answers(200, 'Providers with their circuits in each worker, and which channels are paused', http.opsProviders)
  async providers(@Req() request: FastifyRequest) {
    return http.opsProviders.parse(await this.requester.request('ops.providers', { sessionHash: sessionHashOf(request) }));
  }

  @Put('providers')
  @Answers(200, 'A provider that is off is not asked: its messages go to others, or wait', http.opsProviders)
  async setProvider(@Body({ schema: http.setProviderRequest }) change: z.output<typeof http.setProviderRequest>, @Req() request: FastifyRequest) {
    return http.opsProviders.parse(await this.requester.request('ops.set-provider', { sessionHash: sessionHashOf(request), ...change }));
  }

  @Put('channels')
  @Answers(200, 'The messages of a paused channel stay in their queue', http.opsProviders)
  async setChannel(@Body({ schema: http.setChannelRequest }) change: z.output<typeof http.setChannelRequest>, @Req() request: FastifyRequest) {
    return http.opsProviders.parse(await this.requester.request('ops.set-channel', { sessionHash: sessionHashOf(request), ...change }));
  }

  @Put('workers')
  @Answers(204, 'A worker that drains takes nothing more and ends what it has in hand')
  async setWorker(@Body({ schema: http.setWorkerRequest }) change: z.output<typeof http.setWorkerRequest>, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('ops.set-worker', { sessionHash: sessionHashOf(request), ...change });
  }

  @Get('activity')
  @Answers(200, 'The timeline of a login, or the story of one attempt, newest first', http.opsActivityPage)
  async activity(@Query({ schema: http.opsActivityQuery }) { correlationId, loginId, before }: z.output<typeof http.opsActivityQuery>, @Req() request: FastifyRequest) {
    const of = { correlationId: correlationId ?? null, loginId: loginId ?? null, before: before ?? null };
    return http.opsActivityPage.parse(await this.requester.request('ops.activity', { sessionHash: sessionHashOf(request), ...of }));
  }

  @Get('audit')
  @Answers(200, 'What operators did, newest first', http.auditPage)
  async audit(@Query({ schema: http.beforeQuery }) { before }: z.output<typeof http.beforeQuery>, @Req() request: FastifyRequest) {
    return http.auditPage.parse(await this.requester.request('ops.audit', { sessionHash: sessionHashOf(request), before: before ?? null }));
  }
}
