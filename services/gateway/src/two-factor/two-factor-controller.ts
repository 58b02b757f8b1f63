import { http } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { Body, Controller, Delete, Get, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { forgetSession, sessionHashOf } from '../http/credentials.ts';
import { clientAddress, localeOf } from '../http/describe-client.ts';
import { Answers, NeedsSession } from '../http/documented.ts';
import { idInPath } from '../session/session-controller.ts';

type PasswordBody = z.output<typeof http.passwordRequest>;

@NeedsSession()
@Controller('v1/two-factor')
export class TwoFactorController {
  constructor(
    private readonly requester: Requester,
    private readonly keys: SealingKeys,
  ) {}

  @Get()
  @Answers(200, 'Two-factor of the login at hand', http.twoFactorSettings)
  async get(@Req() request: FastifyRequest) {
    return http.twoFactorSettings.parse(await this.requester.request('two-factor.get', { sessionHash: sessionHashOf(request) }));
  }

  @Post('methods')
  @Answers(201, 'The method counts once a code from it is confirmed', http.addMethodAnswer)
  async add(@Body({ schema: http.addMethodRequest }) body: z.output<typeof http.addMethodRequest>, @Req() request: FastifyRequest) {
    const sessionHash = sessionHashOf(request);
    const destination = body.kind === 'sms' ? body.phoneNumber : body.kind === 'email' ? body.emailAddress : null;
    const { sealedSecret, sealedOtpauthUri, ...answer } = await this.requester.request('two-factor.add-method', {
      sessionHash,
      sealedPassword: await this.keys.seal('password', body.password),
      kind: body.kind,
      sealedDestination: destination === null ? null : await this.keys.seal('destination', destination),
      ip: clientAddress(request),
      locale: localeOf(request),
    });
    return http.addMethodAnswer.parse({
      ...answer,
      ...(sealedSecret ? { secret: await this.keys.open('authenticator-secret', sealedSecret) } : {}),
      ...(sealedOtpauthUri ? { otpauthUri: await this.keys.open('otpauth-uri', sealedOtpauthUri) } : {}),
    });
  }

  @Post('methods/:id/confirm')
  @Answers(200, 'Two-factor is on; every session is ended', http.confirmMethodAnswer)
  async confirm(
    @Param('id') methodId: string,
    @Body({ schema: http.confirmMethodRequest }) { code }: z.output<typeof http.confirmMethodRequest>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { sealedRecoveryCodes, ...answer } = await this.requester.request('two-factor.confirm-method', {
      sessionHash: sessionHashOf(request),
      methodId: idInPath(methodId),
      sealedCode: await this.keys.seal('typed-code', code),
    });
    forgetSession(request, reply);
    return http.confirmMethodAnswer.parse({ ...answer, ...(sealedRecoveryCodes ? { recoveryCodes: await this.openRecoveryCodes(sealedRecoveryCodes) } : {}) });
  }

  @Put('default-method')
  @Answers(204, 'Codes go by this method first')
  async setDefault(@Body({ schema: http.defaultMethodRequest }) { methodId }: z.output<typeof http.defaultMethodRequest>, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('two-factor.set-default', { sessionHash: sessionHashOf(request), methodId });
  }

  @Delete('methods/:id')
  @Answers(204, 'The method is removed; removing the last one turns two-factor off')
  async remove(@Param('id') methodId: string, @Body({ schema: http.passwordRequest }) { password }: PasswordBody, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('two-factor.remove-method', {
      sessionHash: sessionHashOf(request),
      methodId: idInPath(methodId),
      sealedPassword: await this.keys.seal('password', password),
    });
  }

  @Post('disable')
  @Answers(204, 'Two-factor is off')
  async disable(@Body({ schema: http.passwordRequest }) { password }: PasswordBody, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('two-factor.disable', { sessionHash: sessionHashOf(request), sealedPassword: await this.keys.seal('password', password) });
  }

  @Post('reset')
  @Answers(204, 'Two-factor is off, and has to be set up anew where the provider requires it')
  async reset(@Body({ schema: http.passwordRequest }) { password }: PasswordBody, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('two-factor.reset', { sessionHash: sessionHashOf(request), sealedPassword: await this.keys.seal('password', password) });
  }

  @Post('recovery-codes')
  @Answers(200, 'New recovery codes, shown this once; the old ones stop working', http.recoveryCodesAnswer)
  async makeRecoveryCodes(@Body({ schema: http.passwordRequest }) { password }: PasswordBody, @Req() request: FastifyRequest) {
    const { sealedRecoveryCodes } = await this.requester.request('two-factor.make-recovery-codes', {
      sessionHash: sessionHashOf(request),
      sealedPassword: await this.keys.seal('password', password),
    });
    return http.recoveryCodesAnswer.parse({ recoveryCodes: await this.openRecoveryCodes(sealedRecoveryCodes) });
  }

  private async openRecoveryCodes(sealedRecoveryCodes: string): Promise<unknown> {
    return JSON.parse(await this.keys.open('recovery-codes', sealedRecoveryCodes));
  }
}
