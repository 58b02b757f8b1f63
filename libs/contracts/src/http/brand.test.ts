import { describe, expect, it } from 'vitest';
import { isLogo, logoBytes, providerBrand } from './brand.ts';

const dataUrl = (kind: string, bytes: Uint8Array | string) => `data:image/${kind};base64,${Buffer.from(bytes as string, 'latin1').toString('base64')}`;
const png = '\x89PNG\r\n\x1a\n0000IHDR';
const webp = 'RIFF\x24\0\0\0WEBPVP8 ';
const brand = { name: 'Alpine Alarm', color: '#FFee00', logo: null, logoUrl: null };
const isTaken = (changed: object) => providerBrand.safeParse({ ...brand, ...changed }).success;

describe('a logo', () => {
  it.each([['png', png], ['jpeg', '\xff\xd8\xff\xe0\0\x10JFIF\0'], ['webp', webp]])('is a picture as %s', (kind, bytes) => {
    expect(isLogo(dataUrl(kind, bytes))).toBe(true);
  });

  it('is no document that may hold scripts, whatever it says it is', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    for (const kind of ['png', 'jpeg', 'webp', 'svg+xml', 'gif']) expect(isLogo(dataUrl(kind, svg)), kind).toBe(false);
    expect(isLogo(`data:text/html;base64,${Buffer.from(png, 'latin1').toString('base64')}`)).toBe(false);
    expect(isLogo(`data:image/svg+xml,${encodeURIComponent(svg)}`)).toBe(false);
  });

  it('is of the kind that it says', () => {
    expect(isLogo(dataUrl('jpeg', png))).toBe(false);
    expect(isLogo(dataUrl('png', webp))).toBe(false);
  });

  it('is nothing that is fetched from elsewhere, and nothing but base64', () => {
    for (const address of ['https://evil.example/logo.png', '//evil.example', '', 'data:image/png;base64,', `${dataUrl('png', png)}\n`, `${dataUrl('png', png)}")url(`, `${dataUrl('png', png)}=A`]) expect(isLogo(address), address).toBe(false);
  });

  it('has 40 KiB at most', () => {
    const of = (bytes: number) => dataUrl('png', png.padEnd(bytes, '\0'));
    expect(isLogo(of(logoBytes))).toBe(true);
    expect(isLogo(of(logoBytes + 3))).toBe(false);
    // The whole brand has to fit a request.
    expect(JSON.stringify({ ...brand, logo: of(logoBytes), logoUrl: `https://${'x'.repeat(490)}` }).length).toBeLessThan(64 * 1024);
  });
});

describe('a brand', () => {
  it('takes a name of 30 characters in any script, and no longer one', () => {
    for (const name of ['x'.repeat(30), '🔐'.repeat(30), 'Ж'.repeat(30)]) expect(isTaken({ name }), name).toBe(true);
    for (const name of ['', '  ', 'x'.repeat(31), '🔐'.repeat(31), 'two\nlines', 'a\0']) expect(isTaken({ name }), name).toBe(false);
  });

  it('takes a colour as # and six digits, and nothing that ends a rule', () => {
    for (const color of ['red', '#fff', '#12345g', '#123456;}', '#123456 ', '']) expect(isTaken({ color }), color).toBe(false);
    expect(isTaken({ color: null })).toBe(true);
  });

  it('takes an https address for emails only', () => {
    expect(isTaken({ logoUrl: 'https://cdn.alpine.example/logo.png?v=2' })).toBe(true);
    for (const logoUrl of ['http://alpine.example/a.png', 'javascript:alert(1)', 'data:image/png;base64,AAAA', 'https://', 'https://a.example/"onload=x', 'logo.png']) expect(isTaken({ logoUrl }), logoUrl).toBe(false);
  });
});
