import fc from 'fast-check';
import { expect, it } from 'vitest';
import { oneLine, plainWords, webAddress } from './clean-words.ts';

it.each([
  ['Firefox on Windows', 'Firefox on Windows'],
  ['Anna’s iPhone (work), 2nd', 'Anna’s iPhone (work), 2nd'],
  ['Handy von Jürgen & Łucja', 'Handy von Jürgen & Łucja'],
  ['Android 14.1', 'Android 14.1'],
  ['your bank: https://evil.example/login?x=1', 'your bank https evil example login x 1'],
  ['write to help@evil.example now', 'write to help evil example now'],
  ['Call +1 (900) 555-0123 today', 'Call + today'],
  ['<b>Phone</b>', 'b Phone b'],
  ['Phone\r\nBcc: x', 'Phone Bcc x'],
])('%j is shown as %j', (name, shown) => {
  expect(plainWords(name)).toBe(shown);
});

it('no words of a stranger become a link, an address, a number to call or a second line', () => {
  const tempting = fc.array(fc.constantFrom('https://', 'www.', 'evil', '.', '.example', '/', '@', ':', '+1900', '555', ' ', '-', '\n', '\u2028', '\u202e', 'ü', '🔐'), { maxLength: 20 });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), tempting.map((parts) => parts.join(''))), (words) => {
      const shown = plainWords(words);
      expect(shown).not.toMatch(/\p{L}\.[\p{L}\p{N}]|[@:/\\<>"#_\p{Cc}\p{Zl}\p{Zp}\u202e]/u);
      expect(shown.match(/\d/g)?.length ?? 0).toBeLessThanOrEqual(words.match(/\d/g)?.length ?? 0);
      expect(shown).not.toMatch(/\d{6}/);
      expect([...shown].length).toBeLessThanOrEqual(60);
    }),
    { numRuns: 2_000 },
  );
});

it('a sign that turns the direction of writing does not show a name as another', () => {
  expect(oneLine('Demo\u202emoc.live\u2066')).toBe('Demomoc.live');
});

it('only an address of the web is linked to', () => {
  expect(webAddress('https://login.example/not-me#t', ['https:'])).toBe('https://login.example/not-me#t');
  for (const address of ['javascript:alert(1)', 'data:text/html,x', 'http://login.example/', 'not an address', '', undefined]) expect(webAddress(address, ['https:'])).toBeUndefined();
});
