import { type Messaging, MessagingModule } from '@latchkey/messaging';
import { SealingKeys } from '@latchkey/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountController } from './account/account-controller.ts';
import { ActivityController } from './activity/activity-controller.ts';
import type { GatewaySettings } from './config.ts';
import { DevicesController } from './devices/devices-controller.ts';
import { forwardAuthControllers, forwardAuthProviders } from './forward-auth/forward-auth.ts';
import { DeliveryEventsController } from './login/delivery-events-controller.ts';
import { DeliveryHub } from './login/delivery-hub.ts';
import { LoginController } from './login/login-controller.ts';
import { OpsController } from './ops/ops-controller.ts';
import { LinksController } from './password/links-controller.ts';
import { PasswordController } from './password/password-controller.ts';
import { CustomersController } from './provider/customers-controller.ts';
import { ProviderController } from './provider/provider-controller.ts';
import { SessionController } from './session/session-controller.ts';
import { SessionLookup } from './session/session-lookup.ts';
import { TwoFactorController } from './two-factor/two-factor-controller.ts';

@Module({})
export class AppModule {
  static for({ messaging, keys, settings, isListening }: { messaging: Messaging; keys: SealingKeys; settings: GatewaySettings; isListening: () => boolean }): DynamicModule {
    return {
      module: AppModule,
      imports: [MessagingModule.for(messaging)],
      controllers: [
        LoginController,
        DeliveryEventsController,
        PasswordController,
        LinksController,
        SessionController,
        ActivityController,
        DevicesController,
        TwoFactorController,
        AccountController,
        ProviderController,
        CustomersController,
        OpsController,
        ...forwardAuthControllers,
      ],
      providers: [SessionLookup, { provide: SealingKeys, useValue: keys }, { provide: DeliveryHub, useFactory: () => new DeliveryHub(messaging.connection, isListening) }, ...forwardAuthProviders(settings)],
    };
  }
}
