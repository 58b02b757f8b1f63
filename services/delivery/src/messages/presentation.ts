import type { Branding } from '@latchkey/contracts';
import { canonicalTag, chooseLanguage } from './choose-language.ts';
import { oneLine, webAddress } from './clean-words.ts';
import { lastLanguage, loadTemplates } from './load-templates.ts';
import { templateFiles } from './template-files.ts';
import type { LanguageTemplates } from './template-shape.ts';

/**
 * Who speaks to whom: in which language, under whose name. A colour, a logo (https only) or a time zone that can't be used
 * is left out: no message is lost over it.
 */
export interface Presentation {
  /** Of the login: the tag its browser sent or the person chose. */
  locale: string;
  branding: Branding;
}

// Read once, before the process takes its first message: wrong templates stop it at its start.
const templates = loadTemplates(templateFiles);
export const { layouts } = templates;
/** The tags of all languages there are. */
export const languages: readonly string[] = [...templates.languages.keys()];

export interface Speech {
  lang: string;
  templates: LanguageTemplates;
  brand: string;
  host: string;
  /** A moment, in words. */
  moment(at: Date | string): string;
}

/** The language of a message with what it needs of the provider. */
export function speechOf({ locale, branding }: Presentation): Speech {
  const lang = chooseLanguage([locale, branding.defaultLocale], templates.languages, lastLanguage);
  const spoken = templates.languages.get(lang);
  if (!spoken) throw new Error(`no templates in ${lang}`);
  return {
    lang,
    templates: spoken,
    brand: oneLine(branding.name),
    host: branding.host,
    moment: (at) => tellMoment(at, dateTag(locale, lang), branding.timeZone),
  };
}

/** What the layout of an email needs of the provider and the language. */
export function lookOf({ lang, templates: { direction }, brand }: Speech, { color, logoUrl }: Branding) {
  const accent = color && /^#[\da-f]{6}$/i.test(color) ? color : latchkeyGreen;
  return { lang, direction, brand, logoUrl: webAddress(logoUrl, ['https:']), color: accent, onColor: inkOn(accent) };
}

const latchkeyGreen = '#17745f';

/** Black or white, whichever can be read better on a colour (WCAG 2.2, relative luminance). */
function inkOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 ? '#ffffff' : '#000000';
}

/** Days are written as in the person's own country where that speaks the message's language. */
function dateTag(locale: string, lang: string): string {
  const own = canonicalTag(locale);
  return own?.split('-')[0] === lang.split('-')[0] ? (own ?? lang) : lang;
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** Languages and zones of a provider are few; a tag is what a browser sent, of which there may be any number. */
const mostFormats = 500;

function tellMoment(at: Date | string, tag: string, timeZone = 'UTC'): string {
  try {
    return formatOf(tag, timeZone).format(new Date(at));
  } catch {
    return formatOf(tag, 'UTC').format(new Date(at));
  }
}

/** Kept: to make one takes 110 µs, to use it 2 µs. */
function formatOf(tag: string, timeZone: string): Intl.DateTimeFormat {
  const key = `${tag} ${timeZone}`;
  const known = formats.get(key);
  if (known) return known;
  const format = new Intl.DateTimeFormat(tag, { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZone, timeZoneName: 'short' });
  if (formats.size >= mostFormats) formats.clear();
  formats.set(key, format);
  return format;
}
