import { locale } from '../../texts/language.ts';
import { operatorTexts } from '../../texts/operator-texts.ts';

const { units } = operatorTexts;

/** A number as the language writes it, with as many digits behind the point at most. */
export const numberWords = (value: number, digits = 0) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);

/** Null is not known, which is not the same as none. */
export const countWords = (value: number | null) => (value === null ? units.unknown : numberWords(value));
export const rateWords = (value: number | null) => (value === null ? units.unknown : units.perSecond(numberWords(value, value < 10 ? 1 : 0)));

/** A span of time in its largest unit: "850 ms", "12 s", "3 min", "2 h", "5 d". */
export function spanWords(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 1) return units.milliseconds(numberWords(seconds * 1000));
  if (seconds < 10 && !Number.isInteger(seconds)) return units.seconds(numberWords(seconds, 1));
  if (seconds < 120) return units.seconds(numberWords(seconds));
  if (seconds < 7_200) return units.minutes(numberWords(seconds / 60));
  return seconds < 172_800 ? units.hours(numberWords(seconds / 3_600)) : units.days(numberWords(seconds / 86_400));
}

/** How long ago, in whole seconds: what ticks should not jump in tenths. */
export const ageWords = (ms: number) => spanWords(Math.max(1, Math.round(ms / 1000)) * 1000);

/** Millionths of whatever money the prices in the routes are in. */
export const costWords = (micros: number) => numberWords(micros / 1_000_000, 4);

/** The value that a share of all is not above, by the nearest rank; null of none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
