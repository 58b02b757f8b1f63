import { expect, it } from 'vitest';
import { canonicalTag, chooseLanguage } from './choose-language.ts';

const available = new Set(['en', 'de', 'de-AT', 'pt-BR', 'zh-Hant']);

it.each<[wish: string, providers: string | undefined, language: string, why: string]>([
  ['de-AT', undefined, 'de-AT', 'exactly the tag'],
  ['de-CH', undefined, 'de', 'else the language'],
  ['DE_at', undefined, 'de-AT', 'however it is written'],
  ['zh-Hant-TW', undefined, 'zh-Hant', 'a script is no region'],
  ['zh-Hans-CN', undefined, 'en', 'another script is another language'],
  ['pt-PT', undefined, 'en', 'another region is no better than another language'],
  ['tlh', 'de-CH', 'de', 'else the provider’s'],
  ['tlh', 'sv', 'en', 'else English'],
  ['', 'pt-BR', 'pt-BR', 'nothing wished for'],
  ['*; q=0.5', undefined, 'en', 'no tag at all'],
  ['__proto__', 'constructor', 'en', 'a name that objects have'],
])('%j with the provider’s %j is answered in %s: %s', (wish, providers, language) => {
  expect(chooseLanguage([wish, providers], available, 'en')).toBe(language);
});

it('what is no tag has no canonical form', () => {
  expect(canonicalTag('pt_br')).toBe('pt-BR');
  expect(canonicalTag('../../etc/passwd')).toBeUndefined();
});
