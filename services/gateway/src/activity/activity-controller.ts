import { http } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { Controller, Get, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { sessionHashOf } from '../http/credentials.ts';
import { Answers, NeedsSession } from '../http/documented.ts';

@NeedsSession()
@Controller('v1/activity')
export class ActivityController {
  constructor(private readonly requester: Requester) {}

  @Get()
  @Answers(200, 'What happened to the login at hand, newest first', http.activityPage)
  async list(@Query({ schema: http.beforeQuery }) { before }: z.output<typeof http.beforeQuery>, @Req() request: FastifyRequest) {
    return http.activityPage.parse(await this.requester.request('session.activity', { sessionHash: sessionHashOf(request), before: before ?? null }));
  }
}
