import { describe, expect, it } from 'vitest';
import { headerText } from './remote-headers.ts';

describe('a login name in a header', () => {
  it.each([
    ['owner', 'owner'],
    ['anna+home@example.com', 'anna+home@example.com'],
    ['Jürgen Müller', 'J%C3%BCrgen%20M%C3%BCller'],
    ['山田', '%E5%B1%B1%E7%94%B0'],
    ['🔑', '%F0%9F%94%91'],
    ['100%', '100%25'],
    ['%6Fwner', '%256Fwner'],
    [' owner', '%20owner'],
    ['a\r\nRemote-Role: operator', 'a%0D%0ARemote-Role:%20operator'],
    ['a\u0000\u007f\u0085', 'a%00%7F%C2%85'],
  ])('%j is sent as %j, which reads back as the name', (name, text) => {
    expect(headerText(name)).toBe(text);
    expect(decodeURIComponent(text)).toBe(name);
  });

  it('is visible ASCII for every character that there is, and no two look alike', () => {
    const seen = new Set<string>();
    for (let point = 0; point <= 0x10ffff; point += 1) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const text = headerText(String.fromCodePoint(point));
      if (!/^[!-~]+$/.test(text)) throw new Error(`U+${point.toString(16)} becomes ${JSON.stringify(text)}`);
      seen.add(text);
    }
    expect(seen.size).toBe(0x110000 - 0x800);
    // A million characters take a busy machine a while.
  }, 60_000);
});
