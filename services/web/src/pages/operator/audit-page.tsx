import { Stack, Text } from '@mantine/core';
import { useRef } from 'react';
import { serverNow } from '../../api/server-clock.ts';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { momentWords } from '../provider/moment-words.ts';
import { ShowMore } from '../../components/show-more.tsx';
import { Freshness } from './freshness.tsx';
import { type AuditEntry, readAudit } from './operator-api.ts';
import classes from './operator.module.css';
import { useLivePages } from './use-live-pages.ts';

const words = operatorTexts.audit;
const everyMs = 5_000;

/** Who of the operators did what, newest first. */
export default function AuditPage() {
  const pages = useLivePages(readAudit, everyMs);
  const { items, live, held, hasMore, reload } = pages;
  const list = useRef<HTMLOListElement>(null);
  return (
    <Stack gap="lg">
      <div>
        <PageHeading>{words.title}</PageHeading>
        <Text>{words.lead}</Text>
        <Freshness live={live} held={held} onRefresh={reload} />
      </div>
      {!items && (live.failure ? <LoadFailed failure={live.failure} onRetry={reload} /> : <Loading />)}
      {items?.length === 0 && <Text c="dimmed">{words.none}</Text>}
      {items && items.length > 0 && (
        <div className={`card ${classes.book}`}>
          <ol ref={list} className={classes.list}>
            {items.map((entry) => (
              <li key={entry.id} className={classes.item} tabIndex={-1}>
                <Entry entry={entry} />
              </li>
            ))}
          </ol>
        </div>
      )}
      <div>
        <ShowMore pages={pages} list={list} name={words.older} />
        {items && items.length > 0 && !hasMore && (
          <Text c="dimmed" size="sm">
            {words.end}
          </Text>
        )}
      </div>
    </Stack>
  );
}

function Entry({ entry: { at, by, action, target } }: { entry: AuditEntry }) {
  const ids = Array.isArray(target.ids) ? target.ids.map(String) : [];
  return (
    <>
      <div className={classes.name}>{words.actions[action]?.(target) ?? `${action} ${JSON.stringify(target)}`}</div>
      <div className={classes.dimmed}>
        <time dateTime={at}>{momentWords(at, serverNow())}</time> · {words.by(by.loginName)}
      </div>
      {ids.length > 0 && (
        <details className={classes.details}>
          <summary>{words.ids}</summary>
          <ul className={classes.steps}>
            {ids.map((id) => (
              <li key={id}>{id}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
