import { Refusal } from '@latchkey/contracts';
import { isBackingServiceAway } from '@latchkey/messaging';
import { All, Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionHashOf } from '../http/credentials.ts';
import { Answers, NeedsSession } from '../http/documented.ts';
import { SessionLookup, type SignedIn } from '../session/session-lookup.ts';
import { originalUrl } from './original-url.ts';
import { remoteHeaders } from './remote-headers.ts';
import { ReturnAddresses } from './return-addresses.ts';
import { SharedAnswers } from './shared-answers.ts';
import { TrustedPeers } from './trusted-peers.ts';

const route = 'v1/forward-auth';
const isAway = (error: unknown) => isBackingServiceAway(error) || (error instanceof Refusal && error.code === 'unavailable');

/** What other gateways ask for the apps behind them: who is it, and may they come in? */
@NeedsSession()
@Controller()
export class ForwardAuthController {
  private readonly sessions: SharedAnswers<SignedIn>;

  constructor(
    lookup: SessionLookup,
    private readonly addresses: ReturnAddresses,
    private readonly proxies: TrustedPeers,
  ) {
    this.sessions = new SharedAnswers((sessionHash) => lookup.of(sessionHash), isAway);
  }

  @Get(route)
  @Answers(204, 'Signed in, as the headers `Remote-User`, `Remote-Login-Id`, `Remote-Account-Id`, `Remote-Role` and `Remote-Assurance` say')
  @ApiResponse({ status: 303, description: 'Not signed in, and a browser: the login page, with the address to come back to as `rd`' })
  async check(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const signedIn = await this.signedIn(request);
    if (!signedIn) {
      const page = this.loginPage(request);
      if (!page) throw new Refusal('not_signed_in');
      return void reply.code(303).header('location', page).send();
    }
    if (signedIn.setupRequired) throw new Refusal('two_factor_setup_required');
    void reply.code(204).headers(remoteHeaders(signedIn)).send();
  }

  /** Envoy asks with the method and the path that it was asked for itself, behind ours. */
  @All(`${route}/*`)
  @ApiExcludeEndpoint()
  checkPath(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.check(request, reply);
  }

  private async signedIn(request: FastifyRequest): Promise<SignedIn | null> {
    try {
      return await this.sessions.ask(sessionHashOf(request));
    } catch (error) {
      if (error instanceof Refusal && error.code === 'not_signed_in') return null;
      throw error;
    }
  }

  private loginPage(request: FastifyRequest): string | null {
    if (!(request.headers.accept ?? '').includes('text/html') || !this.proxies.includes(request.socket.remoteAddress)) return null;
    const address = this.addresses.allowed(originalUrl(request, request.url.slice(route.length + 1)));
    return address && this.addresses.loginPage(address);
  }
}

/** Where the login page sends people on to in the end: the one place that knows which addresses are allowed. */
@Controller('v1/login')
export class ReturnController {
  constructor(private readonly addresses: ReturnAddresses) {}

  @Get('return')
  @ApiQuery({ name: 'rd', required: false, description: 'Where to; the start page if that is not on the list of return addresses' })
  @Answers(303, 'On to the address')
  back(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { rd } = request.query as { rd?: unknown };
    void reply.code(303).header('location', this.addresses.allowed(rd)?.href ?? '/').send();
  }
}
