import { providerTexts } from '../../texts/provider-texts.ts';
import { clockWords, dateWords } from '../../time/date-words.ts';

const dayMs = 86_400_000;

/** A moment as it is said on the phone: "Today, 10:42 AM"; the day is that of this device's clock. */
export function momentWords(at: string, now: number): string {
  return `${dayWords(at, now)}, ${clockWords(at)}`;
}

function dayWords(at: string, now: number): string {
  const isDay = (moment: number) => new Date(at).toDateString() === new Date(moment).toDateString();
  if (isDay(now)) return providerTexts.timeline.today;
  if (isDay(now - dayMs)) return providerTexts.timeline.yesterday;
  return dateWords(at);
}
