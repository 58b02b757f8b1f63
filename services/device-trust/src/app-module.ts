import { type Messaging, MessagingModule, type OutboxRelay } from '@latchkey/messaging';
import { type Clock, systemClock } from '@latchkey/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DevicesController } from './devices/devices-controller.ts';
import { EnterDevice } from './devices/enter-device.ts';
import { TidyDevices } from './devices/tidy-devices.ts';
import { TrustDevices } from './devices/trust-devices.ts';

@Module({})
export class AppModule {
  static for(options: { source: DataSource; messaging: Messaging; relay: OutboxRelay; trustDays: number; clock?: Clock }): DynamicModule {
    const { source, relay, trustDays, clock = systemClock } = options;
    return {
      module: AppModule,
      imports: [MessagingModule.for(options.messaging)],
      controllers: [DevicesController],
      providers: [
        { provide: EnterDevice, useValue: new EnterDevice(source, clock, trustDays, relay) },
        { provide: TrustDevices, useValue: new TrustDevices(source, clock, trustDays, relay) },
        { provide: TidyDevices, useValue: new TidyDevices(source) },
      ],
    };
  }
}
