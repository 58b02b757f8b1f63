import { Button } from '@mantine/core';
import type { RefObject } from 'react';
import { FailureMessage } from './failure-message.tsx';
import type { usePages } from './use-pages.ts';

interface ShowMoreProps {
  pages: Pick<ReturnType<typeof usePages>, 'hasMore' | 'more' | 'items'>;
  list: RefObject<HTMLElement | null>;
  name: string;
  onLoaded?: (count: number) => void;
}

/** Adds the next page to a list and leads on to the first item of it: the keyboard goes on where reading does. */
export function ShowMore({ pages: { hasMore, more }, list, name, onLoaded }: ShowMoreProps) {
  const load = async () => {
    const before = list.current?.children.length ?? 0;
    const came = await more.load();
    if (came === 0) return;
    onLoaded?.(came);
    // Once they are on the page.
    setTimeout(() => {
      const first = list.current?.children[before];
      (first?.querySelector<HTMLElement>('a, button') ?? (first as HTMLElement | undefined))?.focus();
    });
  };
  return (
    <>
      {hasMore && (
        <Button variant="default" mt="md" onClick={load} loading={more.busy}>
          {name}
        </Button>
      )}
      {more.failure && <FailureMessage failure={more.failure} />}
    </>
  );
}
