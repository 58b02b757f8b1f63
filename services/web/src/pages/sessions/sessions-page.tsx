import { Badge, Button, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import { endOtherSessions, endSession, type ListedSession, listSessions } from '../../api/sessions.ts';
import { serverNow } from '../../api/server-clock.ts';
import { FailureMessage } from '../../components/failure-message.tsx';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import listClasses from '../../components/plain-list.module.css';
import { Section } from '../../components/section.tsx';
import { useAction } from '../../components/use-action.ts';
import { useAnnouncement } from '../../components/use-announcement.tsx';
import { useLoad } from '../../components/use-load.ts';
import { useSession } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';
import { dateWords, lastSeenWords } from '../../time/date-words.ts';
import classes from '../../components/list-line.module.css';

const words = pageTexts.sessions;

/** Where the login is in use at the moment, and ending that. */
export default function SessionsPage() {
  const { data, failure: loadFailure, reload } = useLoad(listSessions);
  const { signedOut } = useSession();
  const { announce, announcement } = useAnnouncement();
  const { busy, failure, run } = useAction();
  const ids = useId();

  const end = (session: ListedSession) =>
    run(
      async () => {
        await endSession(session.id);
        if (session.current) return signedOut('signed_out');
        announce(words.ended(session.device.name));
        await reload();
      },
      // It ended by itself meanwhile: as wanted.
      ({ code }) => {
        if (code === 'not_found') void reload();
        return code === 'not_found';
      },
    );
  const endOthers = () =>
    run(async () => {
      await endOtherSessions();
      announce(words.endedOthers);
      await reload();
    });

  return (
    <Stack gap="lg">
      <PageHeading>{words.title}</PageHeading>
      {!data && (loadFailure ? <LoadFailed failure={loadFailure} onRetry={reload} /> : <Loading />)}
      {data && (
        <Section title={words.lead}>
          <ul className={listClasses.list}>
            {[...data.sessions].sort((one, other) => Number(other.current) - Number(one.current)).map((session) => (
              <li key={session.id} className={classes.line}>
                <SessionFacts session={session} nameId={ids + session.id} />
                <Button variant="default" size="sm" disabled={busy} aria-describedby={ids + session.id} onClick={() => end(session)}>
                  {session.current ? pageTexts.nav.signOut : words.end}
                </Button>
              </li>
            ))}
          </ul>
          {data.sessions.length > 1 ? (
            <Button mt="sm" onClick={endOthers} loading={busy}>
              {words.endOthers}
            </Button>
          ) : (
            <Text c="dimmed">{words.only}</Text>
          )}
          {failure && <FailureMessage failure={failure} />}
        </Section>
      )}
      {announcement}
    </Stack>
  );
}

function SessionFacts({ session: { device, current, assurance, createdAt, expiresAt, ip }, nameId }: { session: ListedSession; nameId: string }) {
  return (
    <div className={classes.about}>
      <div className={classes.name}>
        <span id={nameId}>{device.name}</span>
        {current && (
          <Badge size="md" variant="outline" tt="none">
            {words.this}
          </Badge>
        )}
      </div>
      <div className={classes.facts}>
        {words.since(lastSeenWords(createdAt, serverNow()))}, {words.from(ip)}, {words.how[assurance]}
      </div>
      <div className={classes.facts}>{words.until(dateWords(expiresAt))}</div>
    </div>
  );
}
