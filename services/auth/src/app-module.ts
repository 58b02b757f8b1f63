import { Messaging, MessagingModule, OutboxRelay } from '@latchkey/messaging';
import { type Clock, type Logger, SealingKeys, systemClock } from '@latchkey/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { AttemptStore } from './attempts/attempt-store.ts';
import { BeginAttempt } from './attempts/begin-attempt.ts';
import { RequestCode } from './attempts/request-code.ts';
import type { AuthSettings } from './config.ts';
import { ManageDevices } from './devices/manage-devices.ts';
import { CLOCK, SETTINGS } from './injected.ts';
import { LoginController } from './login/login-controller.ts';
import { SendCode } from './login/send-code.ts';
import { StartLogin } from './login/start-login.ts';
import { VerifyCode } from './login/verify-code.ts';
import { FindLogin } from './logins/find-login.ts';
import { AskPasswordAgain } from './passwords/ask-password-again.ts';
import { LimitFailures } from './passwords/limit-failures.ts';
import { Passwords } from './passwords/passwords.ts';
import { CreateSession } from './sessions/create-session.ts';
import { EndSessions } from './sessions/end-sessions.ts';
import { RequireSession } from './sessions/require-session.ts';
import { SessionController } from './sessions/session-controller.ts';
import { SessionStore } from './sessions/session-store.ts';
import { StepUp } from './sessions/step-up.ts';
import { AddMethod } from './two-factor/add-method.ts';
import { ChangeLogin } from './two-factor/change-login.ts';
import { ConfirmMethod } from './two-factor/confirm-method.ts';
import { DisableTwoFactor } from './two-factor/disable-two-factor.ts';
import { ReadSettings } from './two-factor/read-settings.ts';
import { RemoveMethod } from './two-factor/remove-method.ts';
import { TwoFactorController } from './two-factor/two-factor-controller.ts';

/** What the service runs on. */
export interface AuthParts {
  settings: AuthSettings;
  logger: Logger;
  messaging: Messaging;
  database: DataSource;
  redis: Redis;
  relay: OutboxRelay;
  clock?: Clock;
}

@Module({})
export class AppModule {
  static for({ settings, messaging, database, redis, relay, clock = systemClock }: AuthParts): DynamicModule {
    return {
      module: AppModule,
      imports: [MessagingModule.for(messaging)],
      controllers: [LoginController, SessionController, TwoFactorController],
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: CLOCK, useValue: clock },
        { provide: DataSource, useValue: database },
        { provide: Redis, useValue: redis },
        { provide: OutboxRelay, useValue: relay },
        { provide: SealingKeys, useValue: new SealingKeys(settings.LATCHKEY_SEALING_KEYS) },
        ...[FindLogin, Passwords, LimitFailures, AskPasswordAgain],
        ...[AttemptStore, BeginAttempt, RequestCode, StartLogin, SendCode, VerifyCode],
        ...[SessionStore, CreateSession, RequireSession, EndSessions, StepUp, ManageDevices],
        ...[ChangeLogin, ReadSettings, AddMethod, ConfirmMethod, RemoveMethod, DisableTwoFactor],
      ],
    };
  }
}
