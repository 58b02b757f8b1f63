import { expect, test } from 'vitest';
import { parseEmailAddress, parsePhoneNumber } from './parse-destination.ts';

test.each([
  ['+1 (415) 555-0123', '+14155550123'],
  ['+49 1512 3456789', '+4915123456789'],
  ['+44 7400 123456', '+447400123456'],
])('%s is stored as %s', (typed, normalized) => {
  expect(parsePhoneNumber(typed)).toEqual({ normalized, hint: `•••• ${normalized.slice(-4)}` });
});

test.each(['', '+', '110', '+1 800 555 0199', '+49 30 901820', 'call +14155550123', '+14155550123;ext=9', '+999 123456789'])('%j cannot get texts', (typed) => {
  expect(() => parsePhoneNumber(typed)).toThrow('unsupported_destination');
});

test('the domain of an address has no case, the name before it may', () => {
  expect(parseEmailAddress(' Ada@Example.COM ')).toEqual({ normalized: 'Ada@example.com', hint: 'A•••@example.com' });
});
