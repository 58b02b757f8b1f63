import type { LimitsProfile } from '@latchkey/platform';

export interface CodeLimits {
  /** A code is refused this long after it was made (NIST SP 800-63B-4 3.1.3.2: at most 10 minutes). */
  validMs: number;
  resendWaitMs: number;
  sendsPerAttempt: number;
  /** Texts and emails an hour. */
  sendsPerLogin: number;
  sendsPerDestination: number;
  sendsPerIpBlock: number;
  triesPerAttempt: number;
  /** Wrong tries of a login, over all its attempts, before it is locked. */
  failuresBeforeLock: number;
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
  triesPerAttempt: 5,
  failuresBeforeLock: 10,
  firstLockMs: 60_000,
  longestLockMs: 3_600_000,
};

export const codeLimits: Record<LimitsProfile, CodeLimits> = {
  production,
  // Wide enough to work and measure with; what protects a single attempt stays as it is.
  development: { ...production, resendWaitMs: 3_000, sendsPerLogin: 1_000_000, sendsPerDestination: 1_000_000, sendsPerIpBlock: 1_000_000, failuresBeforeLock: 1_000 },
};
