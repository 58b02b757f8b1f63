import { operatorTexts } from '../../texts/operator-texts.ts';
import { chartSize, highestOf, pathOf, type Value } from './chart-path.ts';
import { ageWords } from './figures.ts';
import classes from './line-chart.module.css';

const words = operatorTexts.chart;
/** Nobody looked for longer than this: the page was hidden, or the server away. */
const gapMs = 15_000;

interface LineChartProps {
  title: string;
  /** Two at most: the second one is dashed. */
  series: { name: string; values: readonly Value[] }[];
  /** Of each value, in milliseconds. */
  times: readonly number[];
  show: (value: Value) => string;
  /** The title stands beside it already. */
  bare?: boolean;
}

/** How figures went while the page was open, with the same in words for whoever cannot see it. */
export function LineChart({ title, series, times, show, bare = false }: LineChartProps) {
  const highest = highestOf(series.map(({ values }) => values));
  const span = ageWords((times.at(-1) ?? 0) - (times[0] ?? 0));
  const told = times.length === 0 ? words.empty(title) : words.told(title, span, series.map(({ name, values }) => words.series(name, show(values.at(-1) ?? null), show(highestOf([values])))));
  return (
    <figure className={classes.chart}>
      {!bare && <figcaption className={classes.title}>{title}</figcaption>}
      <div className={classes.legend} aria-hidden="true">
        {series.map(({ name, values }) => (
          <span key={name} className={classes.series}>
            <i /> {name} <b>{times.length > 0 && ((values.at(-1) ?? null) === null ? '–' : show(values.at(-1) ?? null))}</b>
          </span>
        ))}
      </div>
      <svg role="img" aria-label={told} className={classes.lines} viewBox={`0 0 ${chartSize.width} ${chartSize.height}`} preserveAspectRatio="none">
        {series.map(({ name, values }) => (
          <path key={name} d={pathOf(values, times, highest, gapMs)} />
        ))}
      </svg>
      <div className={classes.scale} aria-hidden="true">
        <span>{times.length > 1 ? words.span(span) : words.waitingFor}</span>
        <span>{times.length > 0 && words.highest(show(highest))}</span>
      </div>
    </figure>
  );
}
