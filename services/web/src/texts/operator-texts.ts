import type { operatorTexts as english } from './en/operator.ts';
import { type Language, language } from './language.ts';
import { loadProviderTexts } from './provider-texts.ts';

/** What every language has to provide for the operators' pages. */
export type OperatorTexts = typeof english;

const inLanguage: Record<Language, () => Promise<{ operatorTexts: OperatorTexts }>> = {
  en: () => import('./en/operator.ts'),
  es: () => import('./es/operator.ts'),
  fr: () => import('./fr/operator.ts'),
  de: () => import('./de/operator.ts'),
};

/** The texts of the operators' pages; apart from the others, since very few people ever see them. */
export let operatorTexts: OperatorTexts;

/** Comes before any module that uses them: see `lazyPage`. Stories are told in the words of the provider's console. */
export async function loadOperatorTexts(): Promise<void> {
  [{ operatorTexts }] = await Promise.all([inLanguage[language](), loadProviderTexts()]);
}
