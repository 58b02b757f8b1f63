import '../../texts/speak-english.ts';
import { describe, expect, test } from 'vitest';
import { ageWords, costWords, percentile, rateWords, spanWords } from './figures.ts';

test.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [1_000, '1 s'],
  [1_250, '1.3 s'],
  [12_400, '12 s'],
  [119_000, '119 s'],
  [180_000, '3 min'],
  [7_200_000, '2 h'],
  [432_000_000, '5 d'],
])('%i ms are %s', (ms, words) => {
  expect(spanWords(ms)).toBe(words);
});

test('an age ticks in whole seconds and begins with one', () => {
  expect([0, 400, 1_600, 12_499].map(ageWords)).toEqual(['1 s', '1 s', '2 s', '12 s']);
});

test('a rate that is not known is not told as none', () => {
  expect([null, 0, 0.25, 123.4].map(rateWords)).toEqual(['not known', '0/s', '0.3/s', '123/s']);
});

test('money has the digits that prices of single texts need', () => {
  expect(costWords(7_900)).toBe('0.0079');
});

describe('the percentile by nearest rank', () => {
  test('is one of the values, whatever their order', () => {
    const values = [40, 10, 30, 20];
    expect([0.5, 0.95, 1].map((share) => percentile(values, share))).toEqual([20, 40, 40]);
    expect(values).toEqual([40, 10, 30, 20]);
  });

  test('of twenty leaves out only the slowest, of one is that one, of none is nothing', () => {
    expect(percentile(Array.from({ length: 20 }, (_, index) => index + 1), 0.95)).toBe(19);
    expect(percentile([7], 0.5)).toBe(7);
    expect(percentile([], 0.5)).toBeNull();
  });
});
