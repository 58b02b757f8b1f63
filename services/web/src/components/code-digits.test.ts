import { expect, test } from 'vitest';
import { digitsOf } from './code-digits.ts';

test.each([
  ['123456', '123456'],
  ['012345', '012345'],
  ['123 456', '123456'],
  ['123-456', '123456'],
  ['Your Latchkey code is 123456.\n@localhost #123456', '123456'],
  ['１２３４５６', '123456'],
  ['12345678', '123456'],
  ['abc', ''],
  ['', ''],
])('%j pasted into the code field is %j', (pasted, code) => {
  expect(digitsOf(pasted)).toBe(code);
});
