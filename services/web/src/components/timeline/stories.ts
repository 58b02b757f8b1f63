import type { Activity, ActivityKind } from '@latchkey/contracts';

/** What belongs together: the lines of one login attempt, or a single line that is a story of its own. */
export interface Story {
  /** Stays the same when older lines are loaded. */
  id: string;
  /** When the latest of it happened. */
  at: string;
  /** In the order in which it happened. */
  lines: Activity[];
  /** The line that says how it came out. */
  outcome: Activity;
}

/** What an attempt came to, in the order of what says most. */
const outcomes: ActivityKind[] = ['two_factor_reset', 'signed_in', 'stepped_up', 'code_refused', 'login_refused', 'code_required'];

/** Lines, newest first, as stories, newest first. What was loaded twice is there once. */
export function storiesOf(activities: Activity[]): Story[] {
  const lines = [...new Map(activities.map((line) => [line.id, line])).values()];
  const groups = groupedBy(lines, ({ id, attemptId }) => attemptId ?? id);
  return [...groups].map(([id, newestFirst]) => {
    const told = newestFirst.toReversed().sort((one, other) => one.at.localeCompare(other.at));
    return { id, at: newestFirst.reduce((latest, { at }) => (at > latest ? at : latest), ''), lines: told, outcome: outcomeOf(told) };
  });
}

/** `Map.groupBy`, which browsers of three years ago do not have. */
export function groupedBy<Item>(items: Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function outcomeOf(lines: Activity[]): Activity {
  for (const kind of outcomes) {
    const line = lines.findLast((candidate) => candidate.kind === kind);
    if (line) return line;
  }
  return lines.at(-1) as Activity;
}

/** A story of nothing but the sending of a code: of one that confirms a new method, for example. */
export const isOnlySending = ({ lines }: Story): boolean => lines.every(({ kind }) => kind.startsWith('code_') && kind !== 'code_required' && kind !== 'code_refused');

/** How a line wants to be seen. */
export type Tone = 'good' | 'plain' | 'alert';

const good: ActivityKind[] = ['signed_in', 'stepped_up', 'two_factor_on', 'method_added', 'device_trusted', 'recovery_codes_made', 'login_added'];
const alert: ActivityKind[] = ['login_refused', 'code_refused', 'code_failed', 'device_secret_reused', 'two_factor_off', 'two_factor_reset', 'not_me', 'login_removed'];

export function toneOf(kind: ActivityKind): Tone {
  if (alert.includes(kind)) return 'alert';
  return good.includes(kind) ? 'good' : 'plain';
}
