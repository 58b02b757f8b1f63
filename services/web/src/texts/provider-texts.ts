import type { providerTexts as english } from './en/provider.ts';
import { type Language, language } from './language.ts';

/** What every language has to provide for the service provider's console. */
export type ProviderTexts = typeof english;

const inLanguage: Record<Language, () => Promise<{ providerTexts: ProviderTexts }>> = {
  en: () => import('./en/provider.ts'),
  es: () => import('./es/provider.ts'),
  fr: () => import('./fr/provider.ts'),
  de: () => import('./de/provider.ts'),
};

/** The texts of the service provider's console; apart from the others, since few people ever see them. */
export let providerTexts: ProviderTexts;

/** Comes before any module that uses them: see `lazyPage`. */
export async function loadProviderTexts(): Promise<void> {
  ({ providerTexts } = await inLanguage[language]());
}
