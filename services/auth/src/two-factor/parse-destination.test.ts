import { expect, test } from 'vitest';
import { ipBlock } from '../passwords/ip-block.ts';
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

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:DB8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s is of the block %s', (address, block) => {
  expect(ipBlock(address)).toBe(block);
});
