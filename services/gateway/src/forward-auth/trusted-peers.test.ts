import { describe, expect, it } from 'vitest';
import { TrustedPeers } from './trusted-peers.ts';

describe('trusted peers', () => {
  it.each([
    ['127.0.0.1', ['127.0.0.1', '::ffff:127.0.0.1'], ['127.0.0.2', '::1', '::ffff:127.0.0.2']],
    ['10.0.0.0/8', ['10.255.0.1', '::ffff:10.1.2.3'], ['11.0.0.1', '::1']],
    ['2001:db8::/32', ['2001:db8::7', '2001:db8:ffff::1'], ['2001:db9::1', '32.1.13.184']],
    ['fe80::1', ['fe80::1', 'fe80::1%eth0'], ['fe80::2']],
    ['loopback', ['127.0.0.1', '127.8.0.1', '::1'], ['128.0.0.1', '10.0.0.1']],
    ['Linklocal', ['169.254.1.1', 'fe80::7'], ['169.255.1.1']],
    ['uniquelocal', ['10.0.0.1', '172.16.0.1', '192.168.255.1', 'fd00::1'], ['172.32.0.1', '203.0.113.7']],
  ])('%s are %j, and not %j', (proxy, members, strangers) => {
    const peers = new TrustedPeers(['192.0.2.1', proxy]);
    expect(members.filter((address) => !peers.includes(address))).toEqual([]);
    expect(strangers.filter((address) => peers.includes(address))).toEqual([]);
  });

  it('nobody is, where there is no list; nor is an address that is none', () => {
    expect(['127.0.0.1', '::1', '10.0.0.1'].some((address) => new TrustedPeers([]).includes(address))).toBe(false);
    expect([undefined, '', 'unknown', '127.0.0.1, 127.0.0.1'].some((address) => new TrustedPeers(['loopback']).includes(address))).toBe(false);
  });
});
