import type { Sent } from '@latchkey/contracts';
import type { CodeRequired, MethodChoice } from '../api/login.ts';

/** A login attempt that waits for its code. */
export interface Attempt {
  /** `step_up` is for a session that is there already and needs a code for more. */
  purpose: 'login' | 'step_up';
  attempt: string;
  loginName: string;
  methods: MethodChoice[];
  /** The method whose code is asked for now. */
  methodId: string;
  /** What was sent so far, by method. */
  sent: Record<string, Sent>;
  /** The code that turns two-factor off, where that was asked for. */
  resetSent?: Sent;
  /** Where to go afterwards. */
  next: string;
}

const key = 'latchkey.attempt';

/** Begins an attempt from the API's answer, with the method that the code went by. */
export function beginAttempt(
  answer: Omit<CodeRequired, 'status'>,
  about: Pick<Attempt, 'purpose' | 'loginName' | 'next'>,
): Attempt {
  const { attempt, methods, sent } = answer;
  const methodId = sent?.methodId ?? (methods.find((method) => method.default) ?? methods[0])?.id ?? '';
  const begun = { ...about, attempt, methods, methodId, sent: sent ? { [sent.methodId]: sent } : {} };
  keepAttempt(begun);
  return begun;
}

// Stands in where the browser has no storage for us; then a reload leads back to the sign-in.
let fallback: Attempt | null = null;

/** Keeps the attempt for a reload of the code page: in this tab only, and not beyond it. */
export function keepAttempt(attempt: Attempt): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(attempt));
  } catch {
    fallback = attempt;
  }
}

/** The attempt that waits in this tab, if there is one. */
export function readAttempt(): Attempt | null {
  try {
    const kept = sessionStorage.getItem(key);
    return kept ? (JSON.parse(kept) as Attempt) : fallback;
  } catch {
    return fallback;
  }
}

/** The attempt is used up or over. */
export function forgetAttempt(): void {
  fallback = null;
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
