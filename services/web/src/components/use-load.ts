import { useCallback, useEffect, useState } from 'react';
import { asFailure, type RequestFailed } from '@latchkey/client';

interface Loaded<Data> {
  data: Data | null;
  failure: RequestFailed | null;
  reload: () => Promise<void>;
  /** Puts in place what another call answered. */
  replace: (data: Data) => void;
}

/** Loads what a page shows when it arrives. `load` has to be the same function at every rendering. */
export function useLoad<Data>(load: () => Promise<Data>): Loaded<Data> {
  const [data, setData] = useState<Data | null>(null);
  const [failure, setFailure] = useState<RequestFailed | null>(null);

  const reload = useCallback(async () => {
    try {
      setData(await load());
      setFailure(null);
    } catch (error) {
      setFailure(asFailure(error));
    }
  }, [load]);
  useEffect(() => void reload(), [reload]);

  return { data, failure, reload, replace: setData };
}
