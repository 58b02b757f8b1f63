import { slotsOf } from '@latchkey/testing';
import { expect, it } from 'vitest';
import { capKeysOf } from './cap.ts';

it('the caps of a provider lie in one slot, those of others elsewhere', () => {
  for (const provider of ['sns', 'twilio-eu', 'house-sms']) expect(slotsOf(capKeysOf(provider))).toHaveLength(1);
  expect(slotsOf(['sns', 'twilio-eu', 'house-sms'].flatMap(capKeysOf))).toHaveLength(3);
});
