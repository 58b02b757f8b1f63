import { isIPv6 } from 'node:net';

/** How much of an address says who somebody is: bytes of IPv4, groups of IPv6. */
export interface BlockSize {
  v4Bytes: 3 | 4;
  v6Groups: 3 | 4;
}

/** What one subscriber has: an IPv4 address, a /64 of IPv6. */
export const subscriber: BlockSize = { v4Bytes: 4, v6Groups: 4 };
/** What a sender can change addresses within for next to nothing: /24 of IPv4, /48 of IPv6. */
export const network: BlockSize = { v4Bytes: 3, v6Groups: 3 };

/** The block that an address belongs to, the same one however the address is written. */
export function ipBlock(address: string, size: BlockSize): string {
  if (!isIPv6(address)) return blockOfV4(address.split('.'), size);
  // The URL parser writes every address in the one way of RFC 5952, an embedded IPv4 address as two groups.
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const first = head.split(':').filter(Boolean);
  const last = tail.split(':').filter(Boolean);
  const groups = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last];
  const isMapped = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff';
  if (!isMapped) return `${groups.slice(0, size.v6Groups).join(':')}::/${size.v6Groups * 16}`;
  return blockOfV4(groups.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255].map(String)), size);
}

const blockOfV4 = (bytes: string[], { v4Bytes }: BlockSize): string => (v4Bytes === 4 ? bytes.join('.') : `${bytes.slice(0, v4Bytes).join('.')}.0/24`);
