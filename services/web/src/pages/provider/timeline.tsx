import type { Activity } from '@latchkey/contracts';
import { Button, Text } from '@mantine/core';
import { useMemo, useRef } from 'react';
import { serverNow } from '../../api/server-clock.ts';
import { AlertIcon } from '../../components/form-icons.tsx';
import { CheckIcon } from '../../components/icons.tsx';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { Section } from '../../components/section.tsx';
import { useAction } from '../../components/use-action.ts';
import { providerTexts } from '../../texts/provider-texts.ts';
import { type Episode, episodesOf } from './attempts.ts';
import { momentWords, secondWords } from './moment-words.ts';
import { ShowMore } from './show-more.tsx';
import classes from './timeline.module.css';
import type { usePages } from './use-pages.ts';

const words = providerTexts.timeline;

interface TimelineProps {
  pages: ReturnType<typeof usePages<Activity>>;
  onRefresh: () => Promise<void>;
  onNews: (text: string) => void;
}

/** What happened with a login, newest first, each login attempt as a story of its own. */
export function Timeline({ pages, onRefresh, onNews }: TimelineProps) {
  const { items, failure, hasMore } = pages;
  const list = useRef<HTMLOListElement>(null);
  const refreshing = useAction();
  const episodes = useMemo(() => episodesOf(items ?? []), [items]);

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
      <ol ref={list} className={classes.episodes}>
        {episodes.map((episode) => (
          // Takes the focus when it is the first of those that were loaded.
          <li key={episode.id} tabIndex={-1} className={classes.episode} data-outcome={toneOf(episode)}>
            <EpisodeLines episode={episode} />
          </li>
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

function EpisodeLines({ episode: { at, lines, outcome } }: { episode: Episode }) {
  const [line] = lines;
  if (!line) return null;
  const told = outcome ? words.outcomes[outcome] : words.happened[line.kind](line);
  const seen = lines.find(({ device }) => device) ?? line;
  return (
    <>
      <div className={classes.head}>
        <strong className={classes.title}>
          {outcome === 'signed_in' && <CheckIcon />}
          {toneOf({ lines, outcome }) === 'bad' && <AlertIcon />}
          <span>{told}</span>
        </strong>
        <time dateTime={at} className={classes.when}>
          {momentWords(at, serverNow())}
        </time>
      </div>
      <Facts facts={[seen.device?.name, lines.find(({ ip }) => ip)?.ip, ...(outcome ? [] : about(line))]} />
      {outcome && (
        <ol className={classes.steps}>
          {lines.map((step) => (
            <li key={step.id} data-tone={toneOf({ lines: [step], outcome: null })}>
              <time dateTime={step.at}>{secondWords(step.at)}</time>
              <span>{[words.happened[step.kind](step), ...about(step)].filter(Boolean).join(' · ')}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function Facts({ facts }: { facts: (string | null | undefined)[] }) {
  const told = facts.filter(Boolean);
  return told.length > 0 && <div className={classes.facts}>{told.join(' · ')}</div>;
}

/** Who did it where that was somebody else, what the service provider wrote, and which service took a message. */
function about({ kind, by, reason, deliveredBy }: Activity): string[] {
  const facts: string[] = [];
  if (by.kind !== 'self' && by.kind !== 'system') facts.push(words.by(by.name ?? words.actors[by.kind]));
  if (reason && (kind === 'two_factor_off' || kind === 'two_factor_reset')) facts.push(words.reason(reason));
  if (deliveredBy && (kind === 'code_accepted' || kind === 'code_failed' || kind === 'code_unknown')) facts.push(words.via(deliveredBy));
  return facts;
}

const bad = new Set<Activity['kind']>(['login_refused', 'code_refused', 'code_failed', 'code_expired', 'device_secret_reused', 'not_me']);

function toneOf({ lines, outcome }: Pick<Episode, 'lines' | 'outcome'>): 'good' | 'bad' | undefined {
  if (outcome === 'signed_in') return 'good';
  if (outcome === 'refused' || (!outcome && lines.some(({ kind }) => bad.has(kind)))) return 'bad';
  return undefined;
}
