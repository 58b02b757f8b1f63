import { texts } from '../texts/texts.ts';

/** A wait in words: seconds up to two minutes, whole minutes beyond, never too short. */
export function durationWords(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return whole < 120 ? texts.common.seconds(whole) : texts.common.minutes(Math.ceil(whole / 60));
}
