import { en } from './en.ts';

/** What every language has to provide; the compiler names what a translation lacks. */
export type Texts = typeof en;

/** The texts of the site. English is the only language so far. */
export const texts: Texts = en;
