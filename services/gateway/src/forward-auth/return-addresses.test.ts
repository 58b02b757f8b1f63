import { describe, expect, it } from 'vitest';
import { ReturnAddresses } from './return-addresses.ts';

const addresses = new ReturnAddresses('https://www.example.com', ['https://www.example.com:8443', 'https://shop.example.org/']);

describe('return addresses', () => {
  it.each([
    ['https://www.example.com/app/?a=1&b=2#c', 'https://www.example.com/app/?a=1&b=2#c'],
    ['https://www.example.com:443/', 'https://www.example.com/'],
    ['https://www.example.com:8443/orders', 'https://www.example.com:8443/orders'],
    ['https://SHOP.example.org', 'https://shop.example.org/'],
    ['https://shop.example.org//evil.example/', 'https://shop.example.org//evil.example/'],
    ['https://shop.example.org\\@evil.example/', 'https://shop.example.org/@evil.example/'],
    ['https://shop.example.org/ü\u2028x\r\nset-cookie: a=b', 'https://shop.example.org/%C3%BC%E2%80%A8xset-cookie:%20a=b'],
  ])('%j is allowed, and leads to %j', (address, href) => {
    expect(addresses.allowed(address)?.href).toBe(href);
  });

  it.each([
    'https://evil.example/',
    'https://shop.example.org.evil.example/',
    'https://evil.example/https://shop.example.org',
    'https://shop.example.org@evil.example/',
    'https://shop.example.org:x@evil.example/',
    'https://somebody:secret@shop.example.org/',
    'https://evil.example\\.shop.example.org/',
    'https://sub.shop.example.org/',
    'https://shop.example.org:8443/',
    'http://shop.example.org/',
    '//shop.example.org/',
    '/app/',
    'javascript:alert(1)//https://shop.example.org',
    'data:text/html,https://shop.example.org/',
    'blob:https://shop.example.org/1',
    'filesystem:https://shop.example.org/1',
    'ws://shop.example.org/',
    '',
    undefined,
    ['https://shop.example.org/', 'https://evil.example/'],
  ])('%j is not', (address) => {
    expect(addresses.allowed(address)).toBeNull();
  });

  it('the login page is at the public address as far as its cookie reaches, and under every other name right there', () => {
    const pageFor = (address: string) => addresses.loginPage(new URL(address));
    expect(pageFor('https://www.example.com/app/?a=1&b=2')).toBe('https://www.example.com/sign-in?rd=https%3A%2F%2Fwww.example.com%2Fapp%2F%3Fa%3D1%26b%3D2');
    expect(pageFor('https://www.example.com:8443/')).toBe('https://www.example.com/sign-in?rd=https%3A%2F%2Fwww.example.com%3A8443%2F');
    expect(pageFor('https://shop.example.org/')).toBe('https://shop.example.org/sign-in?rd=https%3A%2F%2Fshop.example.org%2F');
  });
});
