import { asFailure, type RequestFailed } from '@latchkey/client';
import { useCallback, useEffect, useRef, useState } from 'react';

export interface Live<Data> {
  /** What came last, also while the server is away. */
  data: Data | null;
  /** When it came, by this device's clock, in milliseconds. */
  at: number | null;
  /** Of the latest try. */
  failure: RequestFailed | null;
  everyMs: number;
  /** What is shown is what `load` was asked for, and not what another one was asked before. */
  current: boolean;
  reload: () => Promise<void>;
  /** Puts in place what an action answered; an answer that is on its way is older and counts for nothing. */
  replace: (data: Data) => void;
}

type Load<Data> = (signal: AbortSignal) => Promise<Data>;
interface Loaded<Data> {
  by: Load<Data>;
  data: Data;
  at: number;
}

/**
 * Reads again and again while the page can be seen: the next time a while after the answer of the one before, so that a
 * slow server is not asked more. `load` has to be the same function until something else is wanted.
 */
export function useLive<Data>(load: Load<Data>, everyMs: number, held = false): Live<Data> {
  const [loaded, setLoaded] = useState<Loaded<Data> | null>(null);
  const [failure, setFailure] = useState<RequestFailed | null>(null);
  const asking = useRef<AbortController>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const holds = useRef(held);
  holds.current = held;

  const reload = useCallback(async () => {
    clearTimeout(timer.current);
    asking.current?.abort();
    const mine = new AbortController();
    asking.current = mine;
    let waitMs = everyMs;
    try {
      const data = await load(mine.signal);
      if (mine.signal.aborted) return;
      setLoaded({ by: load, data, at: Date.now() });
      setFailure(null);
    } catch (error) {
      if (mine.signal.aborted) return;
      const failed = asFailure(error);
      setFailure(failed);
      waitMs = Math.max(everyMs, (failed.retryAfterSeconds ?? 0) * 1000);
    }
    timer.current = setTimeout(() => !holds.current && !document.hidden && void reload(), waitMs);
  }, [load, everyMs]);

  useEffect(() => {
    const look = () => void (!document.hidden && !holds.current && reload());
    setFailure(null);
    void reload();
    document.addEventListener('visibilitychange', look);
    addEventListener('online', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      removeEventListener('online', look);
      clearTimeout(timer.current);
      asking.current?.abort();
    };
  }, [reload]);

  const replace = useCallback(
    (data: Data) => {
      asking.current?.abort();
      clearTimeout(timer.current);
      setLoaded({ by: load, data, at: Date.now() });
      setFailure(null);
      timer.current = setTimeout(() => !holds.current && !document.hidden && void reload(), everyMs);
    },
    [load, everyMs, reload],
  );

  return { data: loaded?.data ?? null, at: loaded?.at ?? null, failure, everyMs, current: loaded?.by === load, reload, replace };
}
