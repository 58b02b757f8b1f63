import { expect, it } from 'vitest';
import { ipBlock, network, subscriber } from './ip-block.ts';

it.each([
  ['203.0.113.7', '203.0.113.7', '203.0.113.0/24'],
  ['::ffff:203.0.113.7', '203.0.113.7', '203.0.113.0/24'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:0DB8:0001:ffff:1:2:3:4', '2001:db8:1:ffff::/64', '2001:db8:1::/48'],
  ['2001:db8::1', '2001:db8:0:0::/64', '2001:db8:0::/48'],
  ['2001:db8:0:7::', '2001:db8:0:7::/64', '2001:db8:0::/48'],
  ['::1', '0:0:0:0::/64', '0:0:0::/48'],
])('%s counts for %s and %s, however it is written', (address, ofSubscriber, ofNetwork) => {
  expect(ipBlock(address, subscriber)).toBe(ofSubscriber);
  expect(ipBlock(address, network)).toBe(ofNetwork);
});
