import { http } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { Body, Controller, Get, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { sessionHashOf } from '../http/credentials.ts';
import { Answers, NeedsSession } from '../http/documented.ts';

type Ids = z.output<typeof http.deviceIds>;

@NeedsSession()
@Controller('v1/devices')
export class DevicesController {
  constructor(private readonly requester: Requester) {}

  @Get()
  @Answers(200, 'Recognized devices, newest use first', http.deviceList)
  async list(@Req() request: FastifyRequest) {
    return http.deviceList.parse(await this.requester.request('session.devices', { sessionHash: sessionHashOf(request) }));
  }

  @Post('trust')
  @Answers(200, 'The devices are trusted', http.deviceList)
  async trust(@Body({ schema: http.deviceIds }) { deviceIds }: Ids, @Req() request: FastifyRequest) {
    return http.deviceList.parse(await this.requester.request('session.trust-devices', { sessionHash: sessionHashOf(request), deviceIds }));
  }

  @Post('forget')
  @Answers(200, 'The devices are not trusted any more', http.deviceList)
  async forget(@Body({ schema: http.deviceIds }) { deviceIds }: Ids, @Req() request: FastifyRequest) {
    return http.deviceList.parse(await this.requester.request('session.forget-devices', { sessionHash: sessionHashOf(request), deviceIds }));
  }
}
