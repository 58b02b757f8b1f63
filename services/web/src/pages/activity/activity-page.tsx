import type { Activity } from '@latchkey/contracts';
import { Button, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { readActivity } from '../../api/activity.ts';
import { serverNow } from '../../api/server-clock.ts';
import { FailureMessage } from '../../components/failure-message.tsx';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Section } from '../../components/section.tsx';
import { groupedBy, storiesOf, type Story } from '../../components/timeline/stories.ts';
import { StoryLine } from '../../components/timeline/story-line.tsx';
import timelineClasses from '../../components/timeline/story-line.module.css';
import { useAction } from '../../components/use-action.ts';
import { useLoad } from '../../components/use-load.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { clockWords, dayWords } from '../../time/date-words.ts';
import classes from './activity-page.module.css';
import { circumstancesOf, describeActivity, describeStory } from './describe-activity.ts';

const words = pageTexts.activity;
const readNewest = () => readActivity();

/** What happened with the login: every attempt to sign in as one story, and every change. */
export default function ActivityPage() {
  const { data, failure: loadFailure, reload } = useLoad(readNewest);
  const [older, setOlder] = useState<{ activities: Activity[]; before: string | null }>({ activities: [], before: null });
  const { busy, failure, run } = useAction();
  const list = useRef<HTMLDivElement>(null);
  const [firstNew, setFirstNew] = useState<string | null>(null);

  const before = older.activities.length > 0 ? older.before : (data?.before ?? null);
  const stories = storiesOf([...(data?.activities ?? []), ...older.activities]);
  const loadOlder = () =>
    run(async () => {
      if (before === null) return;
      const page = await readActivity(before);
      const activities = [...older.activities, ...page.activities];
      setOlder({ activities, before: page.before });
      setFirstNew(storiesOf([...(data?.activities ?? []), ...activities])[stories.length]?.id ?? null);
    });
  // The button moves down or goes away: reading goes on where the new part begins.
  useEffect(() => {
    if (firstNew) list.current?.querySelector<HTMLElement>(`[data-story="${firstNew}"]`)?.focus();
  }, [firstNew]);

  return (
    <Stack gap="lg">
      <div>
        <PageHeading>{words.title}</PageHeading>
        <Text>{words.lead}</Text>
      </div>
      {!data && (loadFailure ? <LoadFailed failure={loadFailure} onRetry={reload} /> : <Loading />)}
      <div ref={list} className={classes.days}>
        {byDay(stories).map(([day, ofDay]) => (
          <Section key={day} title={day}>
            <ol className={timelineClasses.stories}>
              {ofDay.map((story) => (
                <StoryLine
                  key={story.id}
                  story={story}
                  title={describeStory(story)}
                  facts={[clockWords(story.at), ...circumstancesOf(story)]}
                  describe={describeActivity}
                  unfold={words.details}
                />
              ))}
            </ol>
          </Section>
        ))}
      </div>
      {data && stories.length === 0 && <Text>{words.none}</Text>}
      {failure && <FailureMessage failure={failure} />}
      {before !== null && (
        <Button variant="default" onClick={loadOlder} loading={busy}>
          {words.older}
        </Button>
      )}
      <div role="status">{older.activities.length > 0 && before === null && <Text c="dimmed">{words.all}</Text>}</div>
    </Stack>
  );
}

function byDay(stories: Story[]): [string, Story[]][] {
  return [...groupedBy(stories, ({ at }) => dayWords(at, serverNow(), words))];
}
