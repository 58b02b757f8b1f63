import { locale } from '../texts/language.ts';
import { pageTexts } from '../texts/page-texts.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** When something was last seen, in words; a plain date once it is more than 30 days ago. */
export function lastSeenWords(at: string, now: number): string {
  const age = now - Date.parse(at);
  if (Number.isNaN(age)) return '';
  if (age < minute) return pageTexts.justNow;
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (age < hour) return words.format(-Math.floor(age / minute), 'minute');
  if (age < day) return words.format(-Math.floor(age / hour), 'hour');
  if (age <= 30 * day) return words.format(-Math.floor(age / day), 'day');
  return dateWords(at);
}

/** A day, for example "Dec 24, 2026" or as the language writes it. */
export function dateWords(at: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(at));
}

/** A time of the day, for example "10:42 AM"; with its seconds where lines follow each other closely. */
export function clockWords(at: string, timeStyle: 'short' | 'medium' = 'short'): string {
  return new Intl.DateTimeFormat(locale, { timeStyle }).format(new Date(at));
}

/** The day of something that happened, as this device's calendar has it. */
export function dayWords(at: string, now: number, { today, yesterday }: { today: string; yesterday: string }): string {
  const calendarDay = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  const daysAgo = Math.round((calendarDay(new Date(now)) - calendarDay(new Date(at))) / day);
  if (daysAgo <= 0) return today;
  if (daysAgo === 1) return yesterday;
  const words = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(at));
  // It stands where "Today" does; some languages write the names of days small.
  return words.slice(0, 1).toLocaleUpperCase(locale) + words.slice(1);
}
