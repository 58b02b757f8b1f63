import { isIPv6 } from 'node:net';

/** The network that a sender can change addresses within for nothing: /24 of IPv4, /48 of IPv6. */
export function ipBlock(address: string): string {
  if (!isIPv6(address)) return blockOfV4(address);
  // The URL parser writes every address in the one way of RFC 5952, an embedded IPv4 address as two groups.
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const first = head.split(':').filter(Boolean);
  const last = tail.split(':').filter(Boolean);
  const groups = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last];
  const isMapped = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff';
  if (!isMapped) return `${groups.slice(0, 3).join(':')}::/48`;
  const bytes = groups.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return blockOfV4(bytes.join('.'));
}

const blockOfV4 = (address: string): string => `${address.split('.').slice(0, 3).join('.')}.0/24`;
