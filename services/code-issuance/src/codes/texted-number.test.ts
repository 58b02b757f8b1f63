import { describe, expect, it } from 'vitest';
import { textedNumber } from './texted-number.ts';

const allowed = ['US', 'DE', 'GB'];

describe('a text', () => {
  it.each([
    ['+14155550123', { country: 'US', prefix: '+1415' }],
    ['+4915112345678', { country: 'DE', prefix: '+49151' }],
  ])('goes to %s', (destination, expected) => {
    expect(textedNumber(destination, allowed)).toEqual(expected);
  });

  it.each([
    ['a number of another country', '+3545812345'],
    ['a country that shares its calling code with an allowed one', '+14165550123'],
    ['a number that is too short', '+4915'],
    ['a premium number', '+449012345678'],
    ['no number at all', 'nonsense'],
  ])('never goes to %s', (_what, destination) => {
    expect(() => textedNumber(destination, allowed)).toThrowError('unsupported_destination');
  });
});
