import type { account } from './en/account.ts';
import type { help } from './en/help.ts';
import type { pageTexts as english } from './en/pages.ts';
import { type Language, language } from './language.ts';

/** What every language has to provide for the pages after the sign-in page. */
export type PageTexts = typeof english;
export type HelpTexts = typeof help;
export type AccountTexts = typeof account;

const inLanguage: Record<Language, () => Promise<{ pageTexts: PageTexts }>> = {
  en: () => import('./en/pages.ts'),
  es: () => import('./es/pages.ts'),
  fr: () => import('./fr/pages.ts'),
  de: () => import('./de/pages.ts'),
};

/** The texts of the pages after the sign-in page; apart from the others, so that the first load is light. */
export let pageTexts: PageTexts;

/** Comes before any module that uses them: see `lazyPage`. */
export async function loadPageTexts(): Promise<void> {
  ({ pageTexts } = await inLanguage[language]());
}
