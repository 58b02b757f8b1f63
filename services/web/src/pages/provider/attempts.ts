import type { Activity } from '@latchkey/contracts';

export type Outcome = 'signed_in' | 'stepped_up' | 'refused' | 'asked' | 'sent';

/** What is told together: one line, or all lines of a login attempt in the order in which they happened. */
export interface Episode {
  id: string;
  /** Of its newest line. */
  at: string;
  lines: Activity[];
  outcome: Outcome | null;
}

/** Gathers the lines of each attempt at the place of its newest one; newest first, as they came. */
export function episodesOf(activities: Activity[]): Episode[] {
  const episodes = new Map<string, Episode>();
  for (const activity of activities) {
    const id = activity.attemptId ?? activity.id;
    const episode = episodes.get(id);
    if (episode) episode.lines.unshift(activity);
    else episodes.set(id, { id, at: activity.at, lines: [activity], outcome: null });
  }
  return [...episodes.values()].map((episode) => ({ ...episode, outcome: episode.lines.length > 1 ? outcomeOf(episode.lines) : null }));
}

function outcomeOf(lines: Activity[]): Outcome {
  const has = (isIt: (line: Activity) => boolean) => lines.some(isIt);
  if (has(({ kind }) => kind === 'signed_in')) return 'signed_in';
  if (has(({ kind }) => kind === 'stepped_up')) return 'stepped_up';
  if (has(endsAttempt)) return 'refused';
  return has(({ kind }) => kind === 'code_required') ? 'asked' : 'sent';
}

const endsAttempt = ({ kind, reason, attemptsLeft }: Activity) =>
  kind === 'login_refused' || (kind === 'code_refused' && (attemptsLeft === 0 || reason === 'attempt_over' || reason === 'locked'));
