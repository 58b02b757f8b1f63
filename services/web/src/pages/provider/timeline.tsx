import type { Activity } from '@latchkey/contracts';
import { Button, Text } from '@mantine/core';
import { useMemo, useRef } from 'react';
import { serverNow } from '../../api/server-clock.ts';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { Section } from '../../components/section.tsx';
import { type Story, storiesOf } from '../../components/timeline/stories.ts';
import { StoryLine } from '../../components/timeline/story-line.tsx';
import classes from '../../components/timeline/story-line.module.css';
import { useAction } from '../../components/use-action.ts';
import { providerTexts } from '../../texts/provider-texts.ts';
import { outcomeOf } from './attempts.ts';
import { momentWords } from './moment-words.ts';
import { ShowMore } from '../../components/show-more.tsx';
import type { usePages } from '../../components/use-pages.ts';

const words = providerTexts.timeline;
type Actors = typeof words.actors;

interface TimelineProps {
  pages: ReturnType<typeof usePages<Activity>>;
  onRefresh: () => Promise<void>;
  onNews: (text: string) => void;
  /** Who somebody without a name is, to whoever reads this. */
  actors?: Actors;
}

/** What happened with a login, newest first, each login attempt as a story of its own. */
export function Timeline({ pages, onRefresh, onNews, actors = words.actors }: TimelineProps) {
  const { items, failure, hasMore } = pages;
  const list = useRef<HTMLOListElement>(null);
  const refreshing = useAction();
  const stories = useMemo(() => storiesOf(items ?? []), [items]);

  return (
    <Section
      title={words.title}
      aside={
        <Button variant="default" size="sm" ml="auto" onClick={() => refreshing.run(onRefresh)} loading={refreshing.busy}>
          {words.refresh}
        </Button>
      }
    >
      {failure ? <LoadFailed failure={failure} onRetry={pages.reload} /> : !items && <Loading />}
      {items?.length === 0 && <Text c="dimmed">{words.empty}</Text>}
      <ol ref={list} className={classes.stories}>
        {stories.map((story) => (
          <TimelineStory key={story.id} story={story} actors={actors} />
        ))}
      </ol>
      <ShowMore pages={pages} list={list} name={words.older} onLoaded={(count) => onNews(words.loadedOlder(count))} />
      {items && items.length > 0 && !hasMore && (
        <Text c="dimmed" size="sm" mt="sm">
          {words.noOlder}
        </Text>
      )}
    </Section>
  );
}

function TimelineStory({ story, actors }: { story: Story; actors: Actors }) {
  const { lines, outcome: told } = story;
  const outcome = outcomeOf(lines);
  const seen = lines.find(({ device }) => device) ?? told;
  const facts = [seen.device?.name, lines.find(({ ip }) => ip)?.ip, ...(outcome ? [] : about(told, actors))].filter((fact) => fact !== undefined && fact !== null);
  return (
    <StoryLine
      story={story}
      {...(outcome === 'asked' && { kind: 'code_required' as const })}
      title={outcome ? words.outcomes[outcome] : words.happened[told.kind](told)}
      when={<time dateTime={story.at}>{momentWords(story.at, serverNow())}</time>}
      facts={facts}
      describe={(line) => [words.happened[line.kind](line), ...about(line, actors)].join(' · ')}
    />
  );
}

/** Who did it where that was somebody else, what the service provider wrote, and which service took a message. */
function about({ kind, by, reason, deliveredBy }: Activity, actors: Actors): string[] {
  const facts: string[] = [];
  if (by.kind !== 'self' && by.kind !== 'system') facts.push(words.by(by.name ?? actors[by.kind]));
  if (reason && (kind === 'two_factor_off' || kind === 'two_factor_reset')) facts.push(words.reason(reason));
  if (deliveredBy && (kind === 'code_accepted' || kind === 'code_failed' || kind === 'code_unknown')) facts.push(words.via(deliveredBy));
  return facts;
}
