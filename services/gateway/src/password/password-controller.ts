import { http } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { hashSecret, SealingKeys } from '@latchkey/platform';
import { Body, Controller, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { sessionHashOf } from '../http/credentials.ts';
import { clientAddress, localeOf } from '../http/describe-client.ts';
import { Answers, NeedsSession } from '../http/documented.ts';

@Controller('v1/password')
export class PasswordController {
  constructor(
    private readonly requester: Requester,
    private readonly keys: SealingKeys,
  ) {}

  @Post('forgot')
  @Answers(202, 'Where there is such a login, a link to choose a new password is on its way to its email address')
  async forgot(@Body({ schema: http.forgotPasswordRequest }) { loginName }: z.output<typeof http.forgotPasswordRequest>, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('password.forgot', { loginName, ip: clientAddress(request), locale: localeOf(request) });
  }

  @Post('reset')
  @Answers(204, 'The password is the new one; nobody is signed in by that')
  async reset(@Body({ schema: http.resetPasswordRequest }) body: z.output<typeof http.resetPasswordRequest>, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('password.reset', {
      tokenHash: hashSecret(body.token),
      sealedNewPassword: await this.keys.seal('password', body.newPassword),
      ip: clientAddress(request),
    });
  }

  @Post('change')
  @NeedsSession()
  @Answers(204, 'The password is the new one')
  async change(@Body({ schema: http.changePasswordRequest }) body: z.output<typeof http.changePasswordRequest>, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('password.change', {
      sessionHash: sessionHashOf(request),
      sealedPassword: await this.keys.seal('password', body.password),
      sealedNewPassword: await this.keys.seal('password', body.newPassword),
    });
  }
}
