import { Stack, Text } from '@mantine/core';
import { Link, useSearch } from 'wouter';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { DeadLetterList } from './dead-letter-list.tsx';
import { numberWords } from './figures.ts';
import { Freshness } from './freshness.tsx';
import type { Queue } from './operator-api.ts';
import classes from './operator.module.css';
import { deadOf, kindOf } from './queue-history.ts';
import { useQueues } from './queues-context.tsx';

const words = operatorTexts.dead;

/** What died, queue by queue. The queue stands in the address; without one it is the first that has any. */
export default function DeadLettersPage() {
  const { live } = useQueues();
  const { data, failure, reload } = live;
  const asked = new URLSearchParams(useSearch()).get('queue');
  const queues = data?.queues.filter((queue) => kindOf(queue) === 'events').map(({ name }) => ({ name, count: countOf(data.queues, name) })) ?? [];
  const shown = queues.find(({ name }) => name === asked) ?? queues.find(({ count }) => count > 0) ?? queues[0];

  return (
    <Stack gap="lg">
      <div>
        <PageHeading>{words.title}</PageHeading>
        <Text>{words.lead}</Text>
        <Freshness live={live} />
      </div>
      {!data && (failure ? <LoadFailed failure={failure} onRetry={reload} /> : <Loading />)}
      {shown && (
        <>
          <nav aria-label={words.queues} className={`${classes.tabs} ${classes.queues}`}>
            {queues.map(({ name, count }) => (
              <Link key={name} to={`/operator/dead-letters?${new URLSearchParams({ queue: name })}`} className={classes.tab} aria-current={name === shown.name ? 'true' : undefined}>
                {name}
                {count > 0 && <span className={classes.count}> {numberWords(count)}</span>}
              </Link>
            ))}
          </nav>
          <DeadLetterList key={shown.name} queue={shown.name} count={shown.count} />
        </>
      )}
    </Stack>
  );
}

function countOf(queues: readonly Queue[], name: string): number {
  const dead = queues.find((queue) => queue.name === deadOf(name));
  return dead ? dead.ready + (dead.unacked ?? 0) : 0;
}
