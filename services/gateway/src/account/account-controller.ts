import { http } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { Body, Controller, Delete, Get, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { sessionHashOf } from '../http/credentials.ts';
import { localeOf } from '../http/describe-client.ts';
import { Answers, NeedsSession } from '../http/documented.ts';
import { idInPath } from '../session/session-controller.ts';

/** For the owner of an account: its logins. */
@NeedsSession()
@Controller('v1/account/logins')
export class AccountController {
  constructor(
    private readonly requester: Requester,
    private readonly keys: SealingKeys,
  ) {}

  @Get()
  @Answers(200, 'All logins of the account', http.accountLoginList)
  async list(@Req() request: FastifyRequest) {
    return http.accountLoginList.parse(await this.requester.request('account.logins', { sessionHash: sessionHashOf(request) }));
  }

  @Post()
  @Answers(201, 'The login is added, or was and waits for its first password; an invitation to choose it is on its way by email', http.accountLogin)
  async add(@Body({ schema: http.addLoginRequest }) { loginName, emailAddress }: z.output<typeof http.addLoginRequest>, @Req() request: FastifyRequest) {
    const answer = await this.requester.request('account.add-login', {
      sessionHash: sessionHashOf(request),
      loginName,
      sealedEmailAddress: await this.keys.seal('destination', emailAddress),
      locale: localeOf(request),
    });
    return http.accountLogin.parse(answer);
  }

  @Post(':id/invitation')
  @Answers(202, 'A new invitation is on its way by email, and the earlier link works no more; 409 `invitation_accepted` once there is a password')
  async inviteAgain(@Param('id') loginId: string, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('account.invite-again', { sessionHash: sessionHashOf(request), loginId: idInPath(loginId) });
  }

  @Delete(':id')
  @Answers(204, 'The login is removed, and signed out everywhere')
  async remove(@Param('id') loginId: string, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('account.remove-login', { sessionHash: sessionHashOf(request), loginId: idInPath(loginId) });
  }
}
