import { Stack, Text } from '@mantine/core';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Section } from '../../components/section.tsx';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { countWords, rateWords } from './figures.ts';
import { Freshness } from './freshness.tsx';
import { LineChart } from './line-chart.tsx';
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
          {data.queues.every(({ publishPerSecond }) => publishPerSecond === null) && <Text c="dimmed">{words.noRates}</Text>}
          <Overview samples={samples} times={times} />
          <Workers />
          <Section title={words.events}>{linesOf('events')}</Section>
          <Section title={words.requests}>
            <Text c="dimmed">{words.requestsText}</Text>
            {linesOf('requests')}
          </Section>
          <Section title={words.retries}>
            <Text c="dimmed">{words.retriesText}</Text>
            {linesOf('retries')}
          </Section>
        </>
      )}
    </Stack>
  );
}

const worked: QueueKind[] = ['events', 'requests'];

function Overview({ samples, times }: { samples: readonly Sample[]; times: number[] }) {
  return (
    <Section title={words.overview}>
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
        <LineChart title={words.dead} times={times} show={countWords} series={[{ name: words.dead, values: sumOf(samples, ['dead'], 'ready') }]} bare />
      </div>
    </Section>
  );
}
