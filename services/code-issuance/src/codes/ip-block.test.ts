import { expect, it } from 'vitest';
import { ipBlock } from './ip-block.ts';

it.each([
  ['203.0.113.7', '203.0.113.0/24'],
  ['2001:db8:1:2::9', '2001:db8:1::/48'],
  ['2001:0DB8:0001:ffff:1:2:3:4', '2001:db8:1::/48'],
  ['2001:db8::1', '2001:db8:0::/48'],
  ['2001:db8:0:7::', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
  ['::ffff:203.0.113.7', '203.0.113.0/24'],
])('%s is limited with all of %s, however it is written', (address, block) => {
  expect(ipBlock(address)).toBe(block);
});
