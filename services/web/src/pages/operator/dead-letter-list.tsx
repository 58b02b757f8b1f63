import { Button, Checkbox, Group, Text } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { Section } from '../../components/section.tsx';
import { serverNow } from '../../api/server-clock.ts';
import { useLoad } from '../../components/use-load.ts';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { DeadLetterLine } from './dead-letter-line.tsx';
import { type DeadLetter, discard, type Handled, readDeadLetters, redrive } from './operator-api.ts';
import classes from './operator.module.css';
import { useConfirm } from './use-confirm.tsx';

const words = operatorTexts.dead;

interface DeadLetterListProps {
  queue: string;
  /** As the broker counted lately. */
  count: number;
}

/**
 * The dead letters of one queue, to give back or to throw away. To look is to take and to put back, so they are not
 * looked at again and again: only when another number of them lies there.
 */
export function DeadLetterList({ queue, count }: DeadLetterListProps) {
  const { data, failure, reload } = useLoad(useCallback(() => readDeadLetters(queue), [queue]));
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [result, setResult] = useState<{ text: string; number: number } | null>(null);
  const { ask, dialog } = useConfirm();

  const seen = useRef(count);
  useEffect(() => {
    if (seen.current === count) return;
    seen.current = count;
    void reload();
  }, [count, reload]);

  const letters = data?.letters ?? [];
  const chosen = letters.filter(({ id }) => marked.has(id));
  const mark = (ids: string[], on: boolean) =>
    setMarked((before) => {
      const next = new Set(before);
      for (const id of ids) {
        if (on) next.add(id);
        else next.delete(id);
      }
      return next;
    });
  const done = (kind: 'redrive' | 'discard', { handled, left, notFound }: Handled) => {
    const parts = [kind === 'redrive' ? words.redriven(handled, queue) : words.discarded(handled), words.left(left), notFound.length > 0 && words.notFound(notFound.length), kind === 'redrive' && handled > 0 && words.again];
    setResult((before) => ({ text: parts.filter(Boolean).join(' '), number: (before?.number ?? 0) + 1 }));
  };
  const handle = async (kind: 'redrive' | 'discard', of: DeadLetter[] | 'all') => {
    const ids = of === 'all' ? undefined : of.map(({ id }) => id);
    const handled = await (kind === 'redrive' ? redrive(queue, ids) : discard(queue, ids));
    setMarked(new Set());
    await reload();
    done(kind, handled);
  };
  const askTo = (kind: 'redrive' | 'discard', of: DeadLetter[] | 'all') => {
    const all = of === 'all';
    const many = all ? (data?.total ?? 0) : of.length;
    const expired = (all ? letters : of).filter(isExpired).length;
    ask(
      kind === 'redrive'
        ? { title: words.redriveTitle(many), text: words.redriveText(many, queue, all, expired), action: words.redrive, onConfirm: () => handle(kind, of) }
        : { title: words.discardTitle(many), text: words.discardText(many, queue, all), action: words.discard, onConfirm: () => handle(kind, of) },
    );
  };

  return (
    <>
      {result && <Result key={result.number} text={result.text} />}
      <Section title={queue}>
        {failure ? <LoadFailed failure={failure} onRetry={reload} /> : !data && <Loading />}
        {data && data.total === 0 && <Text c="dimmed">{words.none(queue)}</Text>}
        {data && data.total > 0 && (
          <>
            <Text c="dimmed">{words.shown(letters.length, data.total)}</Text>
            <Group gap="xs" mt="sm">
              <Button size="sm" variant="default" onClick={() => askTo('redrive', 'all')}>
                {words.redriveAll}
              </Button>
              <Button size="sm" variant="default" onClick={() => askTo('discard', 'all')}>
                {words.discardAll}
              </Button>
            </Group>
            <Group gap="xs" mt="md">
              <Checkbox
                label={words.chooseAll}
                checked={chosen.length === letters.length}
                indeterminate={chosen.length > 0 && chosen.length < letters.length}
                onChange={(event) => mark(letters.map(({ id }) => id), event.currentTarget.checked)}
              />
              <Text span c="dimmed" size="sm" role="status">
                {words.chosen(chosen.length)}
              </Text>
              <Button size="sm" variant="default" disabled={chosen.length === 0} onClick={() => askTo('redrive', chosen)}>
                {words.redrive}
              </Button>
              <Button size="sm" variant="default" disabled={chosen.length === 0} onClick={() => askTo('discard', chosen)}>
                {words.discard}
              </Button>
            </Group>
            <ul className={classes.list}>
              {letters.map((letter, index) => (
                // One that is there twice has the same id.
                <li key={`${letter.id} ${index}`} className={classes.item}>
                  <DeadLetterLine letter={letter} marked={marked.has(letter.id)} expired={isExpired(letter)} onMark={(on) => mark([letter.id], on)} />
                </li>
              ))}
            </ul>
          </>
        )}
      </Section>
      {dialog}
    </>
  );
}

const isExpired = ({ expiresAt }: DeadLetter) => expiresAt !== null && Date.parse(expiresAt) <= serverNow();

/** What became of them; takes the focus, since the button that did it may be gone with them. */
function Result({ text }: { text: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // After the dialog has given the focus back.
    const timer = setTimeout(() => place.current?.focus(), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div ref={place} tabIndex={-1} role="status" className={`card ${classes.result}`}>
      {text}
    </div>
  );
}
