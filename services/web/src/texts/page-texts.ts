import { enAccount } from './en-account.ts';
import { enHelp } from './en-help.ts';
import { enPages } from './en-pages.ts';

const enPageTexts = { ...enPages, ...enHelp, ...enAccount };

/** What every language has to provide for the pages after the sign-in page. */
export type PageTexts = typeof enPageTexts;

/** The texts of the pages after the sign-in page; apart from the others, so that the first load is light. */
export const pageTexts: PageTexts = enPageTexts;
