import { type Messaging, MessagingModule } from '@latchkey/messaging';
import type { Clock, Logger, RedisClient, SealingKeys } from '@latchkey/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { Authenticators } from './authenticators/authenticators.ts';
import type { CodeLimits } from './codes/code-limits.ts';
import { CodesController } from './codes/codes-controller.ts';
import { IssueCode } from './codes/issue-code.ts';
import { PrefixAlarm } from './codes/prefix-alarm.ts';
import { SendLimits } from './codes/send-limits.ts';
import { VerifyCode } from './codes/verify-code.ts';
import { CodeMetrics } from './ops/metrics.ts';
import { RecoveryCodes } from './recovery-codes/recovery-codes.ts';

export interface CodeIssuanceParts {
  source: DataSource;
  redis: RedisClient;
  messaging: Messaging;
  keys: SealingKeys;
  clock: Clock;
  limits: CodeLimits;
  countries: readonly string[];
  codeWhenSentAgain: 'same' | 'new';
  logger: Logger;
  registry: Registry;
}

@Module({})
export class AppModule {
  static for({ source, messaging, ...parts }: CodeIssuanceParts): DynamicModule {
    const authenticators = new Authenticators(source, parts.keys, parts.clock);
    const recoveryCodes = new RecoveryCodes(source, parts.keys, parts.clock);
    const metrics = new CodeMetrics(parts.registry);
    const sendLimits = new SendLimits({ ...parts, metrics, alarm: new PrefixAlarm(parts.logger, parts.registry) });
    return {
      module: AppModule,
      imports: [MessagingModule.for(messaging)],
      controllers: [CodesController],
      providers: [
        { provide: CodeMetrics, useValue: metrics },
        { provide: Authenticators, useValue: authenticators },
        { provide: RecoveryCodes, useValue: recoveryCodes },
        { provide: IssueCode, useValue: new IssueCode({ ...parts, metrics, sendLimits, publisher: messaging.publisher }) },
        { provide: VerifyCode, useValue: new VerifyCode({ ...parts, authenticators, recoveryCodes, sendLimits, publisher: messaging.publisher }) },
      ],
    };
  }
}
