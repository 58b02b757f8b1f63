import { describe, expect, test } from 'vitest';
import { chartSize, highestOf, pathOf } from './chart-path.ts';

const gapMs = 15_000;
const every3s = (count: number) => Array.from({ length: count }, (_, index) => 1_000_000 + index * 3_000);

describe('a line', () => {
  test('goes from the left edge to the right one, and the highest value is at the top', () => {
    expect(pathOf([0, 10, 5], every3s(3), 10, gapMs)).toBe(`M0 46L${chartSize.width / 2} 2L${chartSize.width} 24`);
  });

  test('is broken where nothing is known, and where nobody looked for a while', () => {
    expect(pathOf([1, null, 1, 1], every3s(4), 1, gapMs).match(/M/g)).toHaveLength(2);
    const times = [0, 3_000, 60_000, 63_000];
    expect(pathOf([1, 1, 1, 1], times, 1, gapMs).match(/M/g)).toHaveLength(2);
  });

  test('of zeros lies on the ground, of one value is a point at the right, of nothing is nothing', () => {
    expect(pathOf([0, 0], every3s(2), 0, gapMs)).toBe('M0 46L200 46');
    expect(pathOf([3], every3s(1), 3, gapMs)).toBe('M200 2');
    expect(pathOf([null, null], every3s(2), 0, gapMs)).toBe('');
  });

  test('shares its scale with the other one of a chart', () => {
    expect(highestOf([[1, null, 4], [9, 2, 0]])).toBe(9);
    expect(highestOf([[null], []])).toBe(0);
  });
});
