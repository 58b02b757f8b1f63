import type { Activity, ActivityKind } from '@latchkey/contracts';
import { expect, test } from 'vitest';
import { outcomeOf } from './attempts.ts';

/** Of the lines of one attempt. */
const outcome = (...lines: [kind: ActivityKind, more?: Partial<Activity>][]) =>
  outcomeOf(lines.map(([kind, more], at) => ({ id: `line-${at}`, at: new Date(1e12 + at * 1000).toISOString(), kind, attemptId: 'a', by: { kind: 'self', name: null }, device: null, ip: null, ...more })));

test('an attempt says how it came out, whatever was told last', () => {
  expect(outcome(['code_refused', { reason: 'wrong_code' }], ['signed_in'])).toBe('signed_in');
  expect(outcome(['code_refused', { reason: 'wrong_code' }], ['stepped_up'])).toBe('stepped_up');
  expect(outcome(['code_required'], ['signed_in'], ['code_delivered'])).toBe('signed_in');
  expect(outcome(['code_required'], ['code_refused', { reason: 'attempt_over' }])).toBe('refused');
  expect(outcome(['code_required'], ['code_refused', { reason: 'wrong_code', attemptsLeft: 0 }])).toBe('refused');
  expect(outcome(['code_required'], ['code_refused', { reason: 'wrong_code', attemptsLeft: 4 }])).toBe('asked');
  expect(outcome(['code_queued'], ['code_delivered'])).toBe('sent');
});

test('a line alone says it itself', () => {
  expect(outcome(['password_changed'])).toBeNull();
});
