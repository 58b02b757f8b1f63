import { http } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { sessionHashOf } from '../http/credentials.ts';
import { Answers, NeedsSession } from '../http/documented.ts';
import { idInPath } from '../session/session-controller.ts';

/** For the staff of a service provider: the logins of its own customers; all others are not there. */
@NeedsSession()
@Controller('v1/provider/logins')
export class CustomersController {
  constructor(private readonly requester: Requester) {}

  @Get()
  @Answers(200, 'Logins of the own customers', http.providerLoginList)
  async search(@Query({ schema: http.searchQuery }) { query, cursor }: z.output<typeof http.searchQuery>, @Req() request: FastifyRequest) {
    return http.providerLoginList.parse(await this.requester.request('provider.logins', { sessionHash: sessionHashOf(request), query, cursor: cursor ?? null }));
  }

  @Get(':id')
  @Answers(200, 'The login; its destinations are masked', http.providerLogin)
  async get(@Param('id') loginId: string, @Req() request: FastifyRequest) {
    return http.providerLogin.parse(await this.requester.request('provider.login', { sessionHash: sessionHashOf(request), loginId: idInPath(loginId) }));
  }

  @Get(':id/activity')
  @Answers(200, 'What happened to the login, newest first', http.activityPage)
  async activity(@Param('id') loginId: string, @Query({ schema: http.beforeQuery }) { before }: z.output<typeof http.beforeQuery>, @Req() request: FastifyRequest) {
    return http.activityPage.parse(await this.requester.request('provider.login-activity', { sessionHash: sessionHashOf(request), loginId: idInPath(loginId), before: before ?? null }));
  }

  @Post(':id/invitation')
  @Answers(202, 'A new invitation is on its way by email, and the earlier link works no more; 409 `invitation_accepted` once there is a password')
  async inviteAgain(@Param('id') loginId: string, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('provider.invite-again', { sessionHash: sessionHashOf(request), loginId: idInPath(loginId) });
  }

  @Post(':id/disable-two-factor')
  @Answers(204, 'Two-factor of the login is off; it is told, with the reason')
  async disableTwoFactor(@Param('id') loginId: string, @Body({ schema: http.disableForCustomerRequest }) { reason }: z.output<typeof http.disableForCustomerRequest>, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('provider.disable-two-factor', { sessionHash: sessionHashOf(request), loginId: idInPath(loginId), reason });
  }
}
