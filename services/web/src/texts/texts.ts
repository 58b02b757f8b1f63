import { type Language, language } from './language.ts';
import type { texts as english } from './en/first.ts';

/** What every language has to provide; the compiler names what a translation lacks. */
export type Texts = typeof english;

const inLanguage: Record<Language, () => Promise<{ texts: Texts }>> = {
  en: () => import('./en/first.ts'),
  es: () => import('./es/first.ts'),
  fr: () => import('./fr/first.ts'),
  de: () => import('./de/first.ts'),
};

/** The texts of the first load, in the one language that was loaded. */
export let texts: Texts;

/** Comes before the first render. */
export async function loadTexts(): Promise<void> {
  ({ texts } = await inLanguage[language]());
}
