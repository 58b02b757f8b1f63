import { quantile } from '../flows/figures.ts';

/** Until then caches fill, pools open and code is compiled. */
const warmUpShare = 0.25;
/** Of a straight line through fewer points nothing can be told. */
const leastPoints = 8;
/** Of the middle value, an hour. */
const flatShare = 0.1;
/** Student's t for 95 %, from 6 to 30 degrees of freedom, at its largest. */
const student = 2.45;

export const rule =
  `The lowest value of each minute counts, so that garbage does not; the first quarter of the time does not. A line is laid through what is left. ` +
  `Flat: its slope, with 95 % confidence, is below ${flatShare * 100} % of the middle value an hour. Grows: it is above that. Else it cannot be told: longer.`;

export type Verdict = 'flat' | 'grows' | 'cannot be told';
export type Trend = { middle: number; perHour: number; /** Half of the width of the slope's 95 % interval. */ orSo: number; verdict: Verdict };
export type Point = { second: number; value: number };

/** Whether it goes up with time, as `rule` has it. */
export function trendOf(points: readonly Point[], lastedSeconds: number): Trend {
  const lowest = new Map<number, number>();
  for (const { second, value } of points) {
    const minute = Math.floor(second / 60);
    if (second >= lastedSeconds * warmUpShare) lowest.set(minute, Math.min(value, lowest.get(minute) ?? Infinity));
  }
  const places = [...lowest].map(([minute, value]) => ({ hour: minute / 60, value }));
  const middle = quantile(places.map(({ value }) => value), 0.5);
  const { slope, error } = lineThrough(places);
  const [perHour, orSo] = [round(slope), round(student * error)];
  const most = flatShare * middle;
  const verdict = places.length < leastPoints ? 'cannot be told' : slope + student * error <= most ? 'flat' : slope - student * error > most ? 'grows' : 'cannot be told';
  return { middle: round(middle), perHour, orSo, verdict };
}

/** Least squares: the slope and its standard error. */
function lineThrough(places: readonly { hour: number; value: number }[]): { slope: number; error: number } {
  const count = places.length;
  const mean = (of: (place: (typeof places)[number]) => number) => places.reduce((sum, place) => sum + of(place), 0) / count;
  const [hour, value] = [mean((place) => place.hour), mean((place) => place.value)];
  const spread = count * mean((place) => (place.hour - hour) ** 2);
  if (count < 3) return { slope: spread > 0 ? (count * mean((place) => (place.hour - hour) * (place.value - value))) / spread : 0, error: Infinity };
  const slope = (count * mean((place) => (place.hour - hour) * (place.value - value))) / spread;
  const left = count * mean((place) => (place.value - value - slope * (place.hour - hour)) ** 2);
  return { slope, error: Math.sqrt(left / (count - 2) / spread) };
}

const round = (value: number) => Number(value.toFixed(1));
