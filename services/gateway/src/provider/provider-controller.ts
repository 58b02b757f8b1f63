import { http } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { Body, Controller, Get, Post, Put, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { sessionHashOf } from '../http/credentials.ts';
import { localeOf } from '../http/describe-client.ts';
import { Answers, NeedsSession } from '../http/documented.ts';

/** For the staff of a service provider: its accounts, and what it asks of its customers. */
@NeedsSession()
@Controller('v1/provider')
export class ProviderController {
  constructor(
    private readonly requester: Requester,
    private readonly keys: SealingKeys,
  ) {}

  @Get('accounts')
  @Answers(200, 'Accounts of the own customers', http.providerAccountList)
  async accounts(@Query({ schema: http.cursorQuery }) { cursor }: z.output<typeof http.cursorQuery>, @Req() request: FastifyRequest) {
    return http.providerAccountList.parse(await this.requester.request('provider.accounts', { sessionHash: sessionHashOf(request), cursor: cursor ?? null }));
  }

  @Post('accounts')
  @Answers(201, 'The account is added, or was and its owner waits for a first password; the owner is invited by email', http.providerAccount)
  async addAccount(@Body({ schema: http.addAccountRequest }) { name, owner }: z.output<typeof http.addAccountRequest>, @Req() request: FastifyRequest) {
    const answer = await this.requester.request('provider.add-account', {
      sessionHash: sessionHashOf(request),
      name,
      owner: { loginName: owner.loginName, sealedEmailAddress: await this.keys.seal('destination', owner.emailAddress) },
      locale: localeOf(request),
    });
    return http.providerAccount.parse(answer);
  }

  @Get('brand')
  @Answers(200, 'How the provider presents itself to its customers', http.providerBrand)
  async brand(@Req() request: FastifyRequest) {
    return http.providerBrand.parse(await this.requester.request('provider.brand', { sessionHash: sessionHashOf(request) }));
  }

  @Put('brand')
  @Answers(200, 'The brand as it is now', http.providerBrand)
  async setBrand(@Body({ schema: http.providerBrand }) brand: z.output<typeof http.providerBrand>, @Req() request: FastifyRequest) {
    return http.providerBrand.parse(await this.requester.request('provider.set-brand', { sessionHash: sessionHashOf(request), brand }));
  }

  @Get('policy')
  @Answers(200, 'What the provider asks of its customers, and where they reach it', http.providerPolicy)
  async policy(@Req() request: FastifyRequest) {
    return http.providerPolicy.parse(await this.requester.request('provider.policy', { sessionHash: sessionHashOf(request) }));
  }

  @Put('policy')
  @Answers(200, 'The policy as it is now', http.providerPolicy)
  async setPolicy(@Body({ schema: http.providerPolicy }) policy: z.output<typeof http.providerPolicy>, @Req() request: FastifyRequest) {
    return http.providerPolicy.parse(await this.requester.request('provider.set-policy', { sessionHash: sessionHashOf(request), policy }));
  }
}
