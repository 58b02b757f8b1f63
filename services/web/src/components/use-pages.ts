import { useCallback, useEffect, useRef, useState } from 'react';
import { asFailure, type RequestFailed } from '@latchkey/client';
import { useAction } from './use-action.ts';

/** One page of a list; `next` asks for the one after it. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

type LoadPage<Item> = (after: string | null, signal?: AbortSignal) => Promise<Page<Item>>;
interface Loaded<Item> {
  by: LoadPage<Item>;
  items: Item[];
  next: string | null;
}

/**
 * A list that comes page by page. `load` has to be the same function until another list is wanted; the old one stays
 * until the new one is there, and an answer that comes too late counts for nothing.
 */
export function usePages<Item>(load: LoadPage<Item>) {
  const [loaded, setLoaded] = useState<Loaded<Item> | null>(null);
  const [failed, setFailed] = useState<{ by: LoadPage<Item>; failure: RequestFailed } | null>(null);
  const wanted = useRef(new AbortController());
  const more = useAction();

  const reload = useCallback(async () => {
    wanted.current.abort();
    const asking = new AbortController();
    wanted.current = asking;
    try {
      const page = await load(null, asking.signal);
      if (asking.signal.aborted) return;
      setLoaded({ by: load, ...page });
      setFailed(null);
    } catch (error) {
      if (!asking.signal.aborted) setFailed({ by: load, failure: asFailure(error) });
    }
  }, [load]);
  useEffect(() => {
    void reload();
    return () => wanted.current.abort();
  }, [reload]);

  /** Adds the next page; gives how many came. */
  const loadMore = async (): Promise<number> => {
    if (!loaded?.next) return 0;
    let came = 0;
    const { next } = loaded;
    const { signal } = wanted.current;
    await more.run(async () => {
      const page = await load(next);
      if (signal.aborted) return;
      came = page.items.length;
      setLoaded({ by: load, items: [...loaded.items, ...page.items], next: page.next });
    });
    return came;
  };

  const failure = failed?.by === load ? failed.failure : null;
  return {
    items: loaded?.items ?? null,
    hasMore: Boolean(loaded?.next),
    /** What is shown is what was asked for last. */
    current: loaded?.by === load && !failure,
    failure,
    reload,
    more: { load: loadMore, busy: more.busy, failure: more.failure },
  };
}
