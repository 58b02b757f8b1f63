import { describe, expect, test } from 'vitest';
import { safeReturnPath, signInPath } from './return-path.ts';

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
