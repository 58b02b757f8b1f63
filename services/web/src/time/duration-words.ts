import { locale } from '../texts/language.ts';

/** A wait in words: seconds up to two minutes, whole minutes beyond, never too short. */
export function durationWords(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return whole < 120 ? inWords(whole, 'second') : inWords(Math.ceil(whole / 60), 'minute');
}

const inWords = (count: number, unit: string) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
