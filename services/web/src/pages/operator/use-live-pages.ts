import { useCallback, useRef, useState } from 'react';
import { useAction } from '../../components/use-action.ts';
import type { Page } from '../../components/use-pages.ts';
import { useLive } from './use-live.ts';

type LoadPage<Item> = (before: string | null, signal?: AbortSignal) => Promise<Page<Item>>;

/**
 * A list, newest first, whose first page is read again and again. When older ones were loaded it stands still: its first
 * page would go on, and what lies between would be missing. Reading it anew lets go of the older ones.
 */
export function useLivePages<Item>(load: LoadPage<Item>, everyMs: number) {
  const [older, setOlder] = useState<{ by: LoadPage<Item>; items: Item[]; next: string | null } | null>(null);
  const shownOlder = older?.by === load ? older : null;
  const live = useLive(useCallback((signal: AbortSignal) => load(null, signal), [load]), everyMs, shownOlder !== null);
  const more = useAction();
  const wanted = useRef(load);
  wanted.current = load;

  const next = shownOlder ? shownOlder.next : (live.data?.next ?? null);
  const items = live.data && [...live.data.items, ...(shownOlder?.items ?? [])];

  /** Adds the next page; gives how many came. */
  const loadMore = async (): Promise<number> => {
    if (!next) return 0;
    let came = 0;
    // The first page stands still from here on.
    setOlder({ by: load, items: shownOlder?.items ?? [], next });
    await more.run(async () => {
      const page = await load(next);
      if (wanted.current !== load) return;
      came = page.items.length;
      setOlder({ by: load, items: [...(shownOlder?.items ?? []), ...page.items], next: page.next });
    });
    return came;
  };
  const reload = async () => {
    await live.reload();
    setOlder(null);
  };
  return { items, hasMore: next !== null, held: shownOlder !== null, live, reload, more: { load: loadMore, busy: more.busy, failure: more.failure } };
}
