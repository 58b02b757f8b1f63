import { randomUUIDv7 } from 'node:crypto';
import { http } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { crashPoint, hashSecret, newSecret, SealingKeys } from '@latchkey/platform';
import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { freshSecrets, handOver } from '../http/credentials.ts';
import { clientAddress, describeDevice, localeOf } from '../http/describe-client.ts';
import { Answers, TakesDeviceToken } from '../http/documented.ts';

/** The gateway keeps nothing: the attempt itself says which kind of client it belongs to. */
const clientOf = (attempt: string) => (attempt.startsWith('a') ? 'app' : 'web');

@Controller('v1/login')
export class LoginController {
  constructor(
    private readonly requester: Requester,
    private readonly keys: SealingKeys,
  ) {}

  @Post()
  @TakesDeviceToken()
  @Answers(200, 'Signed in, or a code is required', http.loginAnswer)
  async login(@Body({ schema: http.loginRequest }) body: z.output<typeof http.loginRequest>, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const secrets = freshSecrets();
    const attempt = `${body.client[0] ?? 'w'}${newSecret()}`;
    const attemptId = randomUUIDv7();
    crashPoint('gateway.request-taken');
    const answer = await this.requester.request(
      'login.start',
      {
        loginName: body.loginName,
        sealedPassword: await this.keys.seal('password', body.password),
        device: describeDevice(request, body.client, secrets.device, body.deviceName),
        attemptId,
        attemptHash: hashSecret(attempt),
        sessionHash: hashSecret(secrets.session),
        locale: localeOf(request),
      },
      { correlationId: attemptId },
    );
    crashPoint('gateway.answer-received');
    if (answer.status === 'code_required') return http.loginAnswer.parse({ ...answer, attempt });
    return http.loginAnswer.parse({
      status: 'signed_in',
      session: handOver(request, reply, body.client, answer.session, secrets, answer.browserId ?? secrets.device.browserId),
    });
  }

  @Post('brand')
  @Answers(200, "How the service provider of the attempt's login presents itself", http.brand)
  async brand(@Body({ schema: http.brandRequest }) { attempt }: z.output<typeof http.brandRequest>) {
    return http.brand.parse(await this.requester.request('login.brand', { attemptHash: hashSecret(attempt) }));
  }

  @Post('send-code')
  @Answers(202, 'The code is on its way', http.sendCodeAnswer)
  async sendCode(@Body({ schema: http.sendCodeRequest }) body: z.output<typeof http.sendCodeRequest>, @Req() request: FastifyRequest) {
    const answer = await this.requester.request('login.send-code', { attemptHash: hashSecret(body.attempt), methodId: body.methodId, ip: clientAddress(request) });
    return http.sendCodeAnswer.parse(answer);
  }

  @Post('verify-code')
  @TakesDeviceToken()
  @Answers(200, 'The code was right', http.verifyCodeAnswer)
  async verifyCode(@Body({ schema: http.verifyCodeRequest }) body: z.output<typeof http.verifyCodeRequest>, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const client = clientOf(body.attempt);
    const secrets = freshSecrets();
    const answer = await this.requester.request('login.verify-code', {
      attemptHash: hashSecret(body.attempt),
      methodId: body.methodId,
      sealedCode: await this.keys.seal('typed-code', body.code),
      sessionHash: hashSecret(secrets.session),
      device: describeDevice(request, client, secrets.device),
    });
    const session = answer.browserId === null ? answer.session : handOver(request, reply, client, answer.session, secrets, answer.browserId);
    return http.verifyCodeAnswer.parse({ status: 'signed_in', session, askToTrust: answer.askToTrust });
  }

  @Post('reset-two-factor')
  @Answers(202, 'A code is on its way to the email address of the login', http.resetTwoFactorAnswer)
  async resetTwoFactor(@Body({ schema: http.resetTwoFactorRequest }) { attempt }: z.output<typeof http.resetTwoFactorRequest>, @Req() request: FastifyRequest) {
    return http.resetTwoFactorAnswer.parse(await this.requester.request('login.reset-two-factor', { attemptHash: hashSecret(attempt), ip: clientAddress(request) }));
  }

  @Post('reset-two-factor/confirm')
  @TakesDeviceToken()
  @Answers(200, 'The code was right: two-factor is off, every other session is ended', http.signedIn)
  async confirmReset(@Body({ schema: http.confirmResetRequest }) body: z.output<typeof http.confirmResetRequest>, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const client = clientOf(body.attempt);
    const secrets = freshSecrets();
    const answer = await this.requester.request('login.confirm-reset', {
      attemptHash: hashSecret(body.attempt),
      sealedCode: await this.keys.seal('typed-code', body.code),
      sessionHash: hashSecret(secrets.session),
      device: describeDevice(request, client, secrets.device),
    });
    return http.signedIn.parse({ status: 'signed_in', session: handOver(request, reply, client, answer.session, secrets, answer.browserId) });
  }
}
