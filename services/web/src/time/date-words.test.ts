import '../texts/speak-english.ts';
import { describe, expect, test } from 'vitest';
import { secondsUntil } from './countdown.ts';
import { dateWords, lastSeenWords } from './date-words.ts';
import { durationWords } from './duration-words.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();

describe('when a device was last seen', () => {
  test.each([
    [0, 'just now'],
    [59, 'just now'],
    [60, '1 minute ago'],
    [59 * 60 + 59, '59 minutes ago'],
    [3600, '1 hour ago'],
    [23 * 3600 + 3599, '23 hours ago'],
    [86_400, 'yesterday'],
    [3 * 86_400, '3 days ago'],
    [30 * 86_400, '30 days ago'],
  ])('%i seconds ago is %j', (seconds, words) => {
    expect(lastSeenWords(ago(seconds), now)).toBe(words);
  });

  test('is a date once it is long ago', () => {
    const long = ago(60 * 86_400);
    expect(lastSeenWords(long, now)).toBe(dateWords(long));
    expect(dateWords(long)).toContain('2026');
  });

  test('a clock that is a little off does not see into the future', () => {
    expect(lastSeenWords(ago(-5), now)).toBe('just now');
  });
});

describe('a wait', () => {
  test('is never told shorter than it is', () => {
    expect(secondsUntil('2026-11-24T10:00:00.001Z', now)).toBe(1);
    expect(durationWords(0.2)).toBe('1 second');
    expect(durationWords(119)).toBe('119 seconds');
    expect(durationWords(121)).toBe('3 minutes');
  });

  test('is over when its moment has passed, or makes no sense', () => {
    expect(secondsUntil('2026-11-24T09:59:59Z', now)).toBe(0);
    expect(secondsUntil(null, now)).toBe(0);
    expect(secondsUntil('soon', now)).toBe(0);
    expect(secondsUntil(now + 1500, now)).toBe(2);
  });
});
