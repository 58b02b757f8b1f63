import { expect, it } from 'vitest';
import { newRecoveryCode, readRecoveryCode, recoveryCodeHash } from './recovery-code-text.ts';

it('a code has 80 bits in four groups of characters that are not taken for others, every one as likely as the next', () => {
  const counts = new Map<string, number>();
  const codes = Array.from({ length: 4_000 }, newRecoveryCode);
  for (const code of codes) {
    expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/);
    for (const character of code.replaceAll('-', '')) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  expect(new Set(codes).size).toBe(4_000);
  expect(counts.size).toBe(32);
  // 2000 of each are expected; six standard deviations are 264.
  for (const count of counts.values()) expect(Math.abs(count - 2_000)).toBeLessThan(264);
});

it.each(['7k10-x9qd-04tn-h6wz', '7K10-X9QD-04TN-H6WZ', '7k10x9qd04tnh6wz', ' 7k10 x9qd\t04tn h6wz\n', '7klO–X9qd—o4tn-h6wz', '7ki0-x9qd-O4tn-h6wz', '７ｋ１０-x9qd-04tn-h6wz'])(
  '%j is read as what was meant',
  (typed) => {
    expect(readRecoveryCode(typed)).toBe('7k10x9qd04tnh6wz');
  },
);

it.each(['', '7k10-x9qd-04tn-h6w', '7k10-x9qd-04tn-h6wz0', '7k10-x9qd-04tn-h6wu', '123456', '7k10x9qd04tnh6w\0', 'ééééééééééééééééé'])('%j can be no code', (typed) => {
  expect(readRecoveryCode(typed)).toBeNull();
});

it('the same code rests differently in another set', () => {
  expect(recoveryCodeHash('one', '7k10x9qd04tnh6wz')).not.toBe(recoveryCodeHash('two', '7k10x9qd04tnh6wz'));
});
