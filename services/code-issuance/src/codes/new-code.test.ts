import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { codeHmacOf, newCode } from './new-code.ts';

it('codes are six digits, uniformly distributed in every place, leading zeros kept', () => {
  const count = 100_000;
  const digits = Array.from({ length: 6 }, () => new Array<number>(10).fill(0));
  for (let i = 0; i < count; i += 1) {
    const code = newCode();
    expect(code).toMatch(/^\d{6}$/);
    [...code].forEach((digit, place) => (digits[place]![Number(digit)]! += 1));
  }
  for (const place of digits) {
    const chiSquare = place.reduce((sum, seen) => sum + (seen - count / 10) ** 2 / (count / 10), 0);
    expect(chiSquare).toBeLessThan(45); // 9 degrees of freedom: exceeded by chance once in a million runs.
  }
});

it('the same code rests differently for every attempt', () => {
  const key = createSecretKey(randomBytes(32));
  expect(codeHmacOf(key, 'a', '123456')).not.toBe(codeHmacOf(key, 'b', '123456'));
});
