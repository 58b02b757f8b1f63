import { BlockList, isIP, isIPv6 } from 'node:net';

/** The names for networks that Fastify's `trustProxy` knows, so that both mean the same. */
const named: Record<string, readonly string[]> = {
  loopback: ['127.0.0.0/8', '::1'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** The proxies that may speak for others: addresses, networks and names of networks. */
export class TrustedPeers {
  private readonly list = new BlockList();

  constructor(proxies: readonly string[]) {
    for (const proxy of proxies.flatMap((entry) => named[entry.toLowerCase()] ?? [entry])) {
      const [address = '', prefix] = proxy.split('/');
      if (prefix === undefined) this.list.addAddress(address, familyOf(address));
      else this.list.addSubnet(address, Number(prefix), familyOf(address));
    }
  }

  /** Whether one of them is the other end of a connection; IPv4 in the shape of IPv6 counts as what it is. */
  includes(remoteAddress = ''): boolean {
    const address = remoteAddress.replace(/%.*$/, '');
    return isIP(address) !== 0 && this.list.check(address, familyOf(address));
  }
}
