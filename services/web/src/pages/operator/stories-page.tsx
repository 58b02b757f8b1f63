import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { FailureMessage } from '../../components/failure-message.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { useAnnouncement } from '../../components/use-announcement.tsx';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { Timeline } from '../provider/timeline.tsx';
import { usePages } from '../../components/use-pages.ts';
import { readId } from './ids.ts';
import { readStory } from './operator-api.ts';
import classes from './operator.module.css';

const words = operatorTexts.stories;

/** What happened in a login attempt, or with a login: one field takes the id of either. */
export default function StoriesPage() {
  const [, navigate] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('id') ?? '';
  const [typed, setTyped] = useState(asked);
  const [wrong, setWrong] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setTyped(asked), [asked]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const id = readId(typed);
    setWrong(id === null);
    if (id === null) return field.current?.focus();
    navigate(`/operator/stories?id=${id}`);
  };
  const id = readId(asked);
  return (
    <Stack gap="lg">
      <div>
        <PageHeading takesFocus={asked !== ''}>{words.title}</PageHeading>
        <Text>{words.lead}</Text>
      </div>
      <search>
        <form onSubmit={submit} noValidate>
          <div className={classes.find}>
            <TextInput
              ref={field}
              label={words.field}
              description={words.hint}
              value={typed}
              onChange={(event) => (setTyped(event.currentTarget.value), setWrong(false))}
              error={wrong}
              autoFocus={asked === ''}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={60}
            />
            <Button type="submit">{words.show}</Button>
          </div>
          <FailureMessage text={wrong || (asked !== '' && id === null) ? words.invalid : null} />
        </form>
      </search>
      {id && <Story key={id} id={id} />}
    </Stack>
  );
}

/** An attempt where it is the id of one, else a login. */
function Story({ id }: { id: string }) {
  const isLogin = useRef(false);
  const read = useCallback(
    async (before: string | null, signal?: AbortSignal) => {
      if (before === null) {
        const page = await readStory({ correlationId: id }, null, signal);
        isLogin.current = page.items.length === 0;
        if (!isLogin.current) return page;
      }
      return readStory(isLogin.current ? { loginId: id } : { correlationId: id }, before, signal);
    },
    [id],
  );
  const pages = usePages(read);
  const { announce, announcement } = useAnnouncement();
  const login = pages.items?.[0]?.loginId;
  const refresh = async () => {
    await pages.reload();
    announce(operatorTexts.live.refreshed);
  };
  return (
    <>
      {pages.items?.length === 0 && <Text role="status">{words.none}</Text>}
      {login && (
        <div>
          <Text>{login === id ? words.ofLogin : words.ofAttempt}</Text>
          <Group gap="md">
            {login !== id && (
              <Link to={`/operator/stories?id=${login}`} className={classes.link}>
                {words.wholeLogin}
              </Link>
            )}
            <Link to={`/operator/deliveries?loginId=${login}`} className={classes.link}>
              {words.sends}
            </Link>
          </Group>
        </div>
      )}
      {pages.items?.length !== 0 && <Timeline pages={pages} onRefresh={refresh} onNews={announce} actors={words.actors} />}
      {announcement}
    </>
  );
}
