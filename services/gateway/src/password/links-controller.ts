import { http } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { hashSecret, SealingKeys } from '@latchkey/platform';
import { Body, Controller, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { clientAddress } from '../http/describe-client.ts';
import { Answers } from '../http/documented.ts';

/** What the links in emails lead to. Opening one changes nothing, for mail scanners open them too: the page posts. */
@Controller('v1')
export class LinksController {
  constructor(
    private readonly requester: Requester,
    private readonly keys: SealingKeys,
  ) {}

  @Post('invitations/accept')
  @Answers(204, 'The login has its password, and can sign in')
  async acceptInvitation(@Body({ schema: http.acceptInvitationRequest }) body: z.output<typeof http.acceptInvitationRequest>, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('invitation.accept', {
      tokenHash: hashSecret(body.token),
      sealedPassword: await this.keys.seal('password', body.password),
      ip: clientAddress(request),
    });
  }

  @Post('not-me')
  @Answers(204, 'The login is secured: signed out everywhere, trust withdrawn, a new password has to be chosen')
  async notMe(@Body({ schema: http.notMeRequest }) { token }: z.output<typeof http.notMeRequest>, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('notice.not-me', { tokenHash: hashSecret(token), ip: clientAddress(request) });
  }
}
