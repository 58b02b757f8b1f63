import type { Channel } from '@latchkey/contracts';
import { type Messaging, MessagingModule } from '@latchkey/messaging';
import { type Clock, type Logger, SealingKeys } from '@latchkey/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AcceptedMessages } from './deliver/accepted-messages.ts';
import { DeliverMessage } from './deliver/deliver-message.ts';
import { DeliveryController } from './deliver/delivery-controller.ts';
import { FailOver } from './deliver/fail-over.ts';
import { FollowUp } from './deliver/follow-up.ts';
import { Ledger } from './deliver/ledger.ts';
import type { DeliveryMetrics } from './deliver/metrics.ts';
import { Reports } from './deliver/reports.ts';
import { DeliveryControls } from './ops/controls.ts';
import { OpsController } from './ops/ops-controller.ts';
import type { ReceiptReader } from './providers/provider.ts';
import { EarlyReceipts } from './receipts/take-early-receipts.ts';
import { TakeReceipts } from './receipts/take-receipts.ts';
import { ProviderStates } from './routing/provider-states.ts';
import type { Routing } from './routing/routing.ts';

export interface DeliveryParts {
  channels: readonly Channel[];
  source: DataSource;
  messaging: Messaging;
  routing: Routing;
  readers: ReadonlyMap<string, ReceiptReader>;
  providerStates: ProviderStates;
  controls: DeliveryControls;
  metrics: DeliveryMetrics;
  keys: SealingKeys;
  clock: Clock;
  logger: Logger;
}

@Module({})
export class AppModule {
  static for(parts: DeliveryParts): DynamicModule {
    const { publisher } = parts.messaging;
    const common = { ...parts, publisher, ledger: new Ledger(parts.source), messages: new AcceptedMessages(parts.source), reports: new Reports(publisher) };
    const failOver = new FailOver(common);
    const receipts = new TakeReceipts({ ...common, failOver, early: new EarlyReceipts(parts.source) });
    return {
      module: AppModule,
      imports: [MessagingModule.for(parts.messaging)],
      controllers: [DeliveryController, OpsController],
      providers: [
        { provide: Ledger, useValue: common.ledger },
        { provide: AcceptedMessages, useValue: common.messages },
        { provide: DeliverMessage, useValue: new DeliverMessage(common) },
        { provide: TakeReceipts, useValue: receipts },
        { provide: FollowUp, useValue: new FollowUp({ ...common, receipts, failOver }) },
        { provide: ProviderStates, useValue: parts.providerStates },
        { provide: DeliveryControls, useValue: parts.controls },
        { provide: DataSource, useValue: parts.source },
        { provide: SealingKeys, useValue: parts.keys },
      ],
    };
  }
}
