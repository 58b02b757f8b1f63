import type { RequestFailed } from '@latchkey/client';
import { durationWords } from '../time/duration-words.ts';
import type { FailureTexts } from './facts.ts';
import { pageTexts } from './page-texts.ts';
import { texts } from './texts.ts';

/** The one place where a failed request becomes a sentence for a person. */
export function describeFailure(failure: RequestFailed, secondsLeft = failure.retryAfterSeconds): string {
  const known: FailureTexts = { ...pageTexts?.failures, ...texts.failures };
  const text = known[failure.code] ?? texts.failures.internal_error;
  if (typeof text === 'string') return text;
  const retryAfter = secondsLeft !== undefined && secondsLeft > 0 ? durationWords(secondsLeft) : undefined;
  return text({ attemptsLeft: failure.attemptsLeft, retryAfter });
}
