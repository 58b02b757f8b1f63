import type { FailureCode } from '@latchkey/client';
import type { Assurance, MethodKind } from '@latchkey/contracts';

/** What a sentence about a failure may mention. */
export interface FailureFacts {
  attemptsLeft: number | undefined;
  /** Already in words, for example "5 minutes". */
  retryAfter: string | undefined;
}

/** Sentences for some of the failures. */
export type FailureTexts = Partial<Record<FailureCode, string | ((facts: FailureFacts) => string)>>;

/** What a line of the timeline may mention; what is not known is not there. */
export interface ActivityFacts {
  method: string | undefined;
  methodKind: MethodKind | undefined;
  channel: 'sms' | 'email' | undefined;
  assurance: Assurance | undefined;
  newDevice: boolean;
  attemptsLeft: number | undefined;
  reason: string | undefined;
  device: string | undefined;
}
