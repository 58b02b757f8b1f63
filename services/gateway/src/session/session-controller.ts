import { randomUUIDv7 } from 'node:crypto';
import { http, Refusal } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { hashSecret, newSecret } from '@latchkey/platform';
import { Controller, Delete, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { forgetSession, sessionHashOf } from '../http/credentials.ts';
import { clientAddress, localeOf } from '../http/describe-client.ts';
import { Answers, NeedsSession } from '../http/documented.ts';
import { SessionLookup } from './session-lookup.ts';

/** Ids in paths that are no ids belong to nothing. */
export function idInPath(text: string): string {
  if (!z.uuid().safeParse(text).success) throw new Refusal('not_found');
  return text;
}

@NeedsSession()
@Controller('v1')
export class SessionController {
  constructor(
    private readonly requester: Requester,
    private readonly lookup: SessionLookup,
  ) {}

  @Get('session')
  @Answers(200, 'The session at hand', http.session)
  async get(@Req() request: FastifyRequest) {
    const { accountId: _, ...session } = await this.lookup.of(sessionHashOf(request));
    return session;
  }

  @Get('brand')
  @Answers(200, 'How the service provider of the login presents itself', http.brand)
  async brand(@Req() request: FastifyRequest) {
    return http.brand.parse(await this.requester.request('session.brand', { sessionHash: sessionHashOf(request) }));
  }

  @Get('sessions')
  @Answers(200, 'All sessions of the login', http.sessionList)
  async list(@Req() request: FastifyRequest) {
    return http.sessionList.parse(await this.requester.request('session.list', { sessionHash: sessionHashOf(request) }));
  }

  @Delete('sessions/:id')
  @Answers(204, 'The session is ended')
  async end(@Param('id') sessionId: string, @Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('session.end', { sessionHash: sessionHashOf(request), sessionId: idInPath(sessionId) });
  }

  @Post('sessions/end-others')
  @Answers(204, 'All other sessions are ended')
  async endOthers(@Req() request: FastifyRequest): Promise<void> {
    await this.requester.request('session.end-others', { sessionHash: sessionHashOf(request) });
  }

  @Post('session/step-up')
  @Answers(200, 'A code for the session at hand is on its way', http.stepUpAnswer)
  async stepUp(@Req() request: FastifyRequest) {
    const client = request.headers.authorization ? 'a' : 'w';
    const attempt = `${client}${newSecret()}`;
    const attemptId = randomUUIDv7();
    const answer = await this.requester.request(
      'session.step-up',
      { sessionHash: sessionHashOf(request), attemptId, attemptHash: hashSecret(attempt), ip: clientAddress(request), locale: localeOf(request) },
      { correlationId: attemptId },
    );
    return http.stepUpAnswer.parse({ ...answer, attempt });
  }

  @Post('logout')
  @Answers(204, 'Signed out')
  async logout(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    try {
      await this.requester.request('session.logout', { sessionHash: sessionHashOf(request) });
    } catch (error) {
      // Signed out twice is signed out, and so is who comes without a session.
      if (!(error instanceof Refusal && error.code === 'not_signed_in')) throw error;
    }
    forgetSession(request, reply);
  }
}
