import { describe, expect, test } from 'vitest';
import { localeFor } from './language.ts';

describe('the language of the site', () => {
  test.each([
    [['de-AT', 'en'], 'de-AT'],
    [['pt-BR', 'es-MX', 'en'], 'es-MX'],
    [['nl', 'it'], 'en'],
    [[], 'en'],
    [['fr'], 'fr'],
    [['constructor', 'fil', 'en_US', '*'], 'en'],
  ])('of a browser that wants %j is %s: the first of its languages that we have', (wanted, locale) => {
    expect(localeFor(null, wanted)).toBe(locale);
  });

  test('that was chosen wins, and takes its country from the browser where that knows one', () => {
    expect(localeFor('fr', ['en-US', 'fr-CA', 'fr'])).toBe('fr-CA');
    expect(localeFor('fr', ['en-US'])).toBe('fr');
  });

  test.each(['xx', '', 'toString', 'fr-'])('is the browser’s where %j was kept, which is none of ours', (kept) => {
    expect(localeFor(kept, ['de-DE'])).toBe('de-DE');
  });
});
