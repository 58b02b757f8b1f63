import type { LimitsProfile } from '@latchkey/platform';

export interface CodeLimits {
  /** A code is refused this long after it was made (NIST SP 800-63B-4 3.1.3.2: at most 10 minutes). */
  validMs: number;
  resendWaitMs: number;
  sendsPerAttempt: number;
  /** Texts and emails an hour, over all attempts. */
  sendsPerLogin: number;
  sendsPerDestination: number;
  sendsPerIpBlock: number;
  /** Texts an hour to numbers that begin alike; see `TextedNumber`. */
  textsPerPrefix: number;
  /** So many texts an hour to numbers that begin alike, and fewer codes entered than this share of them: it is blocked. */
  textsBeforeEntered: number;
  leastEnteredPercent: number;
  /** The budgets of a provider and of a country: what a day of abuse may cost at most. */
  textsPerProviderAndDay: number;
  textsPerCountryAndDay: number;
  triesPerAttempt: number;
  /** Wrong tries of a login, over all its attempts, before it is locked. */
  failuresBeforeLock: number;
  /** Wrong tries of one method in a row, after which it is off until another one succeeds (norm 7). */
  failuresPerMethod: number;
  firstLockMs: number;
  longestLockMs: number;
}

const production: CodeLimits = {
  validMs: 600_000,
  resendWaitMs: 30_000,
  sendsPerAttempt: 5,
  sendsPerLogin: 20,
  sendsPerDestination: 10,
  sendsPerIpBlock: 100,
  textsPerPrefix: 1_000,
  textsBeforeEntered: 50,
  leastEnteredPercent: 10,
  textsPerProviderAndDay: 20_000,
  textsPerCountryAndDay: 50_000,
  triesPerAttempt: 5,
  failuresBeforeLock: 10,
  failuresPerMethod: 100,
  firstLockMs: 60_000,
  longestLockMs: 3_600_000,
};

// Wide enough to work and measure with; what protects a single attempt stays as it is.
const wide = 1_000_000;
const development: CodeLimits = {
  ...production,
  resendWaitMs: 3_000,
  sendsPerLogin: wide,
  sendsPerDestination: wide,
  sendsPerIpBlock: wide,
  textsPerPrefix: wide,
  textsBeforeEntered: wide,
  textsPerProviderAndDay: wide,
  textsPerCountryAndDay: wide,
  failuresBeforeLock: 1_000,
  failuresPerMethod: wide,
};

export const codeLimits: Record<LimitsProfile, CodeLimits> = { production, development };
