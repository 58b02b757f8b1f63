import type { Activity, ActivityKind } from '@latchkey/contracts';
import { describe, expect, test } from 'vitest';
import { isOnlySending, storiesOf } from './stories.ts';

let count = 0;
const line = (kind: ActivityKind, second: number, attemptId: string | null = null): Activity => ({
  id: `line-${(count += 1)}`,
  at: `2026-03-01T10:00:${String(second).padStart(2, '0')}.000Z`,
  kind,
  attemptId,
  by: { kind: 'self', name: 'owner' },
  device: null,
  ip: null,
});
/** As the API gives them. */
const newestFirst = (...lines: Activity[]) => lines.toSorted((one, other) => other.at.localeCompare(one.at));
const kindsOf = (lines: Activity[]) => lines.map(({ kind }) => kind);

describe('the timeline as stories', () => {
  test('a login attempt is one story, told in its order, even where other things happened in between', () => {
    const lines = newestFirst(
      line('code_required', 1, 'a'),
      line('code_queued', 2, 'a'),
      line('login_refused', 3, 'b'),
      line('code_accepted', 4, 'a'),
      line('password_changed', 5),
      line('signed_in', 6, 'a'),
    );
    const stories = storiesOf(lines);
    expect(stories.map(({ outcome }) => outcome.kind)).toEqual(['signed_in', 'password_changed', 'login_refused']);
    expect(kindsOf(stories[0]?.lines ?? [])).toEqual(['code_required', 'code_queued', 'code_accepted', 'signed_in']);
  });

  test('its headline is what it came to, whatever was told last', () => {
    const headline = (...kinds: ActivityKind[]) => storiesOf(newestFirst(...kinds.map((kind, at) => line(kind, at, 'a'))))[0]?.outcome.kind;
    expect(headline('code_required', 'code_queued', 'signed_in', 'code_delivered')).toBe('signed_in');
    expect(headline('code_required', 'code_refused', 'signed_in', 'two_factor_reset')).toBe('two_factor_reset');
    expect(headline('code_required', 'code_queued', 'code_refused', 'code_delivered')).toBe('code_refused');
    expect(headline('code_required', 'code_queued', 'code_failed')).toBe('code_required');
    expect(headline('code_queued', 'code_accepted')).toBe('code_accepted');
  });

  test('older lines of the same attempt, and lines that come twice, join the story that is there', () => {
    const late = line('signed_in', 9, 'a');
    const early = line('code_required', 1, 'a');
    const [before] = storiesOf([late]);
    const after = storiesOf([late, late, early]);
    expect(after).toHaveLength(1);
    expect(after[0]?.id).toBe(before?.id);
    expect(kindsOf(after[0]?.lines ?? [])).toEqual(['code_required', 'signed_in']);
  });

  test('a code that was only sent is told apart from a login', () => {
    const only = (...kinds: ActivityKind[]) => storiesOf(newestFirst(...kinds.map((kind, at) => line(kind, at, 'a')))).map(isOnlySending);
    expect(only('code_queued', 'code_accepted')).toEqual([true]);
    expect(only('code_required', 'code_queued')).toEqual([false]);
    expect(only('code_queued', 'code_refused')).toEqual([false]);
  });
});
