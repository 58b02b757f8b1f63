import type { RequestPayload, RequestReply } from '@latchkey/contracts';
import { HandleRequest } from '@latchkey/messaging';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DeliveryControls } from './controls.ts';
import { searchLedger } from './search-ledger.ts';

/** What auth asks for an operator. */
@Controller()
export class OpsController {
  constructor(
    private readonly controls: DeliveryControls,
    private readonly source: DataSource,
  ) {}

  @HandleRequest('delivery.search')
  async search(filter: RequestPayload<'delivery.search'>): Promise<RequestReply<'delivery.search'>> {
    return searchLedger(this.source, filter);
  }

  @HandleRequest('delivery.workers')
  async workers(): Promise<RequestReply<'delivery.workers'>> {
    return { workers: await this.controls.workers() };
  }

  @HandleRequest('delivery.controls')
  async read(): Promise<RequestReply<'delivery.controls'>> {
    return this.controls.read();
  }

  @HandleRequest('delivery.set-provider')
  async setProvider(payload: RequestPayload<'delivery.set-provider'>): Promise<RequestReply<'delivery.set-provider'>> {
    return this.controls.setProvider(payload);
  }

  @HandleRequest('delivery.set-channel')
  async setChannel(payload: RequestPayload<'delivery.set-channel'>): Promise<RequestReply<'delivery.set-channel'>> {
    return this.controls.setChannel(payload);
  }

  @HandleRequest('delivery.set-worker')
  async setWorker(payload: RequestPayload<'delivery.set-worker'>): Promise<RequestReply<'delivery.set-worker'>> {
    await this.controls.setWorker(payload);
    return {};
  }
}
