import { describe, expect, test } from 'vitest';
import { isServerReturn, returnPathIn, safeReturnPath, signInPath } from './return-path.ts';

describe('the way back after signing in', () => {
  test.each([
    ['/devices', '/devices'],
    ['/security/set-up?from=home#top', '/security/set-up?from=home#top'],
    ['/a/../devices', '/devices'],
    [null, '/'],
    ['', '/'],
    ['devices', '/'],
  ])('%j leads to %j', (asked, path) => {
    expect(safeReturnPath(asked)).toBe(path);
  });

  test.each([
    'https://evil.example/',
    '//evil.example/',
    '//evil.example/devices',
    '/a/..//evil.example',
    '/.//evil.example/devices',
    '/\\evil.example/',
    '/\t/evil.example/',
    '/\n/evil.example/',
    'javascript:alert(1)',
    '\\\\evil.example',
  ])('%j cannot lead away from this site', (asked) => {
    expect(safeReturnPath(asked)).toBe('/');
  });

  test.each(['/sign-in', '/sign-in?next=/sign-in', '/sign-in/code'])('%j does not go round in circles', (asked) => {
    expect(safeReturnPath(asked)).toBe('/');
  });

  test('survives its way through the address of the sign-in page', () => {
    const path = '/devices?show=a&b=ü#x';
    const search = signInPath(path).split('?')[1];
    expect(new URLSearchParams(search).get('next')).toBe(path);
    expect(signInPath('/')).toBe('/sign-in');
  });
});

describe('what the address of the sign-in page says to go to', () => {
  test.each([
    ['', '/'],
    ['next=%2Fdevices', '/devices'],
    ['next=https%3A%2F%2Fevil.example', '/'],
    ['next=%2F%2Fevil.example', '/'],
  ])('%j is the page %s', (search, path) => {
    expect(returnPathIn(search)).toBe(path);
    expect(isServerReturn(returnPathIn(search))).toBe(false);
  });

  test.each(['https://app.example.com/orders?a=1&b=2#c', 'https://evil.example/', 'javascript:alert(1)', '//evil.example', '&next=//evil.example', ''])('an app at %j is the server’s to judge', (rd) => {
    for (const search of [`rd=${encodeURIComponent(rd)}`, `next=%2Fdevices&rd=${encodeURIComponent(rd)}`]) {
      const path = returnPathIn(search);
      expect(isServerReturn(path)).toBe(true);
      expect(new URL(path, 'https://here.example').origin).toBe('https://here.example');
      expect(new URL(path, 'https://here.example').searchParams.getAll('rd')).toEqual([rd]);
      // It survives starting over.
      expect(returnPathIn(signInPath(path).split('?')[1] ?? '')).toBe(path);
    }
  });
});
