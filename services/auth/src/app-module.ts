import { Messaging, MessagingModule, OutboxRelay } from '@latchkey/messaging';
import { type Clock, type Logger, type RedisClient, SealingKeys, systemClock } from '@latchkey/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { AccountController } from './accounts/account-controller.ts';
import { AccountLogins } from './accounts/account-logins.ts';
import { ActivityController } from './activity/activity-controller.ts';
import { ActivityStore } from './activity/activity-store.ts';
import { TellFacts } from './activity/facts.ts';
import { AttemptStore } from './attempts/attempt-store.ts';
import { BeginAttempt } from './attempts/begin-attempt.ts';
import { RequestCode } from './attempts/request-code.ts';
import type { AuthSettings } from './config.ts';
import { ManageDevices } from './devices/manage-devices.ts';
import { WarnOfCopiedDevice } from './devices/warn-of-copied-device.ts';
import { CLOCK, REDIS, SETTINGS } from './injected.ts';
import { JudgeCode } from './login/judge-code.ts';
import { LoginController } from './login/login-controller.ts';
import { ResetTwoFactor } from './login/reset-two-factor.ts';
import { SendCode } from './login/send-code.ts';
import { SignIn } from './login/sign-in.ts';
import { StartLogin } from './login/start-login.ts';
import { VerifyCode } from './login/verify-code.ts';
import { AddLogin } from './logins/add-login.ts';
import { ChangeLogin } from './logins/change-login.ts';
import { FindLogin } from './logins/find-login.ts';
import { NotMe } from './notices/not-me.ts';
import { InviteAgain } from './logins/invite-again.ts';
import { LimitInvitations } from './logins/limit-invitations.ts';
import { Notify } from './notices/notify.ts';
import { TellOnce } from './notices/tell-once.ts';
import { Audit } from './ops/audit.ts';
import { AuthMetrics } from './ops/metrics.ts';
import { OperateBroker } from './ops/operate-broker.ts';
import { OperateDelivery } from './ops/operate-delivery.ts';
import { OpsController } from './ops/ops-controller.ts';
import { AskPasswordAgain } from './passwords/ask-password-again.ts';
import { ChangePassword } from './passwords/change-password.ts';
import { ForgottenPassword } from './passwords/forgotten-password.ts';
import { LimitFailures } from './passwords/limit-failures.ts';
import { LimitForgotten } from './passwords/limit-forgotten.ts';
import { PasswordController } from './passwords/password-controller.ts';
import { Passwords } from './passwords/passwords.ts';
import { RehashPassword } from './passwords/rehash-password.ts';
import { StandInHashes } from './passwords/stand-in-hashes.ts';
import { StorePassword } from './passwords/store-password.ts';
import { ProviderAccounts } from './provider/provider-accounts.ts';
import { ProviderController } from './provider/provider-controller.ts';
import { ProviderLogins } from './provider/provider-logins.ts';
import { ProviderPolicies } from './provider/provider-policies.ts';
import { ProviderBrand } from './provider/provider-brand.ts';
import { ProviderPolicy } from './provider/provider-policy.ts';
import { TellStaff } from './provider/tell-staff.ts';
import { CreateSession } from './sessions/create-session.ts';
import { EndSessions } from './sessions/end-sessions.ts';
import { PresentSession } from './sessions/present-session.ts';
import { RequireSession } from './sessions/require-session.ts';
import { SessionController } from './sessions/session-controller.ts';
import { SessionStore } from './sessions/session-store.ts';
import { StepUp } from './sessions/step-up.ts';
import { AddMethod } from './two-factor/add-method.ts';
import { ConfirmMethod } from './two-factor/confirm-method.ts';
import { DisableTwoFactor } from './two-factor/disable-two-factor.ts';
import { ReadSettings } from './two-factor/read-settings.ts';
import { RecoveryCodes } from './two-factor/recovery-codes.ts';
import { RemoveMethod } from './two-factor/remove-method.ts';
import { TurnOff } from './two-factor/turn-off.ts';
import { TwoFactorController } from './two-factor/two-factor-controller.ts';

/** What the service runs on. */
export interface AuthParts {
  settings: AuthSettings;
  logger: Logger;
  messaging: Messaging;
  database: DataSource;
  redis: RedisClient;
  relay: OutboxRelay;
  registry: Registry;
  clock?: Clock;
}

@Module({})
export class AppModule {
  static for({ settings, messaging, database, redis, relay, registry, clock = systemClock }: AuthParts): DynamicModule {
    return {
      module: AppModule,
      imports: [MessagingModule.for(messaging)],
      controllers: [LoginController, SessionController, TwoFactorController, PasswordController, AccountController, ProviderController, ActivityController, OpsController],
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: CLOCK, useValue: clock },
        { provide: AuthMetrics, useValue: new AuthMetrics(registry) },
        { provide: DataSource, useValue: database },
        { provide: REDIS, useValue: redis },
        { provide: OutboxRelay, useValue: relay },
        { provide: SealingKeys, useValue: new SealingKeys(settings.LATCHKEY_SEALING_KEYS) },
        ...[FindLogin, ChangeLogin, AddLogin, InviteAgain, LimitInvitations, TellFacts, ActivityStore, Notify, TellOnce, NotMe],
        ...[Passwords, StandInHashes, RehashPassword, LimitFailures, AskPasswordAgain, StorePassword, ChangePassword, ForgottenPassword, LimitForgotten],
        ...[AttemptStore, BeginAttempt, RequestCode, StartLogin, SendCode, JudgeCode, VerifyCode, ResetTwoFactor, SignIn],
        ...[SessionStore, CreateSession, PresentSession, RequireSession, EndSessions, StepUp, ManageDevices, WarnOfCopiedDevice],
        ...[ReadSettings, AddMethod, ConfirmMethod, RemoveMethod, TurnOff, DisableTwoFactor, RecoveryCodes],
        ...[Audit, OperateBroker, OperateDelivery],
        ...[AccountLogins, TellStaff, ProviderBrand, ProviderPolicies, ProviderPolicy, ProviderAccounts, ProviderLogins],
      ],
    };
  }
}
