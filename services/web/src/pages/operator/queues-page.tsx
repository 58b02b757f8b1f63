import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Section } from '../../components/section.tsx';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { countWords, rateWords } from './figures.ts';
import { Freshness } from './freshness.tsx';
import { LineChart } from './line-chart.tsx';
import type { Queue } from './operator-api.ts';
import classes from './operator.module.css';
import queueClasses from './queues-page.module.css';
import { kindOf, type QueueKind, type Sample, sumOf } from './queue-history.ts';
import { QueueLine } from './queue-line.tsx';
import { useQueues } from './queues-context.tsx';
import { Workers } from './workers.tsx';

const words = operatorTexts.queues;

/** How full the queues are and were, and who delivers. */
export default function QueuesPage() {
  const { live, samples } = useQueues();
  const { data, failure, reload } = live;
  const times = samples.map(({ at }) => at);

  const linesOf = (kind: QueueKind) => (
    <ul className={classes.list}>
      {data?.queues
        .filter((queue) => kindOf(queue) === kind)
        .map((queue) => <QueueLine key={queue.name} queue={queue} all={data.queues} samples={samples} times={times} />)}
    </ul>
  );
  return (
    <Stack gap="lg">
      <div>
        <PageHeading>{words.title}</PageHeading>
        <Freshness live={live} />
      </div>
      {!data && (failure ? <LoadFailed failure={failure} onRetry={reload} /> : <Loading />)}
      {data && (
        <>
          <Overview samples={samples} times={times} hasRates={data.queues.some(({ publishPerSecond }) => publishPerSecond !== null)} />
          <Workers />
          <Section title={words.events}>{linesOf('events')}</Section>
          <More title={words.requests} queues={data.queues.filter((queue) => kindOf(queue) === 'requests')}>
            <Text c="dimmed">{words.requestsText}</Text>
            {linesOf('requests')}
          </More>
          <More title={words.retries} queues={data.queues.filter((queue) => kindOf(queue) === 'retries')}>
            <Text c="dimmed">{words.retriesText}</Text>
            {linesOf('retries')}
          </More>
        </>
      )}
    </Stack>
  );
}

/** Queues that are seldom looked at: folded, with how much waits in them. */
function More({ title, queues, children }: { title: string; queues: Queue[]; children: ReactNode }) {
  return (
    <details className={`card ${queueClasses.more}`}>
      <summary>
        <h2>{title}</h2>
        <span className={classes.dimmed}>{words.waitingIn(queues.length, queues.reduce((sum, { ready }) => sum + ready, 0))}</span>
      </summary>
      {children}
    </details>
  );
}

const worked: QueueKind[] = ['events', 'requests'];

function Overview({ samples, times, hasRates }: { samples: readonly Sample[]; times: number[]; hasRates: boolean }) {
  return (
    <Section title={words.overview} aside={!hasRates && <Text span c="dimmed" size="sm">{words.noRates}</Text>}>
      <div className={queueClasses.overview}>
        <LineChart title={words.waiting} times={times} show={countWords} series={[{ name: words.waiting, values: sumOf(samples, worked, 'ready') }]} bare />
        <LineChart
          title={words.rates}
          times={times}
          show={rateWords}
          series={[
            { name: words.published, values: sumOf(samples, worked, 'publishPerSecond') },
            { name: words.delivered, values: sumOf(samples, worked, 'deliverPerSecond') },
          ]}
          bare
        />
        <LineChart title={words.inFlight} times={times} show={countWords} series={[{ name: words.inFlight, values: samples.map(({ inFlight }) => inFlight) }]} bare />
        <LineChart title={words.dead} times={times} show={countWords} series={[{ name: words.dead, values: sumOf(samples, ['dead'], 'ready', 'unacked') }]} bare />
      </div>
    </Section>
  );
}
