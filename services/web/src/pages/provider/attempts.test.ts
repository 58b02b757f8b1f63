import type { Activity, ActivityKind } from '@latchkey/contracts';
import { describe, expect, test } from 'vitest';
import { episodesOf } from './attempts.ts';

let count = 0;
/** Lines as the API gives them: newest first. */
const newestFirst = (...lines: [kind: ActivityKind, attemptId: string | null, more?: Partial<Activity>][]): Activity[] =>
  lines.map(([kind, attemptId, more]) => {
    count += 1;
    return { id: `line-${count}`, at: new Date(1e12 - count * 1000).toISOString(), kind, attemptId, by: { kind: 'self', name: null }, device: null, ip: null, ...more };
  });
const kinds = (activities: Activity[]) => episodesOf(activities).map(({ lines }) => lines.map(({ kind }) => kind));
const outcomes = (activities: Activity[]) => episodesOf(activities).map(({ outcome }) => outcome);

describe('episodes of a timeline', () => {
  test('tell an attempt as a story from its beginning, and stand newest first', () => {
    const activities = newestFirst(['password_changed', null], ['signed_in', 'a'], ['code_delivered', 'a'], ['code_required', 'a'], ['login_added', null]);
    expect(kinds(activities)).toEqual([['password_changed'], ['code_required', 'code_delivered', 'signed_in'], ['login_added']]);
  });

  test('keep an attempt together that something else fell into', () => {
    const activities = newestFirst(['code_delivered', 'a'], ['code_required', 'b'], ['two_factor_off', null], ['code_required', 'a']);
    expect(kinds(activities)).toEqual([['code_required', 'code_delivered'], ['code_required'], ['two_factor_off']]);
    expect(episodesOf(activities)[0]?.at).toBe(activities[0]?.at);
  });

  test('complete an attempt whose beginning comes with the next page', () => {
    const first = newestFirst(['signed_in', 'a'], ['code_queued', 'a']);
    expect(kinds([...first, ...newestFirst(['code_required', 'a'])])).toEqual([['code_required', 'code_queued', 'signed_in']]);
  });

  test('say how the attempt came out', () => {
    expect(outcomes(newestFirst(['signed_in', 'a'], ['code_refused', 'a', { reason: 'wrong_code' }]))).toEqual(['signed_in']);
    expect(outcomes(newestFirst(['stepped_up', 'a'], ['code_refused', 'a', { reason: 'wrong_code' }]))).toEqual(['stepped_up']);
    expect(outcomes(newestFirst(['code_refused', 'a', { reason: 'attempt_over' }], ['code_required', 'a']))).toEqual(['refused']);
    expect(outcomes(newestFirst(['code_refused', 'a', { reason: 'wrong_code', attemptsLeft: 0 }], ['code_required', 'a']))).toEqual(['refused']);
    expect(outcomes(newestFirst(['code_refused', 'a', { reason: 'wrong_code', attemptsLeft: 4 }], ['code_required', 'a']))).toEqual(['asked']);
    expect(outcomes(newestFirst(['code_delivered', 'a'], ['code_queued', 'a']))).toEqual(['sent']);
  });
});
