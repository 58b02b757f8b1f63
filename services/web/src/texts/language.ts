/** The languages of the site, each by its own name. A new one needs its texts in a folder of that name, too. */
export const languages = { en: 'English', es: 'Español', fr: 'Français', de: 'Deutsch' };

export type Language = keyof typeof languages;

const key = 'latchkey.language';

/**
 * The language that was chosen on the site; else the browser's first that we have. With its country where the browser
 * names one, since that decides how dates are written.
 */
export function localeFor(chosen: string | null, wanted: readonly string[]): string {
  const has = (language: string) => Object.hasOwn(languages, language);
  const known = wanted.filter((locale) => has(languageOf(locale)));
  if (chosen && has(chosen)) return known.find((locale) => languageOf(locale) === chosen) ?? chosen;
  return known[0] ?? 'en';
}

/** For dates and numbers: "de-AT" for example. */
export const locale = localeFor(readChoice(), navigator.languages);

/** What the site speaks, until it is loaded again. */
export const language = languageOf(locale) as Language;

function languageOf(locale: string): string {
  return locale.split('-', 1)[0] ?? '';
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Speaks it from now on: every text is there once, so the page is loaded again. */
export function chooseLanguage(chosen: string): void {
  try {
    localStorage.setItem(key, chosen);
  } catch {
    // Without storage the browser's own languages decide.
  }
  location.reload();
}
