import type { Channel } from '@latchkey/contracts';
import { type Messaging, MessagingModule } from '@latchkey/messaging';
import type { Clock, Logger, SealingKeys } from '@latchkey/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DeliverCode } from './deliver/deliver-code.ts';
import { DeliveryController } from './deliver/delivery-controller.ts';
import { Ledger } from './deliver/ledger.ts';
import type { Provider } from './providers/provider.ts';

@Module({})
export class AppModule {
  static for(parts: { source: DataSource; messaging: Messaging; providers: Record<Channel, Provider>; keys: SealingKeys; clock: Clock; logger: Logger }): DynamicModule {
    const ledger = new Ledger(parts.source);
    return {
      module: AppModule,
      imports: [MessagingModule.for(parts.messaging)],
      controllers: [DeliveryController],
      providers: [
        { provide: Ledger, useValue: ledger },
        { provide: DeliverCode, useValue: new DeliverCode({ ...parts, ledger, publisher: parts.messaging.publisher }) },
      ],
    };
  }
}
