import { texts } from '../texts/texts.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** When something was last seen, in words; a plain date once it is more than 30 days ago. */
export function lastSeenWords(at: string, now: number): string {
  const age = now - Date.parse(at);
  if (Number.isNaN(age)) return '';
  if (age < minute) return texts.time.justNow;
  const words = new Intl.RelativeTimeFormat(texts.locale, { numeric: 'auto' });
  if (age < hour) return words.format(-Math.floor(age / minute), 'minute');
  if (age < day) return words.format(-Math.floor(age / hour), 'hour');
  if (age <= 30 * day) return words.format(-Math.floor(age / day), 'day');
  return dateWords(at);
}

/** A day, for example "Dec 24, 2026" or as the language writes it. */
export function dateWords(at: string): string {
  return new Intl.DateTimeFormat(texts.locale, { dateStyle: 'medium' }).format(new Date(at));
}

/** A time of the day, for example "10:42 AM". */
export function clockWords(at: string): string {
  return new Intl.DateTimeFormat(texts.locale, { timeStyle: 'short' }).format(new Date(at));
}
