import { VisuallyHidden } from '@mantine/core';
import { Link } from 'wouter';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { countWords, numberWords, rateWords, spanWords } from './figures.ts';
import { Facts } from './facts.tsx';
import { LineChart } from './line-chart.tsx';
import type { Queue } from './operator-api.ts';
import classes from './operator.module.css';
import queueClasses from './queues-page.module.css';
import { deadOf, figureOf, kindOf, type Sample } from './queue-history.ts';

const words = operatorTexts.queues;

interface QueueLineProps {
  queue: Queue;
  all: readonly Queue[];
  samples: readonly Sample[];
  times: readonly number[];
}

/** One queue: its figures now, and how they went. */
export function QueueLine({ queue, all, samples, times }: QueueLineProps) {
  const { name, service, ready, unacked, consumers, publishPerSecond, deliverPerSecond, oldestSeconds } = queue;
  const dead = all.find((other) => other.name === deadOf(name));
  const deadCount = dead ? dead.ready + (dead.unacked ?? 0) : 0;
  const isRetry = kindOf(queue) === 'retries';
  return (
    <li className={`${classes.item} ${queueClasses.queue}`} data-queue={name}>
      <div>
        <span className={classes.name}>{name}</span> {service && <span className={classes.dimmed}>{service}</span>}
        <Facts
          facts={[
            [words.waiting, numberWords(ready)],
            [words.inHand, known(unacked, countWords)],
            isRetry ? null : [words.consumers, consumers === 0 ? <Nobody key="nobody" /> : numberWords(consumers)],
            [words.oldest, ready === 0 ? '–' : known(oldestSeconds, (seconds) => spanWords(seconds * 1000))],
            [words.published, known(publishPerSecond, rateWords)],
            [words.delivered, known(deliverPerSecond, rateWords)],
            dead
              ? [
                  words.dead,
                  deadCount === 0 ? '0' : (
                    <Link key="dead" to={`/operator/dead-letters?${new URLSearchParams({ queue: name })}`} aria-label={words.openDead(deadCount, name)}>
                      {numberWords(deadCount)}
                    </Link>
                  ),
                ]
              : null,
          ]}
        />
      </div>
      <LineChart
        title={words.chartOf(words.waiting, name)}
        times={times}
        show={countWords}
        series={[
          { name: words.waiting, values: figureOf(samples, name, 'ready') },
          { name: words.inHand, values: figureOf(samples, name, 'unacked') },
        ]}
        bare
      />
      <LineChart
        title={words.chartOf(words.rates, name)}
        times={times}
        show={rateWords}
        series={[
          { name: words.published, values: figureOf(samples, name, 'publishPerSecond') },
          { name: words.delivered, values: figureOf(samples, name, 'deliverPerSecond') },
        ]}
        bare
      />
    </li>
  );
}

/** A dash for what is not known takes no more room than a figure: nothing moves when the broker begins to tell. */
const known = (value: number | null, show: (value: number) => string) =>
  value === null ? (
    <>
      <span aria-hidden="true">–</span>
      <VisuallyHidden>{operatorTexts.units.unknown}</VisuallyHidden>
    </>
  ) : (
    show(value)
  );

const Nobody = () => (
  <span className={classes.state} data-tone="bad">
    {words.nobody}
  </span>
);
