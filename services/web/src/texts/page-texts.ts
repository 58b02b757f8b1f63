import { enPages } from './en-pages.ts';

/** What every language has to provide for the pages after the sign-in page. */
export type PageTexts = typeof enPages;

/** The texts of the pages after the sign-in page; apart from the others, so that the first load is light. */
export const pageTexts: PageTexts = enPages;
