import type { Activity } from '@latchkey/contracts';

export type Outcome = 'signed_in' | 'stepped_up' | 'refused' | 'asked' | 'sent';

/** What a login attempt came to, in one word; null of a single line, which says it itself. */
export function outcomeOf(lines: Activity[]): Outcome | null {
  if (lines.length < 2) return null;
  const has = (isIt: (line: Activity) => boolean) => lines.some(isIt);
  if (has(({ kind }) => kind === 'signed_in')) return 'signed_in';
  if (has(({ kind }) => kind === 'stepped_up')) return 'stepped_up';
  if (has(({ kind }) => kind === 'stepped_up')) return 'stepped_up';
  if (has(endsAttempt)) return 'refused';
  return has(({ kind }) => kind === 'code_required') ? 'asked' : 'sent';
}

const endsAttempt = ({ kind, reason, attemptsLeft }: Activity) =>
  kind === 'login_refused' || (kind === 'code_refused' && (attemptsLeft === 0 || reason === 'attempt_over' || reason === 'locked'));
