import { expect, it } from 'vitest';
import { maskEmailAddress, maskPhoneNumber } from './mask.ts';

it('a masked destination is recognised by its owner and useless to others', () => {
  expect(maskPhoneNumber('+14155550123')).toBe('•••• 0123');
  expect(maskEmailAddress('maria@example.com')).toBe('m•••@example.com');
});
