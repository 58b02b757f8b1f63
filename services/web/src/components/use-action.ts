import { useRef, useState } from 'react';
import { asFailure, type RequestFailed } from '@latchkey/client';

/** One thing at a time that a person started: whether it runs, and how it failed. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<RequestFailed | null>(null);
  const running = useRef(false);

  /** Runs it unless another one runs; true when it succeeded. */
  const run = async (action: () => Promise<unknown>, onFailure?: (failure: RequestFailed) => boolean | void) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setFailure(null);
    try {
      await action();
      return true;
    } catch (error) {
      const failed = asFailure(error);
      // What the caller has dealt with is not shown as a failure.
      if (!onFailure?.(failed)) setFailure(failed);
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, failure, run, clear: () => setFailure(null) };
}
