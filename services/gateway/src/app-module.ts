import { type Messaging, MessagingModule } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { DevicesController } from './devices/devices-controller.ts';
import { DeliveryEventsController } from './login/delivery-events-controller.ts';
import { DeliveryHub } from './login/delivery-hub.ts';
import { LoginController } from './login/login-controller.ts';
import { SessionController } from './session/session-controller.ts';
import { TwoFactorController } from './two-factor/two-factor-controller.ts';

@Module({})
export class AppModule {
  static for({ messaging, keys, isListening }: { messaging: Messaging; keys: SealingKeys; isListening: () => boolean }): DynamicModule {
    return {
      module: AppModule,
      imports: [MessagingModule.for(messaging)],
      controllers: [LoginController, DeliveryEventsController, SessionController, DevicesController, TwoFactorController],
      providers: [{ provide: SealingKeys, useValue: keys }, { provide: DeliveryHub, useFactory: () => new DeliveryHub(messaging.connection, isListening) }],
    };
  }
}
